// SPDX-License-Identifier: GPL-3.0-or-later
// Groups of tabs laid out beside and below each other in splitters: the middle of a workspace's window, and
// all of a further one. It knows nothing of documents.
#pragma once

#include <QJsonObject>
#include <QWidget>
#include <functional>

class QSplitter;

namespace berth::desktop {

class EditorGroup;

/// Where something is put that is dropped onto a group.
enum class DropZone { here, left, right, above, below };

class EditorGroups : public QWidget {
  Q_OBJECT

 public:
  using Make = std::function<EditorGroup*()>;
  /// `make` gives a new empty group; there is always at least one.
  explicit EditorGroups(Make make, QWidget* parent = nullptr);

  /// As they are read: from left to right, from top to bottom.
  QList<EditorGroup*> all() const;
  /// A new empty group beside `group`, which gives it half of its room; `zone` is not `here`.
  EditorGroup* split(EditorGroup* group, DropZone zone);
  /// Deletes it later, and its neighbours take the room; the only one stays.
  void remove(EditorGroup* group);
  /// Gives every group of a row or column the same room.
  void even();
  bool contains(const EditorGroup* group) const;

  /// Splits and sizes; `group` tells of one group.
  QJsonObject save(const std::function<QJsonObject(EditorGroup*)>& group) const;
  /// Makes the groups anew as save() told them; `fill` is called for each. Nested at most 8 deep, at most 16
  /// groups: the rest is left out. What is there must be empty.
  void restore(const QJsonObject& saved, const std::function<void(EditorGroup*, const QJsonObject&)>& fill);

 private:
  QSplitter* makeSplitter(Qt::Orientation orientation);
  void prune(QSplitter* splitter);

  Make make_;
  QSplitter* root_;
};

}  // namespace berth::desktop
