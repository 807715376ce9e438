// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/editor_groups.hpp"

#include <QJsonArray>
#include <QSplitter>
#include <QVBoxLayout>
#include <numeric>

#include "client/desktop/editor_group.hpp"

namespace berth::desktop {
namespace {

constexpr int deepest = 8;
constexpr qsizetype most_groups = 16;

void collect(const QSplitter* splitter, QList<EditorGroup*>& out) {
  for (int i = 0; i < splitter->count(); ++i) {
    if (auto* group = qobject_cast<EditorGroup*>(splitter->widget(i)))
      out.append(group);
    else if (const auto* inner = qobject_cast<QSplitter*>(splitter->widget(i)))
      collect(inner, out);
  }
}

QJsonObject save_splitter(const QSplitter* splitter, const std::function<QJsonObject(EditorGroup*)>& group) {
  QJsonArray children;
  for (int i = 0; i < splitter->count(); ++i) {
    if (auto* one = qobject_cast<EditorGroup*>(splitter->widget(i)))
      children.append(group(one));
    else if (const auto* inner = qobject_cast<QSplitter*>(splitter->widget(i)))
      children.append(save_splitter(inner, group));
  }
  QJsonArray sizes;
  for (const int size : splitter->sizes()) sizes.append(size);
  return {{QStringLiteral("split"),
           splitter->orientation() == Qt::Horizontal ? QStringLiteral("row") : QStringLiteral("column")},
          {QStringLiteral("sizes"), sizes},
          {QStringLiteral("of"), children}};
}

void even_splitter(QSplitter* splitter) {
  const auto sizes = splitter->sizes();
  const int all = std::accumulate(sizes.begin(), sizes.end(), 0);
  splitter->setSizes(QList<int>(sizes.size(), all / std::max(1, static_cast<int>(sizes.size()))));
  for (int i = 0; i < splitter->count(); ++i)
    if (auto* inner = qobject_cast<QSplitter*>(splitter->widget(i))) even_splitter(inner);
}

}  // namespace

EditorGroups::EditorGroups(Make make, QWidget* parent)
    : QWidget(parent), make_(std::move(make)), root_(makeSplitter(Qt::Horizontal)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(root_);
  root_->addWidget(make_());
}

QSplitter* EditorGroups::makeSplitter(Qt::Orientation orientation) {
  auto* splitter = new QSplitter(orientation);
  splitter->setObjectName(QStringLiteral("editorGroups"));
  splitter->setChildrenCollapsible(false);
  splitter->setHandleWidth(1);
  return splitter;
}

QList<EditorGroup*> EditorGroups::all() const {
  QList<EditorGroup*> out;
  collect(root_, out);
  return out;
}

bool EditorGroups::contains(const EditorGroup* group) const { return group && root_->isAncestorOf(group); }

EditorGroup* EditorGroups::split(EditorGroup* group, DropZone zone) {
  const auto orientation = zone == DropZone::left || zone == DropZone::right ? Qt::Horizontal : Qt::Vertical;
  const int behind = zone == DropZone::right || zone == DropZone::below ? 1 : 0;
  auto* splitter = qobject_cast<QSplitter*>(group->parentWidget());
  auto* made = make_();
  if (splitter->count() == 1) splitter->setOrientation(orientation);
  if (splitter->orientation() == orientation) {
    const int at = splitter->indexOf(group);
    auto sizes = splitter->sizes();
    const int half = sizes[at] / 2;
    sizes[at] -= half;
    sizes.insert(at + behind, half);
    splitter->insertWidget(at + behind, made);
    splitter->setSizes(sizes);
  } else {
    const auto outer_sizes = splitter->sizes();
    const int room = orientation == Qt::Horizontal ? group->width() : group->height();
    auto* inner = makeSplitter(orientation);
    splitter->replaceWidget(splitter->indexOf(group), inner);
    inner->addWidget(group);
    inner->insertWidget(behind, made);
    splitter->setSizes(outer_sizes);
    inner->setSizes({room / 2, room - room / 2});
    inner->show();
  }
  group->show();
  made->show();
  return made;
}

void EditorGroups::remove(EditorGroup* group) {
  if (all().size() == 1) return;
  auto* splitter = qobject_cast<QSplitter*>(group->parentWidget());
  group->hide();
  group->setParent(this);  // out of its splitter
  group->deleteLater();
  prune(splitter);
}

/// A splitter of one child gives its place to it.
void EditorGroups::prune(QSplitter* splitter) {
  while (splitter != root_ && splitter->count() <= 1) {
    auto* outer = qobject_cast<QSplitter*>(splitter->parentWidget());
    if (splitter->count() == 1) {
      const auto sizes = outer->sizes();
      auto* only = splitter->widget(0);
      outer->replaceWidget(outer->indexOf(splitter), only);
      outer->setSizes(sizes);
      only->show();
    } else {
      splitter->setParent(this);
    }
    splitter->hide();
    splitter->deleteLater();
    splitter = outer;
  }
}

void EditorGroups::even() { even_splitter(root_); }

QJsonObject EditorGroups::save(const std::function<QJsonObject(EditorGroup*)>& group) const {
  return save_splitter(root_, group);
}

void EditorGroups::restore(const QJsonObject& saved,
                           const std::function<void(EditorGroup*, const QJsonObject&)>& fill) {
  qsizetype made = 0;
  const auto build = [&](const auto& self, QSplitter* splitter, const QJsonObject& node, int depth) -> void {
    splitter->setOrientation(node.value(QLatin1String("split")).toString() == QLatin1String("column")
                                 ? Qt::Vertical
                                 : Qt::Horizontal);
    const auto children = node.value(QLatin1String("of")).toArray();
    for (const auto& value : children) {
      const auto child = value.toObject();
      if (made >= most_groups) break;
      if (!child.contains(QLatin1String("of"))) {
        ++made;
        auto* group = make_();
        splitter->addWidget(group);
        fill(group, child);
      } else if (depth < deepest) {
        auto* inner = makeSplitter(Qt::Horizontal);
        splitter->addWidget(inner);
        self(self, inner, child, depth + 1);
        if (inner->count() == 0) delete inner;
      }
    }
    QList<int> sizes;
    const auto told = node.value(QLatin1String("sizes")).toArray();
    for (const auto& size : told) sizes.append(std::clamp(size.toInt(), 0, 100'000));
    if (sizes.size() == splitter->count()) splitter->setSizes(sizes);
  };
  auto* old = root_;
  root_ = makeSplitter(Qt::Horizontal);
  build(build, root_, saved, 0);
  if (root_->count() == 0) root_->addWidget(make_());
  delete layout()->replaceWidget(old, root_);  // its item
  root_->show();
  old->hide();
  old->deleteLater();
}

}  // namespace berth::desktop
