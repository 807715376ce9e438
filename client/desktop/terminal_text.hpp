// SPDX-License-Identifier: GPL-3.0-or-later
// A terminal's text by its cells: lines as programs wrote them, each over as many rows as it takes, and what
// is found in them. Pure.
#pragma once

#include <QList>
#include <QPoint>
#include <QRect>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

namespace berth::desktop {

class StandIns;

/// One line as it was written, without its end.
struct TextLine {
  int row = 0;              // of its beginning, from the oldest that is kept
  QString text;             // as QTermWidget has it: with stand-ins
  QList<qsizetype> breaks;  // where in the text each further row begins
  /// x: column, y: row of the character at `offset`; behind the last one where the text ends.
  QPoint cellOf(qsizetype offset) const;
};

/// Of a text whose rows all have so many columns; none where that does not come to `rows`: then some were
/// written while the terminal had another size.
std::optional<std::vector<TextLine>> lines_by_width(const QString& text, int columns, int rows);
/// Of rows that were read one by one: one that is full goes on in the next.
std::vector<TextLine> lines_by_rows(const QStringList& rows, int columns);

struct TerminalSearch {
  QString text;
  bool match_case = false;
  bool whole_words = false;
  bool expression = false;
  bool operator==(const TerminalSearch&) const = default;
};

struct TerminalMatch {
  QPoint begin;  // x: column, y: row
  QPoint end;    // of its last cell
  bool operator==(const TerminalMatch&) const = default;
};

struct TerminalMatches {
  std::vector<TerminalMatch> all;  // from the oldest to the newest
  bool more = false;               // it was given up: too many, or it takes too long
  QString problem;                 // why it is no expression
};

constexpr std::size_t most_matches = 10'000;

/// All places of a text. People search for what they read, so stand-ins are what they stand for. Takes at
/// most some 300 ms, also with an expression made to take for ever.
TerminalMatches find_in(const std::vector<TextLine>& lines, const TerminalSearch& search,
                        const StandIns& stand_ins);

/// The rectangles of its cells on rows of so many columns, x and width in columns.
std::vector<QRect> match_rows(const TerminalMatch& match, int columns);

}  // namespace berth::desktop
