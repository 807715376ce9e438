// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/editor_group.hpp"

#include <QApplication>
#include <QCursor>
#include <QDrag>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <QTabBar>
#include <QTimer>
#include <QToolButton>

#include "client/core/base_name.hpp"
#include "client/core/plain_tip.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/file_icons.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

namespace {

constexpr int leaves_bar = 18;         // px beyond the bar, from which a tab is dragged out of it
constexpr double edge_of_zone = 0.28;  // of the width or height

/// Whether Escape ended a drag. Qt's own filter takes all keys while one goes on: this one comes before it,
/// as it is installed later, within the drag.
class EscapeWatch : public QObject {
 public:
  EscapeWatch() {
    QTimer::singleShot(0, this, [this] { qApp->installEventFilter(this); });
  }
  bool pressed() const { return pressed_; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride)
      pressed_ = pressed_ || static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape;
    return QObject::eventFilter(watched, event);
  }

 private:
  bool pressed_ = false;
};

}  // namespace

QString tab_mime_type() { return QStringLiteral("application/x-berth-tab"); }

/// Moves tabs as QTabBar does, until the mouse leaves it: then the tab is dragged.
class GroupTabBar : public QTabBar {
 public:
  GroupTabBar(EditorGroup* group, EditorArea* area) : QTabBar(group), group_(group), area_(area) {
    setAcceptDrops(true);
    setContextMenuPolicy(Qt::CustomContextMenu);
  }

 protected:
  void mousePressEvent(QMouseEvent* event) override {
    pressed_ = event->button() == Qt::LeftButton ? tabAt(event->position().toPoint()) : -1;
    QTabBar::mousePressEvent(event);
  }

  void mouseMoveEvent(QMouseEvent* event) override {
    const auto room = rect().adjusted(-leaves_bar, -leaves_bar, leaves_bar, leaves_bar);
    if (pressed_ < 0 || !(event->buttons() & Qt::LeftButton) || room.contains(event->position().toPoint()))
      return QTabBar::mouseMoveEvent(event);
    // QTabBar lets go of it first, where it has been moved to.
    QMouseEvent release(QEvent::MouseButtonRelease, event->position(), event->globalPosition(),
                        Qt::LeftButton, Qt::NoButton, event->modifiers());
    QTabBar::mouseReleaseEvent(&release);
    pressed_ = -1;
    drag(currentIndex());
  }

  void mouseReleaseEvent(QMouseEvent* event) override {
    pressed_ = -1;
    QTabBar::mouseReleaseEvent(event);
    if (event->button() != Qt::MiddleButton) return;
    if (auto* tab = qobject_cast<EditorTab*>(group_->widget(tabAt(event->position().toPoint()))))
      Q_EMIT group_->closeWanted(tab);
  }

  void dragEnterEvent(QDragEnterEvent* event) override { accept(event); }
  void dragMoveEvent(QDragMoveEvent* event) override { accept(event); }
  void dropEvent(QDropEvent* event) override {
    if (!area_->dragged() || !event->mimeData()->hasFormat(tab_mime_type())) return;
    event->acceptProposedAction();
    group_->dropped(DropZone::here, tabAt(event->position().toPoint()));
  }

 private:
  void accept(QDropEvent* event) const {
    if (area_->dragged() && event->mimeData()->hasFormat(tab_mime_type())) event->acceptProposedAction();
  }

  void drag(int at) {
    const QPointer<EditorTab> tab(qobject_cast<EditorTab*>(group_->widget(at)));
    if (!tab) return;
    const QPointer<EditorArea> area(area_);
    auto* drag = new QDrag(area_);  // not this: the bar may go when its last tab is dropped elsewhere
    auto* data = new QMimeData;
    data->setData(tab_mime_type(), QByteArrayLiteral("1"));
    drag->setMimeData(data);
    drag->setPixmap(grab(tabRect(at)));
    drag->setHotSpot({12, 12});
    area->beginDrag(tab);
    EscapeWatch watch;
    const auto taken = drag->exec(Qt::MoveAction);
    if (!area) return;
    area->endDrag();
    // Wayland tells neither where that was nor whether Escape ended it: there the tab stays.
    if (taken == Qt::IgnoreAction && tab && !watch.pressed() &&
        !QGuiApplication::platformName().startsWith(QLatin1String("wayland")))
      area->droppedOutside(tab, QCursor::pos());
  }

  EditorGroup* group_;
  EditorArea* area_;
  int pressed_ = -1;
};

EditorGroup::EditorGroup(EditorArea* area, QWidget* parent)
    : QTabWidget(parent), area_(area), overlay_(new TabDropOverlay(this, area)) {
  setTabBar(new GroupTabBar(this, area));
  setDocumentMode(true);
  setMovable(true);
  setTabsClosable(false);  // own close buttons, tinted for the theme
  setUsesScrollButtons(true);
  setElideMode(Qt::ElideMiddle);
  setIconSize({16, 16});
  setMinimumSize(120, 80);
  setAccessibleName(tr("Open texts"));
  tabBar()->setAccessibleName(tr("Open texts"));
  tabBar()->setObjectName(QStringLiteral("groupTabs"));
  overlay_->hide();
  connect(this, &QTabWidget::currentChanged, this, [this] {
    if (auto* tab = current()) {
      shown_.removeAll(tab);
      shown_.append(tab);
    }
    Q_EMIT shownChanged();
  });
  connect(tabBar(), &QWidget::customContextMenuRequested, this, [this](const QPoint& position) {
    if (auto* tab = qobject_cast<EditorTab*>(widget(tabBar()->tabAt(position))))
      Q_EMIT menuWanted(tab, tabBar()->mapToGlobal(position));
  });
  connect(tabBar(), &QTabBar::tabMoved, this, &EditorGroup::shownChanged);
}

EditorTab* EditorGroup::current() const { return qobject_cast<EditorTab*>(currentWidget()); }

QList<EditorTab*> EditorGroup::tabs() const {
  QList<EditorTab*> out;
  for (int i = 0; i < count(); ++i) out.append(static_cast<EditorTab*>(widget(i)));
  return out;
}

void EditorGroup::insert(EditorTab* tab, int at) {
  const auto path = tab->document()->path();
  at = insertTab(at < 0 ? count() : at, tab, file_icon(client::base_name(path)), QString());
  auto* close = new QToolButton;
  close->setIcon(Theme::icon(QStringLiteral("window-close"), Theme::Tint::muted));
  close->setIconSize({12, 12});
  close->setFixedSize(18, 18);
  close->setStyleSheet(QStringLiteral(
      "QToolButton{background:transparent;border:none;border-radius:4px;padding:0;margin-left:4px}"));
  close->setToolTip(tr("Close (Ctrl+W)"));
  close->setAccessibleName(tr("Close %1").arg(path));
  connect(close, &QToolButton::clicked, this, [this, tab] { Q_EMIT closeWanted(tab); });
  tabBar()->setTabButton(at, QTabBar::RightSide, close);
  setCurrentIndex(at);
}

void EditorGroup::release(EditorTab* tab) {
  const int at = indexOf(tab);
  if (at < 0) return;
  shown_.removeAll(tab);
  // Goes back to what was looked at before, not to the neighbour.
  if (tab == current() && !shown_.isEmpty()) setCurrentWidget(shown_.constLast());
  auto* close = tabBar()->tabButton(indexOf(tab), QTabBar::RightSide);
  removeTab(indexOf(tab));
  if (close) close->deleteLater();
  shown_.removeAll(tab);
  tab->setParent(nullptr);
}

void EditorGroup::setTitle(EditorTab* tab, const QString& title, const QString& path) {
  const int at = indexOf(tab);
  if (at < 0 || (tabText(at) == title && tabToolTip(at) == client::plain_tip(path))) return;
  setTabText(at, title);
  setTabToolTip(at, client::plain_tip(path));
  setTabIcon(at, file_icon(client::base_name(path)));
}

void EditorGroup::setActive(bool active) {
  active_ = active;
  // Of several groups one is meant: the others' tabs say so by a paler line (theme_style.cpp).
  if (tabBar()->property("passive") == !active) return;
  tabBar()->setProperty("passive", !active);
  tabBar()->style()->unpolish(tabBar());
  tabBar()->style()->polish(tabBar());
}

void EditorGroup::showDropPlaces(bool shown) {
  const int top = tabBar()->isVisible() ? tabBar()->height() : 0;
  overlay_->setGeometry(rect().adjusted(0, top, 0, 0));
  overlay_->setVisible(shown);
  if (shown) overlay_->raise();
}

void EditorGroup::dropped(DropZone zone, int at) { area_->drop(this, zone, at); }

void EditorGroup::resizeEvent(QResizeEvent* event) {
  QTabWidget::resizeEvent(event);
  if (overlay_->isVisible()) showDropPlaces(true);
}

TabDropOverlay::TabDropOverlay(EditorGroup* group, EditorArea* area)
    : QWidget(group), group_(group), area_(area) {
  setAcceptDrops(true);
  setFocusPolicy(Qt::NoFocus);
}

DropZone TabDropOverlay::zoneAt(const QPointF& place, const QSize& size) {
  const double x = place.x() / std::max(1, size.width());
  const double y = place.y() / std::max(1, size.height());
  // Of the edges the nearest, where it is near enough.
  const std::pair<double, DropZone> edges[]{
      {x, DropZone::left}, {1 - x, DropZone::right}, {y, DropZone::above}, {1 - y, DropZone::below}};
  const auto* nearest = std::ranges::min_element(edges, {}, &std::pair<double, DropZone>::first);
  return nearest->first < edge_of_zone ? nearest->second : DropZone::here;
}

void TabDropOverlay::dragEnterEvent(QDragEnterEvent* event) {
  if (!area_->dragged() || !event->mimeData()->hasFormat(tab_mime_type())) return;
  event->acceptProposedAction();
  over_ = true;
  zone_ = zoneAt(event->position(), size());
  update();
}

void TabDropOverlay::dragMoveEvent(QDragMoveEvent* event) {
  if (!over_) return;
  event->acceptProposedAction();
  if (std::exchange(zone_, zoneAt(event->position(), size())) != zone_) update();
}

void TabDropOverlay::dragLeaveEvent(QDragLeaveEvent*) {
  over_ = false;
  update();
}

void TabDropOverlay::dropEvent(QDropEvent* event) {
  over_ = false;
  if (!area_->dragged()) return;
  event->acceptProposedAction();
  group_->dropped(zoneAt(event->position(), size()), -1);
}

void TabDropOverlay::paintEvent(QPaintEvent*) {
  if (!over_) return;
  auto place = rect();
  if (zone_ == DropZone::left) place.setRight(place.center().x());
  if (zone_ == DropZone::right) place.setLeft(place.center().x());
  if (zone_ == DropZone::above) place.setBottom(place.center().y());
  if (zone_ == DropZone::below) place.setTop(place.center().y());
  auto fill = Theme::instance()->colors().accent;
  QPainter painter(this);
  painter.setPen(QPen(fill, 2));
  fill.setAlphaF(0.16f);
  painter.setBrush(fill);
  painter.drawRect(place.adjusted(1, 1, -1, -1));
}

}  // namespace berth::desktop
