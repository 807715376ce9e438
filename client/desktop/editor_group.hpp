// SPDX-License-Identifier: GPL-3.0-or-later
// One group of tabs with texts. Tabs are moved within it by the mouse, and dragged out of it into others.
#pragma once

#include <QTabWidget>

#include "client/desktop/editor_groups.hpp"

namespace berth::desktop {

class EditorArea;
class EditorTab;
class TabDropOverlay;

class EditorGroup : public QTabWidget {
  Q_OBJECT

 public:
  explicit EditorGroup(EditorArea* area, QWidget* parent = nullptr);

  EditorTab* current() const;
  QList<EditorTab*> tabs() const;
  /// Puts it before tab `at`, at the end for -1, and shows it.
  void insert(EditorTab* tab, int at = -1);
  /// Takes it out; what was shown before it shows then. The tab has no parent afterwards.
  void release(EditorTab* tab);
  void setTitle(EditorTab* tab, const QString& title, const QString& path);
  /// The one that commands mean, of several.
  void setActive(bool active);
  bool isActive() const { return active_; }
  /// While a tab is dragged: where it may be dropped is shown over the text.
  void showDropPlaces(bool shown);
  /// As if a tab was dropped there: for the overlay and the bar.
  void dropped(DropZone zone, int at);
  TabDropOverlay* overlay() const { return overlay_; }

 Q_SIGNALS:
  /// Another tab shows, or none.
  void shownChanged();
  void closeWanted(EditorTab* tab);
  void menuWanted(EditorTab* tab, const QPoint& at);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  EditorArea* area_;
  TabDropOverlay* overlay_;
  QList<EditorTab*> shown_;  // the newest shown last
  bool active_ = false;
};

/// Lies over a group's text while a tab is dragged, takes it and shows where it would go.
class TabDropOverlay : public QWidget {
  Q_OBJECT

 public:
  TabDropOverlay(EditorGroup* group, EditorArea* area);
  /// What a drop at this place of an overlay of this size means.
  static DropZone zoneAt(const QPointF& place, const QSize& size);

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragMoveEvent(QDragMoveEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  EditorGroup* group_;
  EditorArea* area_;
  bool over_ = false;
  DropZone zone_ = DropZone::here;
};

/// What a dragged tab is on the clipboard of the drag; it says nothing but that it is one.
QString tab_mime_type();

}  // namespace berth::desktop
