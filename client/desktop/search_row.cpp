// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/search_row.hpp"

#include <QApplication>
#include <QPainter>
#include <QStyle>

#include "client/core/base_name.hpp"
#include "client/core/search_results.hpp"
#include "client/desktop/file_icons.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int row_padding = 3, row_gap = 6, row_icon = 16;   // px
constexpr qsizetype before_match = 26, longest_piece = 250;  // characters

/// One line, without what would move or hide the rest.
QString shown_text(QStringView text) {
  QString out;
  for (const auto c : text.left(longest_piece)) {
    const bool hidden = c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
    out += c == QLatin1Char('\n') ? QChar(u'⏎') : hidden || c == QLatin1Char('\t') ? QChar(u' ') : c;
  }
  return out;
}

}  // namespace

QList<SearchPiece> search_pieces(const client::FoundLine& line, bool replacing) {
  using Kind = SearchPiece::Kind;
  QList<SearchPiece> pieces;
  const QStringView text = line.text;
  qsizetype at = 0;
  while (at < text.size() && text[at].isSpace()) ++at;
  if (!line.places.empty()) {
    const auto first = std::clamp<qsizetype>(line.places.front().start, 0, text.size());
    at = std::min(at, first);
    if (first - at > before_match * 2 || (at == 0 && line.cut > 0)) {
      at = std::max(at, first - before_match);
      if (at > 0 && text[at].isLowSurrogate()) ++at;
      pieces.append({QStringLiteral("…"), Kind::plain});
    }
  }
  for (const auto& place : line.places) {
    if (place.start < at || place.end > text.size()) continue;
    if (place.start > at) pieces.append({shown_text(text.mid(at, place.start - at)), Kind::plain});
    pieces.append({shown_text(text.mid(place.start, place.end - place.start)),
                   replacing ? Kind::taken_out : Kind::match});
    if (replacing) pieces.append({shown_text(place.replacement), Kind::put_in});
    at = place.end;
    if (pieces.size() > 60) break;  // far beyond any window
  }
  if (at < text.size()) pieces.append({shown_text(text.mid(at)), Kind::plain});
  pieces.removeIf([](const SearchPiece& piece) { return piece.text.isEmpty(); });
  return pieces;
}

QSize SearchRow::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
  return {80, std::max(option.fontMetrics.height(), row_icon) + 2 * row_padding};
}

void SearchRow::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const auto* results = static_cast<const client::SearchResults*>(index.model());
  auto shown = option;
  initStyleOption(&shown, index);
  shown.text.clear();
  shown.icon = {};
  const auto* widget = option.widget;
  auto* style = widget ? widget->style() : QApplication::style();
  style->drawControl(QStyle::CE_ItemViewItem, &shown, painter, widget);
  painter->save();
  painter->setClipRect(option.rect);
  if (const auto* line = results->lineOf(index))
    paintLine(painter, option, *line);
  else
    paintFile(painter, option, index);
  painter->restore();
}

void SearchRow::paintFile(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
  const auto& colors = Theme::instance()->colors();
  const auto path = index.data(client::SearchResults::PathRole).toString();
  auto rect = option.rect.adjusted(2, 0, -row_gap, 0);
  file_icon(client::base_name(path))
      .paint(painter, QRect(rect.left(), rect.center().y() - row_icon / 2, row_icon, row_icon));
  rect.setLeft(rect.left() + row_icon + row_gap);
  const auto count = QString::number(index.data(client::SearchResults::MatchesRole).toInt());
  auto bold = option.font;
  bold.setPointSizeF(option.font.pointSizeF() > 0 ? option.font.pointSizeF() * 0.9 : -1);
  const QFontMetrics small(bold);
  const int badge = std::max(small.horizontalAdvance(count) + 12, small.height() + 2);
  const QRect badge_rect(rect.right() - badge, rect.center().y() - small.height() / 2 - 1, badge,
                         small.height() + 2);
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(Qt::NoPen);
  painter->setBrush(option.state & QStyle::State_Selected ? colors.base : colors.accent_soft);
  painter->drawRoundedRect(badge_rect, badge_rect.height() / 2.0, badge_rect.height() / 2.0);
  painter->setPen(colors.text);
  painter->setFont(bold);
  painter->drawText(badge_rect, Qt::AlignCenter, count);
  painter->setFont(option.font);
  rect.setRight(badge_rect.left() - row_gap);
  const auto name = option.fontMetrics.elidedText(client::base_name(path), Qt::ElideMiddle, rect.width());
  painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, name);
  rect.setLeft(rect.left() + option.fontMetrics.horizontalAdvance(name) + row_gap);
  if (rect.width() < 20) return;
  painter->setPen(colors.muted);
  painter->drawText(
      rect, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
      option.fontMetrics.elidedText(path.section(QLatin1Char('/'), 0, -2), Qt::ElideMiddle, rect.width()));
}

void SearchRow::paintLine(QPainter* painter, const QStyleOptionViewItem& option,
                          const client::FoundLine& line) const {
  const auto& colors = Theme::instance()->colors();
  auto rect = option.rect.adjusted(4, 0, -row_gap, 0);
  const auto number = QString::number(line.line);
  const int number_width = option.fontMetrics.horizontalAdvance(number);
  painter->setPen(colors.faint);
  painter->drawText(rect, Qt::AlignVCenter | Qt::AlignRight | Qt::TextSingleLine, number);
  const int end = rect.right() - number_width - row_gap * 2;
  int x = rect.left();
  auto font = Theme::instance()->codeFont(Theme::usual_code_size - 1);
  auto struck = font;
  struck.setStrikeOut(true);
  const QFontMetrics metrics(font);
  for (const auto& piece : search_pieces(line, replacing_)) {
    if (x >= end) break;
    const auto text =
        metrics.elidedText(piece.text, Qt::ElideRight, std::max(end - x, metrics.averageCharWidth() * 2));
    const int width = metrics.horizontalAdvance(text);
    const QRect box(x, rect.center().y() - metrics.height() / 2, width, metrics.height());
    using Kind = SearchPiece::Kind;
    if (piece.kind != Kind::plain)
      painter->fillRect(box, piece.kind == Kind::match       ? colors.warning_soft
                             : piece.kind == Kind::taken_out ? colors.bad_soft
                                                             : colors.good_soft);
    painter->setFont(piece.kind == Kind::taken_out ? struck : font);
    painter->setPen(colors.text);
    painter->drawText(box, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, text);
    // Nothing is told by a shade alone.
    if (Theme::instance()->isHighContrast() && piece.kind != Kind::plain && piece.kind != Kind::taken_out)
      painter->drawRect(box.adjusted(0, 0, -1, -1));
    x += width;
  }
}

}  // namespace berth::desktop
