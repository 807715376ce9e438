// SPDX-License-Identifier: GPL-3.0-or-later
// The groups of the open files: which is active, moving tabs between them and between windows, and how they
// are laid out again.
#include <QApplication>
#include <QJsonArray>
#include <QPointer>
#include <QTabBar>
#include <algorithm>

#include "client/core/workspace.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_group.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/editor_window.hpp"
#include "client/desktop/shared_buffer.hpp"

namespace berth::desktop {
namespace {

constexpr int most_tabs = 200;
constexpr qsizetype most_windows = 8;
constexpr qsizetype longest_path = 4'096;
constexpr QPoint title_of_window{80, 14};  // px: where a hand that holds a window has it

QJsonObject saved_group(EditorGroup* group, bool active) {
  QJsonArray tabs;
  const auto all = group->tabs();
  for (auto* tab : all) {
    const auto place = tab->place();
    tabs.append(QJsonObject{{QStringLiteral("path"), tab->document()->path()},
                            {QStringLiteral("cursor"), static_cast<qint64>(place.cursor)},
                            {QStringLiteral("top"), static_cast<qint64>(place.top)}});
  }
  QJsonObject saved{{QStringLiteral("tabs"), tabs}, {QStringLiteral("shown"), group->currentIndex()}};
  if (active) saved.insert(QStringLiteral("active"), true);
  return saved;
}

}  // namespace

QList<EditorGroup*> EditorArea::groups() const {
  auto out = main_->all();
  for (auto* window : windows_) out += window->groups()->all();
  return out;
}

QList<EditorWindow*> EditorArea::windows() const { return windows_; }

EditorGroup* EditorArea::activeGroup() const { return active_; }

EditorTab* EditorArea::dragged() const { return dragged_; }

EditorGroup* EditorArea::groupOf(const EditorTab* tab) const {
  for (auto* group : groups())
    if (group->tabs().contains(tab)) return group;
  return nullptr;
}

EditorGroups* EditorArea::placeOf(const EditorGroup* group) const {
  for (auto* window : windows_)
    if (window->groups()->contains(group)) return window->groups();
  return main_;
}

EditorGroup* EditorArea::neighbour(EditorGroup* group, int by) const {
  const auto all = groups();
  return all.value(all.indexOf(group) + by);
}

void EditorArea::activate(EditorGroup* group) {
  if (active_ == group) return;
  active_ = group;
  const auto all = groups();
  for (auto* other : all) other->setActive(other == group || all.size() == 1);
  if (auto* tab = group->current()) {
    shown_.removeAll(tab);
    shown_.append(tab);
  }
  for (auto* window : windows_) window->refreshTitle();
  Q_EMIT currentChanged();
  Q_EMIT layoutChanged();
}

/// A group without tabs goes, and a further window without any.
void EditorArea::leave(EditorGroup* group) {
  if (restoring_ || group->count() > 0) return refreshPage();
  auto* place = placeOf(group);
  const auto here = place->all();
  auto* window = qobject_cast<EditorWindow*>(place->window());
  const bool window_ends = here.size() == 1 && window && windows_.contains(window);
  if (group == active_ && (here.size() > 1 || window_ends)) {
    // What was looked at before in the same place, else its neighbour.
    EditorGroup* next = nullptr;
    for (auto* tab : shown_)
      if (auto* its = groupOf(tab); its && its != group && (window_ends || here.contains(its))) next = its;
    if (!next) next = window_ends ? main_->all().constFirst() : here[here.indexOf(group) == 0 ? 1 : 0];
    active_ = nullptr;
    if (window_ends) windows_.removeAll(window);
    activate(next);
  }
  if (window_ends) {
    windows_.removeAll(window);
    window->close();
  } else {
    place->remove(group);
  }
  const auto left = groups();
  for (auto* other : left) other->setActive(other == active_ || left.size() == 1);
  refreshPage();
}

void EditorArea::focusGroup(int number) {
  const auto all = groups();
  if (number < all.size()) {
    activate(all[number]);
  } else if (current()) {
    activate(all.constLast());
    split(DropZone::right);
  }
  focusText();
}

void EditorArea::stepGroup(int by) {
  const auto all = groups();
  const auto count = all.size();
  activate(all[(all.indexOf(active_.data()) + by + count) % count]);
  focusText();
}

EditorTab* EditorArea::split(DropZone zone) {
  auto* shown = current();
  if (!shown || shown->isPaged() || !shown->document()->isLoaded()) return nullptr;
  const auto place = shown->place();
  auto* made = placeOf(active_)->split(active_, zone);
  auto* tab = open(made, shown->document()->path());
  tab->setPlace(place);
  activate(made);
  tab->editor()->setFocus();
  return tab;
}

void EditorArea::moveTab(EditorTab* tab, EditorGroup* group, int at) {
  auto* from = groupOf(tab);
  if (!from || !group) return;
  if (from == group) {
    if (at >= 0) group->tabBar()->moveTab(group->indexOf(tab), at);
    group->setCurrentWidget(tab);
    return activate(group);
  }
  // One file stands in a group once.
  const auto there = group->tabs();
  const auto twin =
      std::ranges::find_if(there, [&](auto* other) { return other->document() == tab->document(); });
  from->release(tab);
  if (twin != there.end()) {
    shown_.removeAll(tab);
    tab->setParent(this);
    tab->deleteLater();
    tab = *twin;
    group->setCurrentWidget(tab);
  } else {
    group->insert(tab, at);
    tab->show();
  }
  activate(group);
  leave(from);
  refreshTitles();
  refreshPage();
  focusText();
  Q_EMIT layoutChanged();
}

void EditorArea::moveToGroup(int by) {
  auto* tab = current();
  if (!tab) return;
  auto* beside = neighbour(active_, by);
  if (!beside) {
    if (active_->count() == 1) return;  // it would be where it is
    beside = placeOf(active_)->split(active_, by > 0 ? DropZone::right : DropZone::left);
  }
  moveTab(tab, beside);
}

EditorWindow* EditorArea::makeWindow() {
  auto* window = new EditorWindow(this, new EditorGroups([this] { return makeGroup(); }));
  windows_.append(window);
  connect(window, &QObject::destroyed, this, [this, window] {
    windows_.removeAll(window);
    if (!active_) activate(main_->all().constFirst());
  });
  Q_EMIT windowOpened(window);
  return window;
}

void EditorArea::droppedOutside(EditorTab* tab, const QPoint& at) {
  const auto all = QApplication::topLevelWidgets();
  const bool inside = std::ranges::any_of(all, [&](const QWidget* window) {
    return window->isWindow() && window->isVisible() && !window->isMinimized() &&
           window->windowType() != Qt::ToolTip && window->frameGeometry().contains(at);
  });
  auto* group = groupOf(tab);
  if (inside || !group) return;
  auto* window = qobject_cast<EditorWindow*>(tab->window());
  if (!window || !windows_.contains(window) || window->groups()->all().size() > 1 || group->count() > 1) {
    moveToNewWindow(tab, at - title_of_window);
    return;
  }
  window->move(at - title_of_window);
  Q_EMIT layoutChanged();
}

EditorWindow* EditorArea::moveToNewWindow(EditorTab* tab, std::optional<QPoint> at) {
  auto* top = tab->window();
  auto* made = makeWindow();
  made->move(at.value_or(top->pos() + QPoint(60, 60)));
  moveTab(tab, made->groups()->all().constFirst());
  made->refreshTitle();
  made->show();
  made->activateWindow();
  focusText();
  return made;
}

void EditorArea::evenGroups() { placeOf(active_)->even(); }

void EditorArea::beginDrag(EditorTab* tab) {
  dragged_ = tab;
  const auto all = groups();
  for (auto* group : all) group->showDropPlaces(true);
}

void EditorArea::endDrag() {
  dragged_ = nullptr;
  const auto all = groups();
  for (auto* group : all) group->showDropPlaces(false);
}

void EditorArea::drop(EditorGroup* group, DropZone zone, int at) {
  // Not within the drop itself: the group it came from may go by it.
  const QPointer<EditorTab> tab(dragged_);
  const QPointer<EditorGroup> here(group);
  QMetaObject::invokeMethod(
      this,
      [this, tab, here, zone, at] {
        if (!tab || !here) return;
        if (zone == DropZone::here) return moveTab(tab, here, at);
        if (groupOf(tab) == here && here->count() == 1) return;  // its own half of itself
        moveTab(tab, placeOf(here)->split(here, zone));
      },
      Qt::QueuedConnection);
}

QJsonObject EditorArea::saveLayout() const {
  const auto group = [this](EditorGroup* one) { return saved_group(one, one == active_); };
  QJsonArray windows;
  for (auto* window : windows_)
    windows.append(
        QJsonObject{{QStringLiteral("geometry"), QString::fromLatin1(window->saveGeometry().toBase64())},
                    {QStringLiteral("groups"), window->groups()->save(group)}});
  return {{QStringLiteral("main"), main_->save(group)}, {QStringLiteral("windows"), windows}};
}

void EditorArea::restoreLayout(const QJsonObject& layout) {
  restoring_ = true;
  // What is open stays: it may be text that an earlier window left unsent.
  auto before = tabs();
  for (auto* tab : before) groupOf(tab)->release(tab);
  int opened = 0;
  QPointer<EditorGroup> active;
  const auto fill = [&](EditorGroup* group, const QJsonObject& saved) {
    const auto wanted = saved.value(QLatin1String("tabs")).toArray();
    for (const auto& value : wanted) {
      const auto tab = value.toObject();
      const auto path = tab.value(QLatin1String("path")).toString();
      if (path.isEmpty() || path.size() > longest_path || ++opened > most_tabs) continue;
      const auto here = group->tabs();
      if (std::ranges::any_of(here, [&](auto* other) { return other->document()->path() == path; })) continue;
      const auto position = [&](const char* name) {
        return static_cast<std::int64_t>(std::clamp(tab.value(QLatin1String(name)).toDouble(), 0.0, 1e15));
      };
      const auto open_now =
          std::ranges::find_if(before, [&](auto* other) { return other->document()->path() == path; });
      if (open_now != before.end()) {
        auto* known = *open_now;
        before.erase(open_now);
        known->setPlace({position("cursor"), position("top")});
        group->insert(known);
        continue;
      }
      // Tabs that are not in the groups yet are looked for by their document.
      auto* made = makeTab([&] {
        const auto documents = workspace_->documents()->all();
        for (auto* document : documents)
          if (document->path() == path && !SharedBuffer::of(document)->editors().isEmpty()) return document;
        return workspace_->documents()->open(path);
      }());
      made->setPlace({position("cursor"), position("top")});
      group->insert(made);
      Q_EMIT tabOpened(made);
    }
    group->setCurrentIndex(
        std::clamp(saved.value(QLatin1String("shown")).toInt(), 0, std::max(0, group->count() - 1)));
    if (saved.value(QLatin1String("active")).toBool()) active = group;
  };
  active_ = nullptr;
  main_->restore(layout.value(QLatin1String("main")).toObject(), fill);
  const auto windows = layout.value(QLatin1String("windows")).toArray();
  for (qsizetype i = 0; i < std::min(windows.size(), most_windows); ++i) {
    const auto saved = windows[i].toObject();
    auto* window = makeWindow();
    window->groups()->restore(saved.value(QLatin1String("groups")).toObject(), fill);
    window->restoreGeometry(
        QByteArray::fromBase64(saved.value(QLatin1String("geometry")).toString().toLatin1()));
    window->show();
  }
  for (auto* tab : before) main_->all().constFirst()->insert(tab);
  restoring_ = false;
  active_ = main_->all().constFirst();
  const auto made = groups();
  for (auto* group : made) leave(group);
  active_ = nullptr;
  activate(active ? active.data() : main_->all().constFirst());
  refreshTitles();
  refreshPage();
}

}  // namespace berth::desktop
