// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_profiles_dialog.hpp"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "client/desktop/theme.hpp"

namespace berth::desktop {

QMap<QString, QString> variables_in(const QString& text, QStringList* wrong) {
  static const QRegularExpression name(QStringLiteral("^[A-Za-z_][A-Za-z0-9_]*$"),
                                       QRegularExpression::DontCaptureOption);
  QMap<QString, QString> variables;
  for (const auto& line : text.split(u'\n')) {
    if (line.trimmed().isEmpty()) continue;
    const auto at = line.indexOf(u'=');
    const auto variable = line.left(std::max<qsizetype>(0, at)).trimmed();
    if (name.match(variable).hasMatch())
      variables[variable] = line.sliced(at + 1).trimmed();
    else if (wrong)
      wrong->append(line.trimmed().left(40));
  }
  return variables;
}

TerminalProfilesDialog::TerminalProfilesDialog(const QStringList& programs, QWidget* parent)
    : QDialog(parent),
      programs_(programs),
      own_(TerminalProfiles::own()),
      usual_(TerminalProfiles::usual(programs).name),
      list_(new QListWidget),
      remove_(new QToolButton),
      form_(new QWidget),
      name_(new QLineEdit),
      command_(new QLineEdit),
      folder_(new QLineEdit),
      environment_(new QPlainTextEdit),
      icon_(new QComboBox),
      colour_(new QComboBox),
      usual_choice_(new QComboBox),
      problem_(new QLabel) {
  setObjectName(QStringLiteral("terminalProfiles"));
  setWindowTitle(tr("Terminal Profiles"));
  auto* column = new QVBoxLayout(this);
  column->setSpacing(12);
  auto* sides = new QHBoxLayout;
  sides->setSpacing(14);
  sides->addWidget(makeList(), 2);
  sides->addWidget(makeForm(), 3);
  column->addLayout(sides, 1);
  auto* usual = new QFormLayout;
  usual_choice_->setObjectName(QStringLiteral("usualProfile"));
  usual->addRow(tr("New terminals begin with"), usual_choice_);
  column->addLayout(usual);
  problem_->setTextFormat(Qt::PlainText);
  problem_->setWordWrap(true);
  problem_->setProperty("role", QStringLiteral("muted"));
  problem_->hide();
  column->addWidget(problem_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel);
  connect(buttons, &QDialogButtonBox::accepted, this, &TerminalProfilesDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  column->addWidget(buttons);
  connect(usual_choice_, &QComboBox::activated, this, [this] { usual_ = usual_choice_->currentText(); });
  resize(680, 460);
  fillList(0);
}

QWidget* TerminalProfilesDialog::makeList() {
  auto* side = new QWidget;
  auto* column = new QVBoxLayout(side);
  column->setContentsMargins(0, 0, 0, 0);
  list_->setAccessibleName(tr("Your profiles"));
  column->addWidget(list_, 1);
  auto* row = new QHBoxLayout;
  const auto tool = [&](QToolButton* button, const char* icon, const QString& tip, const char* name,
                        auto run) {
    button->setIcon(Theme::icon(QLatin1String(icon)));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setObjectName(QLatin1String(name));
    button->setAutoRaise(true);
    connect(button, &QToolButton::clicked, this, run);
    row->addWidget(button);
  };
  tool(new QToolButton, "list-add", tr("New profile"), "addProfile",
       [this] { addProfile({.name = tr("New Profile")}); });
  tool(new QToolButton, "edit-copy", tr("A copy of this one"), "copyProfile", [this] {
    if (const int at = list_->currentRow(); at >= 0 && at < own_.size()) addProfile(own_[at]);
  });
  tool(remove_, "list-remove", tr("Remove"), "removeProfile", [this] { removeProfile(); });
  row->addStretch(1);
  column->addLayout(row);
  connect(list_, &QListWidget::currentRowChanged, this, &TerminalProfilesDialog::fillForm);
  return side;
}

QWidget* TerminalProfilesDialog::makeForm() {
  auto* rows = new QFormLayout(form_);
  rows->setContentsMargins(0, 0, 0, 0);
  name_->setObjectName(QStringLiteral("profileName"));
  command_->setObjectName(QStringLiteral("profileCommand"));
  command_->setPlaceholderText(tr("the login shell"));
  folder_->setObjectName(QStringLiteral("profileFolder"));
  folder_->setPlaceholderText(tr("where the terminal beside it is"));
  environment_->setObjectName(QStringLiteral("profileEnvironment"));
  environment_->setPlaceholderText(tr("NAME=value, one a line"));
  environment_->setTabChangesFocus(true);
  environment_->setFont(Theme::instance()->codeFont());
  for (const auto& icon : TerminalProfiles::icons()) icon_->addItem(Theme::icon(icon), QString(), icon);
  const QStringList icon_names{tr("Shell"),   tr("Code"),     tr("Function"), tr("Run"),  tr("Server"),
                               tr("Network"), tr("Document"), tr("Internet"), tr("Panes")};
  for (int i = 0; i < icon_->count(); ++i) icon_->setItemText(i, icon_names.value(i));
  colour_->addItem(TerminalProfiles::colourName({}), QString());
  for (const auto& colour : TerminalProfiles::colours())
    colour_->addItem(TerminalProfiles::icon({.name = {}, .colour = colour}),
                     TerminalProfiles::colourName(colour), colour);
  rows->addRow(tr("&Name"), name_);
  rows->addRow(tr("&Command"), command_);
  rows->addRow(tr("&Folder below home"), folder_);
  rows->addRow(tr("&Variables"), environment_);
  rows->addRow(tr("&Icon"), icon_);
  rows->addRow(tr("C&olour"), colour_);
  for (auto* field : {name_, command_, folder_})
    connect(field, &QLineEdit::textEdited, this, &TerminalProfilesDialog::take);
  connect(environment_, &QPlainTextEdit::textChanged, this, &TerminalProfilesDialog::take);
  for (auto* choice : {icon_, colour_})
    connect(choice, &QComboBox::activated, this, &TerminalProfilesDialog::take);
  return form_;
}

void TerminalProfilesDialog::fillList(int row) {
  filling_ = true;
  list_->clear();
  for (const auto& profile : own_) new QListWidgetItem(TerminalProfiles::icon(profile), profile.name, list_);
  list_->setCurrentRow(std::clamp(row, 0, std::max(0, static_cast<int>(own_.size()) - 1)));
  usual_choice_->clear();
  QStringList names;
  for (const auto& profile : own_) names.append(profile.name);
  for (const auto& profile : TerminalProfiles::builtIn(programs_))
    if (!names.contains(profile.name)) names.append(profile.name);
  usual_choice_->addItems(names);
  usual_choice_->setCurrentIndex(static_cast<int>(std::max<qsizetype>(0, names.indexOf(usual_))));
  filling_ = false;
  fillForm();
}

void TerminalProfilesDialog::fillForm() {
  if (filling_) return;
  const int at = list_->currentRow();
  const bool one = at >= 0 && at < own_.size();
  form_->setEnabled(one);
  remove_->setEnabled(one);
  filling_ = true;
  const auto profile = one ? own_[at] : TerminalProfile{};
  name_->setText(profile.name);
  command_->setText(profile.command);
  folder_->setText(profile.folder);
  QStringList variables;
  for (auto variable = profile.environment.begin(); variable != profile.environment.end(); ++variable)
    variables.append(variable.key() + u'=' + variable.value());
  environment_->setPlainText(variables.join(u'\n'));
  icon_->setCurrentIndex(std::max(0, icon_->findData(profile.icon)));
  colour_->setCurrentIndex(std::max(0, colour_->findData(profile.colour)));
  filling_ = false;
}

/// What the form says becomes the profile's.
void TerminalProfilesDialog::take() {
  const int at = list_->currentRow();
  if (filling_ || at < 0 || at >= own_.size()) return;
  auto& profile = own_[at];
  const bool was_usual = profile.name == usual_;
  QStringList wrong;
  profile = {name_->text(),
             command_->text(),
             folder_->text(),
             variables_in(environment_->toPlainText(), &wrong),
             icon_->currentData().toString(),
             colour_->currentData().toString()};
  if (was_usual) usual_ = profile.name;
  problem_->setVisible(!wrong.isEmpty());
  problem_->setText(tr("Not a variable: %1").arg(wrong.value(0)));
  auto* item = list_->item(at);
  item->setText(profile.name);
  item->setIcon(TerminalProfiles::icon(profile));
  if (const int choice = at; choice < usual_choice_->count())
    usual_choice_->setItemText(choice, profile.name);
}

void TerminalProfilesDialog::addProfile(TerminalProfile profile) {
  if (own_.size() >= TerminalProfiles::most) return;
  const auto base = profile.name;
  for (int i = 2; std::ranges::contains(own_, profile.name, &TerminalProfile::name); ++i)
    profile.name = QStringLiteral("%1 %2").arg(base).arg(i);
  own_.append(std::move(profile));
  fillList(static_cast<int>(own_.size()) - 1);
  name_->setFocus();
  name_->selectAll();
}

void TerminalProfilesDialog::removeProfile() {
  const int at = list_->currentRow();
  if (at < 0 || at >= own_.size()) return;
  own_.removeAt(at);
  fillList(at);
}

void TerminalProfilesDialog::accept() {
  for (int at = 0; at < own_.size(); ++at) {
    if (!own_[at].name.trimmed().isEmpty()) continue;
    list_->setCurrentRow(at);
    problem_->setText(tr("A profile needs a name."));
    problem_->show();
    return name_->setFocus();
  }
  TerminalProfiles::setOwn(own_);
  TerminalProfiles::chooseUsual(usual_);
  QDialog::accept();
}

}  // namespace berth::desktop
