// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/people_strip.hpp"

#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>

#include "client/core/base_name.hpp"
#include "client/core/plain_tip.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/presence_colours.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int most_pictures = 4;
constexpr int picture_side = 26;    // px
constexpr int narrow_window = 760;  // px; below it the bar has no room for pictures

/// A "&" in a name is no shortcut.
QString plain_action_text(QString text) { return text.replace(QLatin1Char('&'), QLatin1String("&&")); }

}  // namespace

PeopleStrip::PeopleStrip(client::Workspace* workspace, QWidget* parent)
    : QWidget(parent),
      workspace_(workspace),
      presence_(workspace->presence()),
      row_(new QHBoxLayout(this)),
      everybody_(new QToolButton) {
  row_->setContentsMargins(0, 0, 6, 0);
  row_->setSpacing(3);
  everybody_->setIcon(Theme::icon(QStringLiteral("system-users")));
  everybody_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  everybody_->setPopupMode(QToolButton::InstantPopup);
  everybody_->setStyleSheet(QStringLiteral("QToolButton::menu-indicator{image:none}"));
  auto* menu = new QMenu(everybody_);
  connect(menu, &QMenu::aboutToShow, this, [this, menu] { fillEverybody(menu); });
  everybody_->setMenu(menu);
  row_->addWidget(everybody_);
  connect(presence_, &client::Presence::peopleChanged, this, &PeopleStrip::refresh);
  connect(presence_, &client::Presence::followingChanged, this, &PeopleStrip::refresh);
  connect(workspace->terminals(), &client::Terminals::removed, this, &PeopleStrip::refresh);
  connect(Theme::instance(), &Theme::changed, this, &PeopleStrip::refresh);
  refresh();
}

QString PeopleStrip::role(const protocol::Participant& who) const {
  switch (who.role) {
    case protocol::Role::owner:
      return tr("owner");
    case protocol::Role::editor:
      return tr("may edit");
    default:
      return tr("may look");
  }
}

QString PeopleStrip::where(const protocol::Participant& who) const {
  if (!who.connected) return tr("away");
  QStringList places;
  if (who.path) places.append(client::base_name(QString::fromStdString(*who.path)));
  if (who.terminal)
    for (auto* terminal : workspace_->terminals()->all())
      if (terminal->info().terminal == *who.terminal) {
        const auto title = QString::fromStdString(terminal->info().title);
        places.append(tr("in terminal %1").arg(title.isEmpty() ? tr("shell") : title));
      }
  return places.isEmpty() ? tr("looking around") : places.join(QStringLiteral(", "));
}

void PeopleStrip::showEvent(QShowEvent* event) {
  window()->installEventFilter(this);
  narrow_ = window()->width() < narrow_window;
  refresh();
  QWidget::showEvent(event);
}

bool PeopleStrip::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize && watched == window() &&
      std::exchange(narrow_, window()->width() < narrow_window) != (window()->width() < narrow_window))
    refresh();
  return QWidget::eventFilter(watched, event);
}

void PeopleStrip::refresh() {
  const auto all = presence_->all();
  qsizetype others = 0;
  qsizetype used = 0;
  for (const auto& who : all) {
    if (presence_->isSelf(who)) continue;
    ++others;
    if (narrow_ || used == most_pictures) continue;
    if (used == pictures_.size()) {
      auto* button = new QToolButton;
      button->setIconSize({picture_side, picture_side});
      button->setPopupMode(QToolButton::InstantPopup);
      button->setStyleSheet(QStringLiteral(
          "QToolButton{padding:1px;border-radius:15px}QToolButton::menu-indicator{image:none}"));
      auto* menu = new QMenu(button);
      connect(menu, &QMenu::aboutToShow, this, [this, menu, button] {
        fillPersonMenu(menu, button->property("session").toString().toStdString());
      });
      button->setMenu(menu);
      row_->insertWidget(static_cast<int>(used), button);
      pictures_.append(button);
    }
    auto* button = pictures_.at(used++);
    const bool followed = presence_->following() == who.session;
    const auto label = presence_->label(who);
    button->setProperty("session", QString::fromStdString(who.session));
    button->setIcon(avatar(QString::fromStdString(who.name), who.colour, picture_side, devicePixelRatioF(),
                           !who.connected, followed));
    const auto tip = QStringLiteral("%1 · %2\n%3").arg(label, role(who), where(who));
    button->setToolTip(client::plain_tip(tip));
    button->setAccessibleName(QStringLiteral("%1: %2").arg(label, where(who)));
  }
  while (pictures_.size() > used) pictures_.takeLast()->deleteLater();
  everybody_->setText(QString::number(others + 1));
  everybody_->setToolTip(tr("People here"));
  everybody_->setAccessibleName(tr("People here: %1").arg(others + 1));
  everybody_->setVisible(others > 0);
}

void PeopleStrip::fillPersonMenu(QMenu* menu, const std::string& session) {
  menu->clear();
  const auto* who = presence_->find(session);
  if (!who) return;
  auto* head = menu->addAction(
      plain_action_text(QStringLiteral("%1 · %2 · %3").arg(presence_->label(*who), role(*who), where(*who))));
  head->setEnabled(false);
  if (presence_->following() == session) {
    menu->addAction(Theme::icon(QStringLiteral("media-playback-stop")), tr("Stop Following"), this,
                    [this] { presence_->stopFollowing(); });
  } else {
    menu->addAction(Theme::icon(QStringLiteral("view-visible")), tr("Follow"), this,
                    [this, session] { Q_EMIT followWanted(session); })
        ->setEnabled(who->connected);
  }
  menu->addAction(Theme::icon(QStringLiteral("go-jump")), tr("Go to Where They Are"), this,
                  [this, session] { Q_EMIT jumpWanted(session); })
      ->setEnabled(who->path.has_value() || who->terminal.has_value());
}

void PeopleStrip::fillEverybody(QMenu* menu) {
  menu->clear();
  for (auto* old : menu->findChildren<QMenu*>(Qt::FindDirectChildrenOnly)) old->deleteLater();
  const auto all = presence_->all();
  for (const auto& who : all) {
    const auto picture =
        avatar(QString::fromStdString(who.name), who.colour, 18, devicePixelRatioF(), !who.connected);
    const bool follows_here = who.following == presence_->session();
    auto text = QStringLiteral("%1 · %2").arg(presence_->label(who), role(who));
    if (presence_->isSelf(who)) {
      menu->addAction(QIcon(picture), plain_action_text(text))->setEnabled(false);
      continue;
    }
    text += QStringLiteral(" · ") + where(who);
    if (follows_here) text += QStringLiteral(" · ") + tr("follows you");
    auto* person = menu->addMenu(QIcon(picture), plain_action_text(text));
    fillPersonMenu(person, who.session);
  }
}

}  // namespace berth::desktop
