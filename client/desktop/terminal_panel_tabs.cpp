// SPDX-License-Identifier: GPL-3.0-or-later
// TerminalPanel: its tabs, what stands on them, and how they stood the last time.
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>

#include "client/core/plain_tip.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/terminal_group.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

TerminalGroup* TerminalPanel::makeGroup() {
  auto* group = new TerminalGroup;
  connect(group, &TerminalGroup::currentChanged, this, [this, group] { refreshTitle(group); });
  connect(group, &TerminalGroup::arrangementChanged, &store_, qOverload<>(&QTimer::start));
  const int at = tabs_->addTab(group, QString());
  auto* close = new QToolButton;
  close->setIcon(Theme::icon(QStringLiteral("window-close"), Theme::Tint::muted));
  close->setIconSize({12, 12});
  close->setFixedSize(18, 18);
  close->setStyleSheet(
      QStringLiteral("QToolButton{background:transparent;border:none;padding:0;margin-left:4px}"));
  close->setToolTip(tr("End and close"));
  close->setAccessibleName(tr("End and close the terminal"));
  connect(close, &QToolButton::clicked, group, [this, group] {
    for (auto* view : group->views()) end(view);
  });
  tabs_->tabBar()->setTabButton(at, QTabBar::RightSide, close);
  close->setVisible(workspace_->mayEdit());
  return group;
}

void TerminalPanel::dropIfEmpty(TerminalGroup* group) {
  if (!group || !group->isEmpty()) return;
  tabs_->removeTab(tabs_->indexOf(group));
  group->deleteLater();
}

void TerminalPanel::unsplit() {
  auto* view = current();
  auto* group = view ? groupOf(view) : nullptr;
  if (!group || group->views().size() < 2) return;
  group->take(view);
  put(view, {});
  refreshTitle(group);
  tabs_->setCurrentWidget(groupOf(view));
  view->setFocus();
}

QString TerminalPanel::titleOf(TerminalView* view) const {
  if (!view->terminal()) return {};
  const auto& info = view->terminal()->info();
  auto title = QString::fromStdString(info.title).simplified().left(40);
  if (title.isEmpty()) title = tr("Terminal");
  if (!info.running) title += tr(" (ended)");
  return title;
}

QIcon TerminalPanel::iconOf(TerminalView* view) const {
  if (!view->terminal()) return {};
  const auto& info = view->terminal()->info();
  const auto profile =
      TerminalProfiles::of(QString::fromStdString(info.command), QString::fromStdString(info.title),
                           workspace_->terminals()->programs());
  return TerminalProfiles::icon(profile.value_or(TerminalProfile{}));
}

void TerminalPanel::refreshTitle(TerminalView* view) {
  if (auto* group = groupOf(view)) refreshTitle(group);
}

void TerminalPanel::refreshTitle(TerminalGroup* group) {
  const auto at = tabs_->indexOf(group);
  if (at < 0 || !group->current()) return;
  QStringList titles, facts;
  for (auto* view : group->views()) {
    titles.append(titleOf(view));
    if (!view->terminal()) continue;
    const auto& info = view->terminal()->info();
    facts.append(info.command.empty() ? tr("Login shell") : QString::fromStdString(info.command));
    if (const auto directory = view->directory(); !directory.isEmpty())
      facts.append(tr("in %1").arg(directory));
    if (info.viewers && info.viewers->size() > 1)
      facts.append(tr("Shown in %n windows", nullptr, static_cast<int>(info.viewers->size())));
  }
  auto text = titles.join(QStringLiteral(" │ "));
  tabs_->setTabText(at, text.replace(QLatin1Char('&'), QLatin1String("&&")));
  if (group == currentGroup() || tabs_->tabIcon(at).isNull()) tabs_->setTabIcon(at, iconOf(group->current()));
  tabs_->setTabToolTip(at, client::plain_tip(facts.join(QLatin1Char('\n'))));
}

// ---- How they stood the last time

QString TerminalPanel::arrangementKey() const {
  return QStringLiteral("workspaces/%1/terminals").arg(workspace_->id());
}

void TerminalPanel::storeArrangement() {
  if (first_) return;  // what was there is not known yet
  QJsonArray tabs;
  for (int i = 0; i < tabs_->count(); ++i)
    if (auto* group = qobject_cast<TerminalGroup*>(tabs_->widget(i))) tabs.append(group->arrangement());
  const QJsonObject stored{{QStringLiteral("tabs"), tabs},
                           {QStringLiteral("current"), tabs_->currentIndex()}};
  QSettings().setValue(arrangementKey(), QJsonDocument(stored).toJson(QJsonDocument::Compact));
}

/// Terminals outlive the window: they stand again as they stood, those that came since behind them.
void TerminalPanel::restoreArrangement() {
  const auto stored = QJsonDocument::fromJson(QSettings().value(arrangementKey()).toByteArray()).object();
  const auto tabs = stored.value(QLatin1String("tabs")).toArray();
  if (tabs.isEmpty()) return;
  QHash<QString, TerminalView*> left;
  QList<TerminalGroup*> before;
  for (auto* view : views()) {
    if (!view->terminal()) continue;
    auto* group = groupOf(view);
    if (group->views().size() > 1) return;  // the person was faster
    left.insert(view->terminal()->id(), view);
    before.append(group);
  }
  const auto take = [&](const QString& id) -> TerminalView* {
    auto* view = left.take(id);
    if (view) groupOf(view)->take(view);
    return view;
  };
  QList<TerminalGroup*> made;
  for (const auto& tab : tabs) {
    auto* group = makeGroup();
    group->arrange(tab.toObject(), take);
    made.append(group);
  }
  for (auto* group : before)
    if (!group->isEmpty()) tabs_->tabBar()->moveTab(tabs_->indexOf(group), tabs_->count() - 1);
  for (auto* group : before + made) {
    if (!group->isEmpty()) refreshTitle(group);
    dropIfEmpty(group);
  }
  const int current = stored.value(QLatin1String("current")).toInt();
  if (current >= 0 && current < tabs_->count()) tabs_->setCurrentIndex(current);
  refreshRole();
}

}  // namespace berth::desktop
