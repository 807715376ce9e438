// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/create_workspace_dialog.hpp"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>

#include "client/core/server_connection.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/template_icons.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

CreateWorkspaceDialog::CreateWorkspaceDialog(client::ServerConnection* server, QWidget* parent)
    : QDialog(parent),
      server_(server),
      name_(new QLineEdit),
      rows_(new QVBoxLayout),
      problem_(new QLabel),
      cancel_(new QPushButton(tr("Cancel"))),
      create_(new QPushButton(tr("Create"))) {
  setWindowTitle(tr("New Workspace"));
  setObjectName(QStringLiteral("createWorkspace"));
  resize(480, 560);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(22, 20, 22, 18);
  layout->setSpacing(10);
  auto* title = new QLabel(tr("New workspace"));
  title->setProperty("role", QStringLiteral("title"));
  layout->addWidget(title);
  layout->addSpacing(2);
  auto* label = new QLabel(tr("Name"));
  label->setBuddy(name_);
  layout->addWidget(label);
  name_->setMaxLength(80);
  name_->setObjectName(QStringLiteral("workspaceName"));
  connect(name_, &QLineEdit::textEdited, this, [this] { named_ = true; });
  layout->addWidget(name_);
  layout->addSpacing(4);
  layout->addWidget(new QLabel(tr("Template")));
  auto* inner = new QWidget;
  rows_->setContentsMargins(0, 0, 0, 0);
  rows_->setSpacing(8);
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(0, 0, 2, 0);
  column->addLayout(rows_);
  column->addStretch();
  auto* scroll = new QScrollArea;
  scroll->setWidget(inner);
  scroll->setWidgetResizable(true);
  scroll->setFocusPolicy(Qt::NoFocus);  // its rows have the focus
  layout->addWidget(scroll, 1);
  problem_->setProperty("role", QStringLiteral("error"));
  problem_->setWordWrap(true);
  problem_->setTextFormat(Qt::PlainText);
  problem_->hide();
  layout->addWidget(problem_);
  auto* buttons = new QHBoxLayout;
  buttons->addStretch();
  connect(cancel_, &QPushButton::clicked, this, &QDialog::reject);
  buttons->addWidget(cancel_);
  create_->setProperty("primary", true);
  create_->setDefault(true);
  create_->setEnabled(false);
  create_->setObjectName(QStringLiteral("create"));
  connect(create_, &QPushButton::clicked, this, &CreateWorkspaceDialog::create);
  buttons->addWidget(create_);
  layout->addLayout(buttons);
  server_->listTemplates(this, [this](Result<client::rest::ListTemplates::Result> answer) {
    answer ? showTemplates(answer->templates) : fail(sentence(answer.error()));
  });
}

void CreateWorkspaceDialog::showTemplates(const std::vector<protocol::rest::Template>& templates) {
  for (const auto& item : templates) {
    auto* row = new QFrame;
    row->setObjectName(QStringLiteral("templateRow"));
    row->setFocusPolicy(Qt::StrongFocus);
    row->setProperty("template", QString::fromStdString(item.id));
    row->setAccessibleName(QString::fromStdString(item.name));
    row->installEventFilter(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(14, 10, 14, 10);
    layout->setSpacing(12);
    auto* icon = new QLabel;
    icon->setPixmap(template_icon(QString::fromStdString(item.id)).pixmap(30, 30));
    layout->addWidget(icon);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(1);
    auto* name = new QLabel(QString::fromStdString(item.name));
    name->setTextFormat(Qt::PlainText);
    name->setFont(Theme::instance()->uiFont(1, QFont::DemiBold));
    auto* description = new QLabel(QString::fromStdString(item.description));
    description->setTextFormat(Qt::PlainText);
    description->setWordWrap(true);
    description->setProperty("role", QStringLiteral("muted"));
    texts->addWidget(name);
    texts->addWidget(description);
    layout->addLayout(texts, 1);
    rows_->addWidget(row);
  }
  // They came last, but stand between the name and the buttons.
  QWidget* before = name_;
  for (auto* row : findChildren<QFrame*>(QStringLiteral("templateRow"))) {
    setTabOrder(before, row);
    before = row;
  }
  setTabOrder(before, cancel_);
  setTabOrder(cancel_, create_);
  if (!templates.empty()) choose(QString::fromStdString(templates.front().id));
  name_->setFocus();
}

void CreateWorkspaceDialog::choose(const QString& id) {
  chosen_ = id;
  for (auto* row : findChildren<QFrame*>(QStringLiteral("templateRow"))) {
    row->setProperty("chosen", row->property("template").toString() == id);
    row->style()->unpolish(row);
    row->style()->polish(row);
  }
  create_->setEnabled(!id.isEmpty());
  if (!named_) {
    name_->setText(tr("My %1 workspace").arg(template_name(id)));
    name_->selectAll();
  }
}

bool CreateWorkspaceDialog::eventFilter(QObject* watched, QEvent* event) {
  const bool pressed = event->type() == QEvent::MouseButtonPress;
  const auto key = event->type() == QEvent::KeyPress ? static_cast<QKeyEvent*>(event)->key() : 0;
  if (pressed || key == Qt::Key_Space) {
    choose(watched->property("template").toString());
    return true;
  }
  if (key == Qt::Key_Down || key == Qt::Key_Up) {
    const auto rows = findChildren<QFrame*>(QStringLiteral("templateRow"));
    const auto at = rows.indexOf(static_cast<QFrame*>(watched)) + (key == Qt::Key_Down ? 1 : -1);
    if (auto* row = rows.value(at)) {
      row->setFocus();
      choose(row->property("template").toString());
    }
    return true;
  }
  if (event->type() == QEvent::MouseButtonDblClick) {
    create();
    return true;
  }
  return QDialog::eventFilter(watched, event);
}

void CreateWorkspaceDialog::create() {
  const auto name = name_->text().trimmed();
  if (name.isEmpty()) return fail(tr("Give the workspace a name."));
  create_->setEnabled(false);
  create_->setText(tr("Creating…"));
  server_->createWorkspace({name.toStdString(), chosen_.toStdString(), {}}, this,
                           [this](Result<client::rest::Workspace> answer) {
                             create_->setEnabled(true);
                             create_->setText(tr("Create"));
                             if (!answer) return fail(sentence(answer.error()));
                             Q_EMIT created(*answer);
                             accept();
                           });
}

void CreateWorkspaceDialog::fail(const QString& text) {
  problem_->setText(text);
  problem_->show();
}

}  // namespace berth::desktop
