// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/quick_open.hpp"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include "client/core/file_index.hpp"
#include "client/core/plain_tip.hpp"
#include "client/desktop/file_icons.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int most_shown = 50;

}  // namespace

QuickOpen::QuickOpen(client::FileIndex* index, QStringList recent, QWidget* window)
    : QFrame(window, Qt::Popup),
      index_(index),
      recent_(std::move(recent)),
      field_(new QLineEdit),
      list_(new QListWidget),
      nothing_(new QLabel) {
  setAttribute(Qt::WA_DeleteOnClose);
  setObjectName(QStringLiteral("quickOpen"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 8, 8, 8);
  layout->setSpacing(6);
  field_->setPlaceholderText(tr("Name of a file"));
  field_->setAccessibleName(tr("Name of a file"));
  field_->installEventFilter(this);
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setUniformItemSizes(true);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setAccessibleName(tr("Files"));
  nothing_->setProperty("role", QStringLiteral("muted"));
  nothing_->setContentsMargins(4, 2, 4, 4);
  layout->addWidget(field_);
  layout->addWidget(list_, 1);
  layout->addWidget(nothing_);
  connect(field_, &QLineEdit::textChanged, this, &QuickOpen::refresh);
  connect(index_, &client::FileIndex::changed, this, &QuickOpen::refresh);
  connect(list_, &QListWidget::itemClicked, this, &QuickOpen::choose);
  const int width = std::min(600, window->width() - 40);
  highest_ = std::min(420, window->height() - 100);
  resize(width, highest_);
  move(window->mapToGlobal(QPoint((window->width() - width) / 2, 46)));
  index_->walk();
  refresh();
  show();
  field_->setFocus();
}

void QuickOpen::refresh() {
  const auto* before = list_->currentItem();
  const auto chosen = before && !field_->text().isEmpty() ? before->data(Qt::UserRole).toString() : QString();
  list_->clear();
  for (const auto& path : client::best_matches(field_->text(), index_->files(), recent_, most_shown)) {
    const auto name = path.section(QLatin1Char('/'), -1);
    const auto folder = path.section(QLatin1Char('/'), 1, -2);
    auto* item = new QListWidgetItem(
        file_icon(name), folder.isEmpty() ? name : QStringLiteral("%1    %2").arg(name, folder), list_);
    item->setData(Qt::UserRole, path);
    item->setToolTip(client::plain_tip(path));
    if (path == chosen && sender() == index_) list_->setCurrentItem(item);
  }
  if (!list_->currentItem()) list_->setCurrentRow(0);
  const bool none = list_->count() == 0;
  list_->setVisible(!none);
  nothing_->setVisible(none);
  // As high as what it shows, up to what was given.
  const int rows = std::max(1, list_->count()) * std::max(28, list_->sizeHintForRow(0));
  resize(width(), std::min(highest_, rows + field_->sizeHint().height() + 30));
  nothing_->setText(index_->isWalking() ? tr("Looking…")
                    : index_->isCut()   ? tr("Nothing found among the first ten thousand files.")
                                        : tr("No file has such a name."));
}

void QuickOpen::choose() {
  const auto* item = list_->currentItem();
  if (!item) return;
  const auto path = item->data(Qt::UserRole).toString();
  close();
  Q_EMIT chosen(path);
}

bool QuickOpen::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
  const auto* key = static_cast<QKeyEvent*>(event);
  const int rows = std::max(1, list_->count());
  switch (key->key()) {
    case Qt::Key_Down:
      list_->setCurrentRow((list_->currentRow() + 1) % rows);
      return true;
    case Qt::Key_Up:
      list_->setCurrentRow((list_->currentRow() - 1 + rows) % rows);
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      choose();
      return true;
    case Qt::Key_Escape:
    case Qt::Key_Tab:
      close();
      return true;
    default:
      return QFrame::eventFilter(watched, event);
  }
}

}  // namespace berth::desktop
