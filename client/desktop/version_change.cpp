// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/version_change.hpp"

#include <QListWidget>

#include "client/core/base_name.hpp"
#include "client/core/plain_tip.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

using client::History;
using protocol::rest::VersionChangeKind;

QString word_of(VersionChangeKind kind) {
  switch (kind) {
    case VersionChangeKind::added:
      return HistoryWindow::tr("added");
    case VersionChangeKind::modified:
      return HistoryWindow::tr("changed");
    case VersionChangeKind::deleted:
      return HistoryWindow::tr("deleted");
  }
  return {};
}

QIcon icon_of(VersionChangeKind kind) {
  switch (kind) {
    case VersionChangeKind::added:
      return Theme::icon(QStringLiteral("list-add"), Theme::Tint::good);
    case VersionChangeKind::modified:
      return Theme::icon(QStringLiteral("document-edit"), Theme::Tint::warning);
    case VersionChangeKind::deleted:
      return Theme::icon(QStringLiteral("list-remove"), Theme::Tint::bad);
  }
  return {};
}

}  // namespace

void add_change(QListWidget* list, const History::Change& change) {
  const auto path = QString::fromStdString(change.path);
  const auto folder = path.section(QLatin1Char('/'), 0, -2);
  const auto name = client::base_name(path);
  auto* item = new QListWidgetItem(
      icon_of(change.kind), folder.isEmpty() ? name : QStringLiteral("%1    %2").arg(name, folder), list);
  const auto tip = HistoryWindow::tr("%1, %2").arg(path, word_of(change.kind));
  item->setToolTip(client::plain_tip(tip));
  item->setData(Qt::AccessibleTextRole, tip);
}

QString changes_hint(const History& history) {
  if (history.changesState() == History::State::loading) return HistoryWindow::tr("Comparing…");
  if (history.changesState() == History::State::failed) return history.problem();
  if (!history.chosen()) return {};
  if (history.isTruncated())
    return HistoryWindow::tr("More files differ; these are the first five thousand.");
  if (history.changes().empty()) return HistoryWindow::tr("No file differs from the version before.");
  return {};
}

}  // namespace berth::desktop
