// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/create_workspace_dialog.hpp"

#include <QButtonGroup>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/core/server_connection.hpp"
#include "client/desktop/owner_choice.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/template_icons.hpp"
#include "client/desktop/template_list.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

using client::WorkspaceCreation;

QLabel* label_of(const QString& text, QWidget* buddy) {
  auto* label = new QLabel(text);
  label->setBuddy(buddy);
  return label;
}

QLabel* hint_of(const QString& text) {
  auto* label = new QLabel(text);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  label->setProperty("role", QStringLiteral("muted"));
  return label;
}

}  // namespace

CreateWorkspaceDialog::CreateWorkspaceDialog(client::ServerConnection* server, QWidget* parent)
    : QDialog(parent),
      server_(server),
      form_(new QWidget),
      name_(new QLineEdit),
      owner_(new OwnerChoice),
      templates_(new TemplateList),
      git_(new QLineEdit),
      archive_(new QLineEdit),
      folder_(new QLineEdit),
      pages_(new QStackedWidget),
      problem_(new QLabel),
      cancel_(new QPushButton(tr("Cancel"))),
      create_(new QPushButton(tr("Create"))) {
  setWindowTitle(tr("New Workspace"));
  setObjectName(QStringLiteral("createWorkspace"));
  resize(500, 600);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(22, 20, 22, 18);
  layout->setSpacing(10);
  auto* title = new QLabel(tr("New workspace"));
  title->setProperty("role", QStringLiteral("title"));
  layout->addWidget(title);
  layout->addSpacing(2);
  auto* form = new QVBoxLayout(form_);
  form->setContentsMargins(0, 0, 0, 0);
  form->setSpacing(10);
  form->addWidget(makeSources());
  form->addWidget(label_of(tr("Name"), name_));
  name_->setMaxLength(80);
  name_->setObjectName(QStringLiteral("workspaceName"));
  connect(name_, &QLineEdit::textEdited, this, [this] { named_ = true; });
  form->addWidget(name_);
  form->addWidget(owner_);
  connect(owner_, &OwnerChoice::chosen, this, &CreateWorkspaceDialog::showOwner);
  form->addSpacing(4);
  for (const auto source : {Source::from_template, Source::git, Source::archive, Source::folder})
    pages_->addWidget(makePage(source));
  form->addWidget(pages_, 1);
  layout->addWidget(form_, 1);
  layout->addWidget(makeProgress());
  problem_->setObjectName(QStringLiteral("createProblem"));
  problem_->setProperty("role", QStringLiteral("error"));
  problem_->setWordWrap(true);
  problem_->setTextFormat(Qt::PlainText);
  problem_->hide();
  layout->addWidget(problem_);
  auto* buttons = new QHBoxLayout;
  buttons->addStretch();
  cancel_->setObjectName(QStringLiteral("cancel"));
  cancel_->setAutoDefault(false);
  connect(cancel_, &QPushButton::clicked, this, [this] { creation_ ? creation_->cancel() : reject(); });
  buttons->addWidget(cancel_);
  create_->setProperty("primary", true);
  create_->setDefault(true);
  create_->setObjectName(QStringLiteral("create"));
  connect(create_, &QPushButton::clicked, this, &CreateWorkspaceDialog::create);
  buttons->addWidget(create_);
  layout->addLayout(buttons);
  setSource(Source::from_template);
  askForTeams();
  server_->listTemplates(this, [this](Result<client::rest::ListTemplates::Result> answer) {
    if (!answer) return showProblem(sentence(answer.error()));
    templates_->show(answer->templates);
    // They came last, but stand between the name and the buttons.
    if (const auto rows = templates_->rows(); !rows.isEmpty()) {
      setTabOrder(name_, rows.constFirst());
      setTabOrder(rows.constLast(), cancel_);
      setTabOrder(cancel_, create_);
    }
    name_->setFocus();
  });
}

void CreateWorkspaceDialog::askForTeams() {
  // Without an answer everything is this person's own, as it is on a server without teams.
  server_->listTeams(this, [this](Result<client::rest::ListTeams::Result> answer) {
    if (!answer) return;
    has_teams_ = std::ranges::any_of(answer->teams, may_make_in);
    owner_->setTeams(answer->teams);
    showOwner();
  });
}

/// What the chosen owner has to begin with.
void CreateWorkspaceDialog::showOwner() {
  owner_->setVisible(has_teams_);
  const auto team = owner_->team();
  templates_->showTeam({}, {});
  if (team.isEmpty()) return;
  server_->listTeamTemplates(team, this,
                             [this, team](Result<client::rest::ListTeamTemplates::Result> answer) {
                               if (team != owner_->team()) return;
                               if (!answer) return showProblem(sentence(answer.error()));
                               templates_->showTeam(owner_->teamName(), answer->templates);
                             });
}

CreateWorkspaceDialog::~CreateWorkspaceDialog() {
  if (!creation_) return;
  creation_->disconnect(this);
  creation_->cancel();
}

QWidget* CreateWorkspaceDialog::makeSources() {
  auto* strip = new QWidget;
  auto* row = new QHBoxLayout(strip);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4);
  auto* either = new QButtonGroup(this);
  for (const auto& [source, text, icon] : {std::tuple(Source::from_template, tr("Template"), "document-new"),
                                           std::tuple(Source::git, tr("Git Repository"), "vcs-branch"),
                                           std::tuple(Source::archive, tr("Archive"), "archive-insert"),
                                           std::tuple(Source::folder, tr("Folder"), "folder-new")}) {
    auto* button = new QToolButton;
    button->setObjectName(QStringLiteral("source"));
    button->setText(text);
    button->setIcon(Theme::icon(QLatin1String(icon)));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setCheckable(true);
    button->setFocusPolicy(Qt::StrongFocus);
    connect(button, &QToolButton::clicked, this, [this, source] { setSource(source); });
    either->addButton(button);
    row->addWidget(button);
    source_buttons_.append(button);
  }
  row->addStretch();
  return strip;
}

QWidget* CreateWorkspaceDialog::makePage(Source source) {
  if (source == Source::from_template) {
    connect(templates_, &TemplateList::chosenChanged, this, [this] {
      offerName();
      refreshButtons();
    });
    connect(templates_, &TemplateList::activated, this, &CreateWorkspaceDialog::create);
    return templates_;
  }
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  auto* field = source == Source::git ? git_ : source == Source::archive ? archive_ : folder_;
  const auto label = source == Source::git       ? tr("Repository")
                     : source == Source::archive ? tr("Archive (zip, tar, tar.gz, tar.xz, tar.zst)")
                                                 : tr("Folder on this machine");
  column->addWidget(label_of(label, field));
  connect(field, &QLineEdit::textChanged, this, [this] {
    offerName();
    refreshButtons();
  });
  auto* row = new QHBoxLayout;
  row->addWidget(field, 1);
  column->addLayout(row);
  if (source == Source::git) {
    field->setObjectName(QStringLiteral("gitUrl"));
    field->setMaxLength(2'000);
    field->setPlaceholderText(QStringLiteral("https://example.org/people/project.git"));
    column->addWidget(hint_of(tr(
        "It is cloned inside the workspace, whose window shows how far it is. A repository that asks for a "
        "password is better cloned in a terminal, into an empty workspace.")));
  } else {
    field->setObjectName(source == Source::archive ? QStringLiteral("archivePath")
                                                   : QStringLiteral("folderPath"));
    auto* choose = new QPushButton(tr("Choose…"));
    choose->setAutoDefault(false);
    connect(choose, &QPushButton::clicked, this, &CreateWorkspaceDialog::browse);
    row->addWidget(choose);
    column->addWidget(
        hint_of(source == Source::archive
                    ? tr("It is uploaded and unpacked inside the workspace, as its project.")
                    : tr("All that is in it, hidden files too, is packed and uploaded as the project. Links "
                         "stay links.")));
  }
  column->addStretch();
  return page;
}

QWidget* CreateWorkspaceDialog::makeProgress() {
  progress_ = new QWidget;
  auto* column = new QVBoxLayout(progress_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  progress_text_ = hint_of({});
  progress_text_->setObjectName(QStringLiteral("progressText"));
  progress_bar_ = new QProgressBar;
  progress_bar_->setTextVisible(false);
  progress_bar_->setAccessibleName(tr("Progress"));
  column->addWidget(progress_text_);
  column->addWidget(progress_bar_);
  progress_->hide();
  return progress_;
}

QLineEdit* CreateWorkspaceDialog::field() const {
  switch (source_) {
    case Source::git:
      return git_;
    case Source::archive:
      return archive_;
    case Source::folder:
      return folder_;
    case Source::from_template:
      break;
  }
  return name_;
}

void CreateWorkspaceDialog::setSource(Source source) {
  source_ = source;
  const auto at = static_cast<int>(source);
  pages_->setCurrentIndex(at);
  source_buttons_[at]->setChecked(true);
  showProblem({});
  offerName();
  refreshButtons();
  field()->setFocus();
}

void CreateWorkspaceDialog::offerName() {
  if (named_) return;
  if (source_ != Source::from_template) return name_->setText(client::name_of_source(field()->text()));
  if (templates_->chosen().isEmpty()) return;
  const auto* shared = templates_->chosenOfTeam();
  name_->setText(shared ? QString::fromStdString(shared->name)
                        : tr("My %1 workspace").arg(template_name(templates_->chosen())));
  name_->selectAll();
}

void CreateWorkspaceDialog::refreshButtons() {
  const bool ready = source_ == Source::from_template ? !templates_->chosen().isEmpty()
                                                      : !field()->text().trimmed().isEmpty();
  create_->setEnabled(ready && !creation_);
}

void CreateWorkspaceDialog::browse() {
  const bool folder = source_ == Source::folder;
  auto* dialog = new QFileDialog(this, folder ? tr("Choose a Folder") : tr("Choose an Archive"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(folder ? QFileDialog::Directory : QFileDialog::ExistingFile);
  if (!folder)
    dialog->setNameFilters(
        {tr("Archives (*.zip *.tar *.tar.gz *.tgz *.tar.xz *.txz *.tar.zst *.tzst)"), tr("All files (*)")});
  connect(dialog, &QFileDialog::fileSelected, field(), &QLineEdit::setText);
  dialog->open();
}

void CreateWorkspaceDialog::create() {
  if (creation_) return;
  const auto name = name_->text().trimmed();
  if (name.isEmpty()) return showProblem(tr("Give the workspace a name."));
  showProblem({});
  creation_ = new WorkspaceCreation(server_);
  connect(creation_, &WorkspaceCreation::changed, this, &CreateWorkspaceDialog::follow);
  connect(creation_, &WorkspaceCreation::finished, this, &CreateWorkspaceDialog::ended);
  const auto text = field()->text().trimmed();
  form_->setEnabled(false);
  create_->setText(tr("Creating…"));
  create_->setEnabled(false);
  cancel_->setFocus();
  progress_->show();
  creation_->setTeam(owner_->team());
  switch (source_) {
    case Source::from_template:
      if (const auto* shared = templates_->chosenOfTeam()) return creation_->fromTeamTemplate(name, *shared);
      return creation_->fromTemplate(name, templates_->chosen());
    case Source::git:
      return creation_->fromGit(name, text);
    case Source::archive:
      return creation_->fromArchive(name, text);
    case Source::folder:
      return creation_->fromFolder(name, text);
  }
}

void CreateWorkspaceDialog::follow() {
  const auto size = [](qint64 bytes) { return QLocale().formattedDataSize(bytes); };
  const auto bytes = creation_->bytes();
  const auto all = creation_->size();
  const bool packing = creation_->step() == WorkspaceCreation::Step::packing;
  if (creation_->step() == WorkspaceCreation::Step::creating) {
    progress_text_->setText(source_ == Source::from_template ? tr("Making the workspace…")
                            : source_ == Source::git
                                ? tr("Starting the workspace, in which the repository is cloned then…")
                                : tr("Starting the workspace and unpacking…"));
    return progress_bar_->setRange(0, 0);
  }
  progress_text_->setText(all == 0  ? tr("Counting the files…")
                          : packing ? tr("Packing: %1 of %2").arg(size(bytes), size(all))
                                    : tr("Uploading: %1 of %2").arg(size(bytes), size(all)));
  progress_bar_->setRange(0, all == 0 ? 0 : 1000);
  if (all > 0) progress_bar_->setValue(static_cast<int>(bytes * 1000 / all));
}

void CreateWorkspaceDialog::ended() {
  const auto creation = std::exchange(creation_, nullptr);
  progress_->hide();
  form_->setEnabled(true);
  create_->setText(tr("Create"));
  refreshButtons();
  field()->setFocus();
  if (creation->step() == WorkspaceCreation::Step::failed)
    return showProblem(sentence({ErrorCode::internal, creation->problem().toStdString()}));
  if (creation->step() != WorkspaceCreation::Step::done) return;
  Q_EMIT created(*creation->workspace());
  accept();
}

void CreateWorkspaceDialog::reject() {
  if (creation_) {
    creation_->disconnect(this);
    creation_->cancel();
    creation_ = nullptr;
  }
  QDialog::reject();
}

void CreateWorkspaceDialog::showProblem(const QString& text) {
  problem_->setText(text);
  problem_->setVisible(!text.isEmpty());
}

}  // namespace berth::desktop
