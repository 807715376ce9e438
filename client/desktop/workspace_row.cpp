// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/workspace_row.hpp"

#include <QCoreApplication>
#include <QDateTime>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

#include "client/core/plain_tip.hpp"
#include "client/desktop/role_choice.hpp"
#include "client/desktop/start_words.hpp"
#include "client/desktop/template_icons.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

using protocol::Role;
using protocol::rest::WorkspaceState;

namespace {

constexpr int narrow_row = 520;  // px below which the name needs the room

constexpr int longest_team = 160;  // px

/// "312 MB, 4 % of a core".
QString use_words(const protocol::rest::ResourceUse& use) {
  const auto processor = WorkspaceRow::tr("%1 % of a core").arg(use.processor, 0, 'f', 0);
  return use.memory > 0
             ? WorkspaceRow::tr("%1, %2").arg(QLocale().formattedDataSize(use.memory, 0), processor)
             : processor;
}

}  // namespace

QString ago(qint64 then) {
  const auto seconds = (QDateTime::currentMSecsSinceEpoch() - then) / 1000;
  // No digit separators: lupdate never comes to the end of a call that has one.
  constexpr qint64 minute = 60;
  constexpr qint64 hour = 60 * minute;
  constexpr qint64 day = 24 * hour;
  const auto count = [seconds](qint64 unit) { return static_cast<int>(seconds / unit); };
  if (seconds < minute) return QCoreApplication::translate("berth", "just now");
  if (seconds < hour) return QCoreApplication::translate("berth", "%n min ago", nullptr, count(minute));
  if (seconds < day) return QCoreApplication::translate("berth", "%n h ago", nullptr, count(hour));
  if (seconds < 30 * day) return QCoreApplication::translate("berth", "%n d ago", nullptr, count(day));
  return QLocale().toString(QDateTime::fromMSecsSinceEpoch(then).date(), QLocale::ShortFormat);
}

WorkspaceRow::WorkspaceRow(const protocol::rest::Workspace& facts, QWidget* parent)
    : QFrame(parent),
      icon_(new QLabel),
      name_(new QLabel),
      detail_(new QLabel),
      reason_(new QLabel),
      pill_(new QLabel),
      people_(new QLabel),
      open_(new QPushButton(tr("Open"))),
      power_(new QToolButton) {
  setObjectName(QStringLiteral("workspaceRow"));
  setFocusPolicy(Qt::StrongFocus);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(16, 12, 12, 12);
  layout->setSpacing(12);
  layout->addWidget(icon_);
  auto* texts = new QVBoxLayout;
  texts->setSpacing(3);
  auto* top = new QHBoxLayout;
  top->setSpacing(9);
  name_->setTextFormat(Qt::PlainText);
  name_->setFont(Theme::instance()->uiFont(1.1, QFont::DemiBold));
  name_->setMinimumWidth(60);  // a long name is cut before its row grows out of the window
  pill_->setObjectName(QStringLiteral("pill"));
  top->addWidget(name_);
  top->addWidget(pill_);
  people_->setObjectName(QStringLiteral("pill"));
  people_->setProperty("kind", QStringLiteral("quiet"));
  people_->setTextFormat(Qt::PlainText);
  people_->setMinimumWidth(1);  // it goes before the row grows out of the window
  top->addWidget(people_);
  top->addStretch();
  texts->addLayout(top);
  detail_->setProperty("role", QStringLiteral("muted"));
  detail_->setTextFormat(Qt::PlainText);
  detail_->setWordWrap(true);
  texts->addWidget(detail_);
  reason_->setTextFormat(Qt::PlainText);
  reason_->setWordWrap(true);
  reason_->setObjectName(QStringLiteral("reason"));
  texts->addWidget(reason_);
  layout->addLayout(texts, 1);
  open_->setObjectName(QStringLiteral("open"));
  connect(open_, &QPushButton::clicked, this, &WorkspaceRow::openWanted);
  connect(power_, &QToolButton::clicked, this, [this] {
    facts_.state == WorkspaceState::running || facts_.state == WorkspaceState::starting
        ? Q_EMIT stopWanted()
        : Q_EMIT startWanted();
  });
  auto* more = new QToolButton;
  more->setIcon(Theme::icon(QStringLiteral("overflow-menu")));
  more->setToolTip(tr("More"));
  more->setAccessibleName(tr("More"));
  more->setPopupMode(QToolButton::InstantPopup);
  more->setStyleSheet(QStringLiteral("QToolButton::menu-indicator{image:none}"));
  more->setMenu(makeMenu(more));
  layout->addWidget(power_);
  layout->addWidget(open_);
  layout->addWidget(more);
  setFacts(facts);
}

QMenu* WorkspaceRow::makeMenu(QWidget* parent) {
  auto* menu = new QMenu(parent);
  share_ = menu->addAction(Theme::icon(QStringLiteral("list-add-user")), tr("Share…"), this,
                           &WorkspaceRow::shareWanted);
  rename_ = menu->addAction(Theme::icon(QStringLiteral("edit-rename")), tr("Rename…"), this,
                            &WorkspaceRow::renameWanted);
  menu->addAction(Theme::icon(QStringLiteral("view-history")), tr("History…"), this,
                  &WorkspaceRow::historyWanted);
  log_ = menu->addAction(Theme::icon(QStringLiteral("view-list-text")), tr("Log…"), this,
                         &WorkspaceRow::logWanted);
  log_->setObjectName(QStringLiteral("workspaceLogAction"));
  menu->addAction(Theme::icon(QStringLiteral("download")), tr("Download All…"), this,
                  &WorkspaceRow::downloadWanted);
  menu->addSeparator();
  leave_ = menu->addAction(Theme::icon(QStringLiteral("list-remove-user"), Theme::Tint::bad), tr("Leave…"),
                           this, &WorkspaceRow::leaveWanted);
  delete_ = menu->addAction(Theme::icon(QStringLiteral("edit-delete"), Theme::Tint::bad), tr("Delete…"), this,
                            &WorkspaceRow::deleteWanted);
  leave_->setObjectName(QStringLiteral("leaveWorkspace"));
  delete_->setObjectName(QStringLiteral("deleteWorkspace"));
  rename_->setObjectName(QStringLiteral("renameWorkspace"));
  share_->setObjectName(QStringLiteral("shareWorkspace"));
  return menu;
}

void WorkspaceRow::setFacts(const protocol::rest::Workspace& facts) {
  facts_ = facts;
  name_->setText(QString::fromStdString(facts.name));
  name_->setToolTip(client::plain_tip(name_->text()));
  icon_->setPixmap(template_icon(QString::fromStdString(facts.template_id)).pixmap(28, 28));
  refreshState();
  refreshPeople();
}

/// Whose it is, and what this person may therefore do from here.
void WorkspaceRow::refreshPeople() {
  const bool own = facts_.role == Role::owner;
  const bool team = facts_.owner.team;
  const auto whose =
      QString::fromStdString(facts_.owner.name.empty() ? facts_.owner.email : facts_.owner.name);
  QStringList facts{template_name(QString::fromStdString(facts_.template_id))};
  if (facts_.team_template) facts.append(tr("template of the team"));
  facts.append(tr("used %1").arg(ago(facts_.last_used)));
  if (facts_.use) facts.append(use_words(*facts_.use));
  if (own && !team) {
    people_->setText(facts_.public_link ? tr("Public") : tr("Shared"));
    setAccessibleName(name_->text());
  } else {
    const auto role = own ? tr("you may do everything") : own_role_words(facts_.role);
    people_->setText(team ? fontMetrics().elidedText(whose, Qt::ElideRight, longest_team)
                          : tr("Shared with you"));
    facts.prepend((team ? tr("Team %1, %2") : tr("Of %1, %2")).arg(whose, role));
    setAccessibleName(tr("%1, of %2, %3").arg(name_->text(), whose, role));
  }
  people_->setToolTip(team ? client::plain_tip(tr("A workspace of the team %1").arg(whose)) : QString());
  detail_->setText(facts.join(QStringLiteral(" · ")));
  share_->setText(own ? tr("Share…") : tr("People…"));
  rename_->setVisible(own);
  delete_->setVisible(own);
  log_->setVisible(own);
  // Who is in it by the team leaves the team instead.
  leave_->setVisible(!own && !team);
  showPeople();
}

void WorkspaceRow::showPeople() {
  const bool others = facts_.role != Role::owner || facts_.public_link || facts_.shared || facts_.owner.team;
  people_->setVisible(others && width() >= narrow_row);
}

void WorkspaceRow::resizeEvent(QResizeEvent* event) {
  QFrame::resizeEvent(event);
  showPeople();
}

void WorkspaceRow::refreshState() {
  const auto& facts = facts_;
  QString state;
  const char* kind = "quiet";
  switch (facts.state) {
    case WorkspaceState::running:
      state = tr("Running");
      kind = "good";
      break;
    case WorkspaceState::starting:
      state = tr("Starting…");
      kind = "warning";
      break;
    case WorkspaceState::stopping:
      state = tr("Stopping…");
      kind = "warning";
      break;
    case WorkspaceState::stopped:
      state = tr("Stopped");
      break;
    case WorkspaceState::failed:
      state = tr("Failed");
      kind = "bad";
      break;
    case WorkspaceState::deleting:
      state = tr("Deleting…");
      kind = "warning";
      break;
  }
  pill_->setText(state);
  if (pill_->property("kind") != QLatin1String(kind)) {
    pill_->setProperty("kind", QLatin1String(kind));
    pill_->style()->unpolish(pill_);
    pill_->style()->polish(pill_);
  }
  auto reason = QString::fromStdString(facts.reason);
  if (facts.state == WorkspaceState::starting)
    if (const auto steps = start_words(facts); !steps.isEmpty())
      reason = reason.isEmpty() ? steps : steps + QLatin1Char('\n') + reason;
  reason_->setText(reason);
  reason_->setVisible(!reason.isEmpty());
  // Why it stopped is an explanation; a reason of one that runs is something to look after.
  const char* role = facts.state == WorkspaceState::failed    ? "error"
                     : facts.state == WorkspaceState::running ? "warning"
                                                              : "muted";
  if (reason_->property("role") != QLatin1String(role)) {
    reason_->setProperty("role", QLatin1String(role));
    reason_->style()->unpolish(reason_);
    reason_->style()->polish(reason_);
  }
  const bool on = facts.state == WorkspaceState::running || facts.state == WorkspaceState::starting;
  const bool moving = facts.state == WorkspaceState::stopping || facts.state == WorkspaceState::deleting;
  power_->setIcon(on ? Theme::icon(QStringLiteral("media-playback-stop"))
                     : Theme::icon(QStringLiteral("media-playback-start")));
  power_->setAccessibleName(on ? tr("Stop") : tr("Start"));
  power_->setToolTip(facts.role != Role::viewer
                         ? power_->accessibleName()
                         : tr("Only people who may edit this workspace can start and stop it"));
  power_->setEnabled(!moving && facts.role != Role::viewer);
  open_->setEnabled(facts.state != WorkspaceState::deleting);
}

void WorkspaceRow::mouseDoubleClickEvent(QMouseEvent*) { Q_EMIT openWanted(); }

void WorkspaceRow::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) return Q_EMIT openWanted();
  QFrame::keyPressEvent(event);
}

}  // namespace berth::desktop
