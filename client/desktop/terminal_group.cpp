// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_group.hpp"

#include <QApplication>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QPainter>
#include <QSplitter>
#include <algorithm>
#include <numeric>

#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int deepest_split = 8;  // splits within splits, of a stored arrangement
constexpr int least_pane = 60;    // px

/// A line between two; by a style sheet the terminals below it would lose their own colours.
class PaneHandle : public QSplitterHandle {
 public:
  using QSplitterHandle::QSplitterHandle;

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter(this).fillRect(rect(), Theme::instance()->colors().border);
  }
};

class PaneSplitter : public QSplitter {
 public:
  using QSplitter::QSplitter;

 protected:
  QSplitterHandle* createHandle() override { return new PaneHandle(orientation(), this); }
};

TerminalView* view_in(QWidget* widget) { return qobject_cast<TerminalView*>(widget); }
QSplitter* splitter_in(QWidget* widget) { return qobject_cast<QSplitter*>(widget); }

void collect_views(QSplitter* splitter, QList<TerminalView*>& views) {
  for (int i = 0; i < splitter->count(); ++i) {
    if (auto* view = view_in(splitter->widget(i))) views.append(view);
    if (auto* inner = splitter_in(splitter->widget(i))) collect_views(inner, views);
  }
}

QJsonObject arrangement_of(QWidget* widget) {
  if (auto* view = view_in(widget))
    return view->terminal() ? QJsonObject{{QStringLiteral("view"), view->terminal()->id()}} : QJsonObject();
  auto* splitter = splitter_in(widget);
  if (!splitter) return {};
  QJsonArray parts, sizes;
  for (int i = 0; i < splitter->count(); ++i) parts.append(arrangement_of(splitter->widget(i)));
  for (const int size : splitter->sizes()) sizes.append(size);
  return {{QStringLiteral("split"),
           splitter->orientation() == Qt::Horizontal ? QStringLiteral("right") : QStringLiteral("down")},
          {QStringLiteral("sizes"), sizes},
          {QStringLiteral("of"), parts}};
}

}  // namespace

TerminalGroup::TerminalGroup(QWidget* parent) : QWidget(parent), root_(makeSplitter(Qt::Horizontal)) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(root_);
  connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
    if (!now || !isAncestorOf(now)) return;
    for (auto* view : views())
      if (view == now || view->isAncestorOf(now)) return setCurrent(view);
  });
}

QSplitter* TerminalGroup::makeSplitter(Qt::Orientation orientation) {
  auto* splitter = new PaneSplitter(orientation);
  splitter->setChildrenCollapsible(false);
  splitter->setHandleWidth(1);
  connect(splitter, &QSplitter::splitterMoved, this, &TerminalGroup::arrangementChanged);
  return splitter;
}

void TerminalGroup::adopt(TerminalView* view) {
  view->setMinimumSize(least_pane, least_pane);
  if (!current_) current_ = view;
}

void TerminalGroup::add(TerminalView* view, TerminalView* beside, Qt::Orientation orientation) {
  auto* splitter = beside ? splitter_in(beside->parentWidget()) : root_;
  if (!splitter) splitter = root_;
  if (!beside) {
    splitter->addWidget(view);
  } else if (splitter->orientation() == orientation || splitter->count() == 1) {
    splitter->setOrientation(orientation);
    auto sizes = splitter->sizes();
    const int at = splitter->indexOf(beside);
    splitter->insertWidget(at + 1, view);
    const int half = sizes.value(at) / 2;
    sizes[at] -= half;
    sizes.insert(at + 1, half);
    splitter->setSizes(sizes);
  } else {
    const auto sizes = splitter->sizes();
    auto* inner = makeSplitter(orientation);
    splitter->replaceWidget(splitter->indexOf(beside), inner);
    inner->addWidget(beside);
    inner->addWidget(view);
    inner->show();
    splitter->setSizes(sizes);
    inner->setSizes({1'000, 1'000});
  }
  adopt(view);
  view->show();
  if (beside) beside->show();
  showWhichIsCurrent();
  Q_EMIT arrangementChanged();
}

void TerminalGroup::take(TerminalView* view) {
  const auto before = views();
  const auto at = before.indexOf(view);
  auto* splitter = splitter_in(view->parentWidget());
  if (at < 0 || !splitter) return;
  view->setParent(nullptr);
  // A splitter of one is not one any more.
  while (splitter != root_ && splitter->count() == 1) {
    auto* around = splitter_in(splitter->parentWidget());
    const auto sizes = around->sizes();
    around->replaceWidget(around->indexOf(splitter), splitter->widget(0));
    around->setSizes(sizes);
    splitter->deleteLater();
    splitter = around;
  }
  if (root_->count() == 1)
    if (auto* inner = splitter_in(root_->widget(0))) {
      const auto sizes = inner->sizes();
      inner->setParent(nullptr);
      root_->setOrientation(inner->orientation());
      while (inner->count() > 0) root_->addWidget(inner->widget(0));
      root_->setSizes(sizes);
      inner->deleteLater();
    }
  if (current_ == view || !current_) {
    const auto left = views();
    current_ = left.isEmpty() ? nullptr : left.value(std::min(at, left.size() - 1));
    Q_EMIT currentChanged();
  }
  for (auto* left : views()) left->show();
  showWhichIsCurrent();
  Q_EMIT arrangementChanged();
}

QList<TerminalView*> TerminalGroup::views() const {
  QList<TerminalView*> views;
  collect_views(root_, views);
  return views;
}

TerminalView* TerminalGroup::current() const { return current_; }

void TerminalGroup::setCurrent(TerminalView* view) {
  if (current_ == view) return;
  current_ = view;
  showWhichIsCurrent();
  Q_EMIT currentChanged();
}

void TerminalGroup::showWhichIsCurrent() {
  const auto all = views();
  for (auto* view : all) view->setMark(all.size() > 1, view == current_);
}

TerminalView* TerminalGroup::neighbour(const TerminalView* view, int dx, int dy) const {
  const auto rect_of = [this](const TerminalView* one) {
    return QRect(one->mapTo(this, QPoint(0, 0)), one->size());
  };
  const auto here = rect_of(view);
  TerminalView* nearest = nullptr;
  int least = 0;
  for (auto* other : views()) {
    if (other == view) continue;
    const auto there = rect_of(other);
    const bool beyond = dx > 0   ? there.left() > here.right()
                        : dx < 0 ? there.right() < here.left()
                        : dy > 0 ? there.top() > here.bottom()
                                 : there.bottom() < here.top();
    if (!beyond) continue;
    const auto way = there.center() - here.center();
    // Straight ahead comes before what is nearer, but aside.
    const int distance =
        dx ? std::abs(way.x()) + 3 * std::abs(way.y()) : std::abs(way.y()) + 3 * std::abs(way.x());
    if (!nearest || distance < least) {
      nearest = other;
      least = distance;
    }
  }
  return nearest;
}

void TerminalGroup::resizeCurrent(int dx, int dy) {
  const auto wanted = dx ? Qt::Horizontal : Qt::Vertical;
  for (QWidget* part = current_; part && part != root_; part = part->parentWidget()) {
    auto* splitter = splitter_in(part->parentWidget());
    if (!splitter || splitter->orientation() != wanted || splitter->count() < 2) continue;
    auto sizes = splitter->sizes();
    const int at = splitter->indexOf(part);
    // The border behind it, or before the last one.
    const int first = at + 1 < splitter->count() ? at : at - 1;
    const int least = least_pane - sizes[first], most = sizes[first + 1] - least_pane;
    if (least > most) return;  // a window so small that neither has its least
    const int by = std::clamp(dx + dy, least, most);
    sizes[first] += by;
    sizes[first + 1] -= by;
    splitter->setSizes(sizes);
    return Q_EMIT arrangementChanged();
  }
}

QJsonObject TerminalGroup::arrangement() const {
  return root_->count() == 1 ? arrangement_of(root_->widget(0)) : arrangement_of(root_);
}

QWidget* TerminalGroup::built(const QJsonObject& arrangement,
                              const std::function<TerminalView*(const QString&)>& find, int depth) {
  if (arrangement.contains(QLatin1String("view"))) {
    auto* view = find(arrangement.value(QLatin1String("view")).toString());
    if (view) adopt(view);
    return view;
  }
  if (depth >= deepest_split) return nullptr;
  QList<QWidget*> parts;
  QList<int> sizes;
  const auto stored = arrangement.value(QLatin1String("sizes")).toArray();
  int at = 0;
  for (const auto& part : arrangement.value(QLatin1String("of")).toArray()) {
    if (auto* widget = built(part.toObject(), find, depth + 1)) {
      parts.append(widget);
      sizes.append(std::clamp(stored.at(at).toInt(), least_pane, 10'000));
    }
    ++at;
  }
  if (parts.size() < 2) return parts.value(0);
  auto* splitter = makeSplitter(arrangement.value(QLatin1String("split")).toString() == QLatin1String("down")
                                    ? Qt::Vertical
                                    : Qt::Horizontal);
  for (auto* part : parts) splitter->addWidget(part);
  splitter->setSizes(sizes);
  return splitter;
}

void TerminalGroup::arrange(const QJsonObject& arrangement,
                            const std::function<TerminalView*(const QString&)>& find) {
  auto* widget = built(arrangement, find, 0);
  if (auto* splitter = splitter_in(widget)) {
    delete layout()->replaceWidget(root_, splitter);
    root_->deleteLater();
    root_ = splitter;
  } else if (widget) {
    root_->addWidget(widget);
  }
  for (auto* view : views()) view->show();
  showWhichIsCurrent();
  Q_EMIT arrangementChanged();
}

}  // namespace berth::desktop
