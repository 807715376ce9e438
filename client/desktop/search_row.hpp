// SPDX-License-Identifier: GPL-3.0-or-later
// How a file that was found, and a line of it, are painted: matches marked, and what would come in their
// place beside them.
#pragma once

#include <QStyledItemDelegate>

namespace berth::client {
struct FoundLine;
}

namespace berth::desktop {

/// A piece of a line as it is shown.
struct SearchPiece {
  enum class Kind { plain, match, taken_out, put_in };
  QString text;
  Kind kind;
};
/// The part of the line around its first match; `replacing`: matches go, and what comes stands behind them.
QList<SearchPiece> search_pieces(const client::FoundLine& line, bool replacing);

class SearchRow : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void showReplacements(bool shown) { replacing_ = shown; }
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  void paintFile(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
  void paintLine(QPainter* painter, const QStyleOptionViewItem& option, const client::FoundLine& line) const;
  bool replacing_ = false;
};

}  // namespace berth::desktop
