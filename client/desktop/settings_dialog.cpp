// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/settings_dialog.hpp"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "client/desktop/editor_look.hpp"
#include "client/desktop/keys_dialog.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/restart_request.hpp"
#include "client/desktop/settings_json.hpp"
#include "client/desktop/settings_rows.hpp"
#include "client/desktop/translation.hpp"

namespace berth::desktop {

SettingsDialog::SettingsDialog(QWidget* parent)
    : QDialog(parent),
      find_(new QLineEdit),
      groups_(new QListWidget),
      rows_(new SettingsRows),
      json_(new SettingsJson),
      parts_(new QTabWidget),
      bar_(new MessageBar) {
  setObjectName(QStringLiteral("settingsDialog"));
  setWindowTitle(tr("Settings"));
  resize(820, 680);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(22, 18, 22, 18);
  column->setSpacing(10);
  auto* head = new QHBoxLayout;
  auto* title = new QLabel(tr("Settings"));
  title->setProperty("role", QStringLiteral("title"));
  head->addWidget(title);
  head->addStretch();
  auto* keys = new QPushButton(tr("Keys…"));
  keys->setObjectName(QStringLiteral("settingsKeys"));
  keys->setAutoDefault(false);
  connect(keys, &QPushButton::clicked, this, [this] {
    auto* dialog = new KeysDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
  });
  head->addWidget(keys);
  column->addLayout(head);
  auto* about =
      new QLabel(tr("They hold on every device where you sign in, in the desktop and the browser."));
  about->setProperty("role", QStringLiteral("muted"));
  about->setWordWrap(true);
  column->addWidget(about);
  bar_->setObjectName(QStringLiteral("languageNotice"));
  bar_->hide();
  column->addWidget(bar_);
  connect(EditorChoices::instance(), &EditorChoices::changed, this, &SettingsDialog::showLanguage);
  parts_->setObjectName(QStringLiteral("settingsParts"));
  parts_->setDocumentMode(true);
  parts_->addTab(makePage(), tr("Settings"));
  parts_->addTab(json_, tr("JSON"));
  parts_->tabBar()->setAccessibleName(tr("Settings"));
  column->addWidget(parts_, 1);
  auto* buttons = new QHBoxLayout;
  buttons->addStretch();
  auto* done = new QPushButton(tr("Done"));
  done->setAutoDefault(false);
  connect(done, &QPushButton::clicked, this, &QDialog::close);
  buttons->addWidget(done);
  column->addLayout(buttons);
  showLanguage();
  find_->setFocus();
}

/// Words that are shown already stay as they are: a new start has all of them in the other language, and
/// brings back what is open.
void SettingsDialog::showLanguage() {
  const bool differs = chosen_language() != shown_language();
  if (differs == bar_->isVisibleTo(this)) return;
  if (!differs) return bar_->hide();
  QList<MessageBar::Action> actions;
  if (RestartRequest::instance()->isHeard())
    actions.append({tr("Restart Now"), [] { RestartRequest::instance()->make(); }});
  bar_->show(MessageBar::Kind::info,
             tr("The language changes when Berth starts again. What is open comes back: windows, tabs and "
                "cursors."),
             actions);
}

QWidget* SettingsDialog::makePage() {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 10, 0, 0);
  column->setSpacing(8);
  find_->setObjectName(QStringLiteral("findSetting"));
  find_->setPlaceholderText(tr("Search settings"));
  find_->setAccessibleName(find_->placeholderText());
  find_->setClearButtonEnabled(true);
  column->addWidget(find_);
  auto* row = new QHBoxLayout;
  row->setSpacing(16);
  groups_->setObjectName(QStringLiteral("settingGroups"));
  groups_->setAccessibleName(tr("Groups of settings"));
  groups_->setFixedWidth(130);
  groups_->setFrameShape(QFrame::NoFrame);
  for (const auto group : {SettingGroup::window, SettingGroup::editor, SettingGroup::terminal}) {
    auto* item = new QListWidgetItem(setting_words(group), groups_);
    item->setData(Qt::UserRole, static_cast<int>(group));
    item->setSizeHint({0, 30});
  }
  row->addWidget(groups_);
  row->addWidget(rows_, 1);
  column->addLayout(row, 1);
  connect(find_, &QLineEdit::textChanged, rows_, &SettingsRows::find);
  const auto go = [this](const QListWidgetItem* item) {
    if (!item) return;
    find_->clear();
    rows_->showGroup(static_cast<SettingGroup>(item->data(Qt::UserRole).toInt()));
  };
  connect(groups_, &QListWidget::currentItemChanged, this, go);
  connect(groups_, &QListWidget::itemClicked, this, go);
  return page;
}

SettingsDialog* SettingsDialog::open(QWidget* parent) {
  static QPointer<SettingsDialog> shown;
  if (!shown) {
    shown = new SettingsDialog(parent);
    shown->setAttribute(Qt::WA_DeleteOnClose);
  }
  shown->show();
  shown->raise();
  shown->activateWindow();
  return shown;
}

void SettingsDialog::showJson() {
  parts_->setCurrentWidget(json_);
  json_->setFocus();
}

void SettingsDialog::keyPressEvent(QKeyEvent* event) {
  // Return in the search or a number takes it and closes nothing; Escape empties the search first.
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) return event->accept();
  if (event->key() == Qt::Key_Escape && !find_->text().isEmpty()) {
    find_->clear();
    return find_->setFocus();
  }
  QDialog::keyPressEvent(event);
}

}  // namespace berth::desktop
