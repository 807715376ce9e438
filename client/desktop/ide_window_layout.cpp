// SPDX-License-Identifier: GPL-3.0-or-later
// Where everything of a workspace's window is, written and read: its geometry, its docks, its texts.
#include <QJsonArray>
#include <QJsonDocument>
#include <QSettings>
#include <QToolBar>

#include "client/core/server_connection.hpp"
#include "client/desktop/activity_bar.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/panel_dock.hpp"
#include "client/desktop/status_strip.hpp"

namespace berth::desktop {
namespace {

constexpr int state_version = 2;               // of QMainWindow's own part
constexpr int layout_version = 2;              // of ours
constexpr qsizetype longest_layout = 1 << 20;  // bytes

QString base64(const QByteArray& bytes) { return QString::fromLatin1(bytes.toBase64()); }

QByteArray bytes_of(const QJsonObject& object, const char* name) {
  return QByteArray::fromBase64(object.value(QLatin1String(name)).toString().toLatin1());
}

QJsonObject parse_layout(const QByteArray& layout) {
  if (layout.size() > longest_layout) return {};
  const auto object = QJsonDocument::fromJson(layout).object();
  return object.value(QLatin1String("version")).toInt() == layout_version ? object : QJsonObject();
}

}  // namespace

QString IdeWindow::settingsKey(const QString& name) const {
  return QStringLiteral("workspaces/%1/%2").arg(workspace_->id(), name);
}

QByteArray IdeWindow::saveLayout() const {
  QJsonArray known;
  for (const auto* dock : panels_) known.append(dock->id());
  const QJsonObject layout{
      {QStringLiteral("version"), layout_version},
      {QStringLiteral("geometry"), base64(saveGeometry())},
      // Only the text is not how it is to be when it is opened the next time.
      {QStringLiteral("docks"), base64(before_zen_.isEmpty() ? saveState(state_version) : before_zen_)},
      {QStringLiteral("panels"), known},
      {QStringLiteral("editors"), waiting_editors_.isEmpty() ? editors_->saveLayout() : waiting_editors_}};
  return QJsonDocument(layout).toJson(QJsonDocument::Compact);
}

bool IdeWindow::restoreLayout(const QByteArray& layout) {
  const auto object = parse_layout(layout);
  if (object.isEmpty()) return false;
  restoreGeometry(bytes_of(object, "geometry"));
  restoreDocks(object);
  waiting_editors_ = object.value(QLatin1String("editors")).toObject();
  opened_files_ = false;
  if (workspace_->connection()->online()) openFirstFiles();
  return true;
}

void IdeWindow::restoreDocks(const QJsonObject& layout) {
  laying_out_ = true;
  const auto known = layout.value(QLatin1String("panels")).toArray();
  const auto before = saveState(state_version);
  if (!restoreState(bytes_of(layout, "docks"), state_version)) restoreState(before, state_version);
  // A panel that the layout knows nothing of is where it usually is, behind the others.
  for (auto* dock : panels_)
    if (!known.contains(dock->id())) {
      addDockWidget(dock->usualArea(), dock);
      for (auto* other : panelsIn(dock->usualArea()))
        if (other != dock && known.contains(other->id())) {
          tabifyDockWidget(other, dock);
          break;
        }
      dock->hide();
    }
  for (auto* dock : panels_) dock->refreshTitle();
  laying_out_ = false;
}

void IdeWindow::restorePlace() {
  QSettings settings;
  resize(1280, 820);
  resetLayout();
  // A window never seen before takes the shape of the last one.
  for (const auto& key : {settingsKey(QStringLiteral("layout")), QStringLiteral("ide/layout")}) {
    const auto layout = parse_layout(settings.value(key).toByteArray());
    if (layout.isEmpty()) continue;
    restoreGeometry(bytes_of(layout, "geometry"));
    restoreDocks(layout);
    break;
  }
  waiting_editors_ = parse_layout(settings.value(settingsKey(QStringLiteral("layout"))).toByteArray())
                         .value(QLatin1String("editors"))
                         .toObject();
}

void IdeWindow::storePlace() {
  const auto layout = saveLayout();
  QSettings settings;
  settings.setValue(settingsKey(QStringLiteral("layout")), layout);
  settings.setValue(QStringLiteral("ide/layout"), layout);
}

void IdeWindow::openFirstFiles() {
  if (std::exchange(opened_files_, true)) return;
  if (const auto stored = std::exchange(waiting_editors_, {}); !stored.isEmpty())
    return editors_->restoreLayout(stored);
  if (!workspace_->facts().open_file.empty() && !editors_->current()) openFirstFile();
}

void IdeWindow::toggleZen() {
  const bool begins = before_zen_.isEmpty();
  if (begins) {
    before_zen_ = saveState(state_version);
    for (auto* dock : panels_)
      if (!dock->isFloating()) dock->hide();
  }
  for (auto* bar :
       {static_cast<QWidget*>(tool_bar_), static_cast<QWidget*>(activity_), static_cast<QWidget*>(status_)})
    bar->setVisible(!begins);
  if (!begins) restoreState(std::exchange(before_zen_, {}), state_version);
  editors_->focusText();
}

}  // namespace berth::desktop
