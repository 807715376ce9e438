// SPDX-License-Identifier: GPL-3.0-or-later
// The terminals of one tab, side by side and below each other.
#pragma once

#include <QJsonObject>
#include <QPointer>
#include <QWidget>
#include <functional>

class QSplitter;

namespace berth::desktop {

class TerminalView;

class TerminalGroup : public QWidget {
  Q_OBJECT

 public:
  explicit TerminalGroup(QWidget* parent = nullptr);

  /// Halves the room of `beside`; without one the view is the first.
  void add(TerminalView* view, TerminalView* beside, Qt::Orientation orientation);
  /// Out of the group; it has no parent then.
  void take(TerminalView* view);
  QList<TerminalView*> views() const;  // left to right and down, as they stand
  bool isEmpty() const { return views().isEmpty(); }
  /// The one that had the keys last.
  TerminalView* current() const;
  void setCurrent(TerminalView* view);
  /// The nearest in a direction (dx or dy is ±1); nullptr where there is none.
  TerminalView* neighbour(const TerminalView* view, int dx, int dy) const;
  /// Moves the border of the current one by so many px.
  void resizeCurrent(int dx, int dy);

  /// How they stand: {"view": id}, or {"split": "right" | "down", "sizes": [...], "of": [...]}.
  QJsonObject arrangement() const;
  /// Puts views where it says; `find` gives the view of an id, or nullptr, each at most once. What is not
  /// there is left out. Only of an empty group.
  void arrange(const QJsonObject& arrangement, const std::function<TerminalView*(const QString&)>& find);

 Q_SIGNALS:
  /// Another one has the keys.
  void currentChanged();
  /// Views came, went or have other sizes.
  void arrangementChanged();

 private:
  QSplitter* makeSplitter(Qt::Orientation orientation);
  void adopt(TerminalView* view);
  void showWhichIsCurrent();
  QWidget* built(const QJsonObject& arrangement, const std::function<TerminalView*(const QString&)>& find,
                 int depth);

  QSplitter* root_;
  QPointer<TerminalView> current_;
};

}  // namespace berth::desktop
