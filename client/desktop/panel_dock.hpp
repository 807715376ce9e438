// SPDX-License-Identifier: GPL-3.0-or-later
// A panel at an edge of a workspace's window, that can be dragged elsewhere by its title. Of those that lie
// in one place one shows; the title leads to the others.
#pragma once

#include <QDockWidget>

class QMainWindow;

namespace berth::desktop {

class PanelHeader;

class PanelDock : public QDockWidget {
  Q_OBJECT

 public:
  PanelDock(const QString& id, const QString& title, const QIcon& icon, QWidget* panel,
            Qt::DockWidgetArea usual, QMainWindow* window);

  QString id() const { return id_; }
  Qt::DockWidgetArea usualArea() const { return usual_; }
  QIcon icon() const { return icon_; }
  /// A number behind its title: of what waits to be looked at.
  void setCount(int count);
  int count() const { return count_; }
  /// In its place it comes before the others; it gets the keys where `keys`.
  void present(bool keys);
  /// The others in its place.
  QList<PanelDock*> siblings() const;
  /// Others came into its place, or left it.
  void refreshTitle();

 Q_SIGNALS:
  void countChanged();

 private:
  void settle();

  QString id_;
  QIcon icon_;
  Qt::DockWidgetArea usual_;
  qsizetype number_;  // of those of the window, in the order they were made
  PanelHeader* header_;
  int count_ = 0;
};

}  // namespace berth::desktop
