// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/quick_open.hpp"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QRegularExpression>

#include "client/core/file_index.hpp"
#include "client/core/fuzzy_match.hpp"
#include "client/core/plain_tip.hpp"
#include "client/desktop/file_icons.hpp"

namespace berth::desktop {
namespace {

constexpr int most_files_shown = 50;

/// "main.py:12" is a name and a line.
std::pair<QString, int> name_and_line(const QString& typed) {
  static const QRegularExpression with_line(QStringLiteral("^(.*?):(\\d{0,9})(?::\\d*)?$"));
  const auto match = with_line.match(typed);
  if (!match.hasMatch()) return {typed, 0};
  return {match.captured(1), match.captured(2).toInt()};
}

}  // namespace

QuickOpen::QuickOpen(client::FileIndex* index, QStringList recent, QWidget* window)
    : ListPopup(window, tr("Name of a file"), tr("Files"), 600, 420),
      index_(index),
      recent_(std::move(recent)) {
  connect(index_, &client::FileIndex::changed, this, [this] { fill(); });
  index_->walk();
  openWith();
}

void QuickOpen::fill() {
  const auto [name_typed, line] = name_and_line(typed());
  const auto* before = list()->currentItem();
  const auto chosen = before && !name_typed.isEmpty() ? before->data(Qt::UserRole).toString() : QString();
  if (const auto text = typed();
      text.startsWith(u'>') || text.startsWith(u'@') || (text.startsWith(u':') && line == 0)) {
    const auto kind = text.front();
    QObject::disconnect(index_, nullptr, this, nullptr);  // it is filled no more
    QObject::disconnect(field(), nullptr, this, nullptr);
    close();
    return Q_EMIT otherWanted(kind);
  }
  list()->clear();
  for (const auto& path : client::best_matches(name_typed, index_->files(), recent_, most_files_shown)) {
    const auto name = path.section(QLatin1Char('/'), -1);
    auto* item = new QListWidgetItem(file_icon(name), name, list());
    item->setData(Qt::UserRole, path);
    item->setData(DetailRole, path.section(QLatin1Char('/'), 1, -2));
    if (const auto match = client::fuzzy_match(name_typed, name))
      item->setData(MatchRole, QVariant::fromValue(match->at));
    item->setToolTip(client::plain_tip(path));
    if (path == chosen && sender() == index_) list()->setCurrentItem(item);
  }
  if (!list()->currentItem()) list()->setCurrentRow(0);
  fit(index_->isWalking() ? tr("Looking…")
      : index_->isCut()   ? tr("Nothing found among the first ten thousand files.")
                          : tr("No file has such a name."));
}

void QuickOpen::choose() { take(false); }

void QuickOpen::take(bool aside) {
  const auto* item = list()->currentItem();
  if (!item) return;
  const auto path = item->data(Qt::UserRole).toString();
  const int line = name_and_line(typed()).second;
  close();
  Q_EMIT chosen(path, line, aside);
}

bool QuickOpen::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    if (enter && key->modifiers().testFlag(Qt::ControlModifier)) return take(true), true;
  }
  return ListPopup::eventFilter(watched, event);
}

}  // namespace berth::desktop
