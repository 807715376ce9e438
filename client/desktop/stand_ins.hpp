// SPDX-License-Identifier: GPL-3.0-or-later
// Output for a widget that keeps one code point a cell, drops marks and counts some characters' columns
// otherwise than programs do: what does not fit becomes a code point of its own, a stand-in. What it stands
// for is kept here, and stand_in_paint.hpp paints it over the stand-in's cells. No widgets.
#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>
#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace berth::desktop {

class StandIns {
 public:
  /// What a character's cells are to show.
  struct Cell {
    QString text;
    int width;   // columns, 1 or 2
    bool joins;  // is drawn as one with the cell before: a flag's second half, a vowel sign that has a column
    bool operator==(const Cell&) const = default;
  };
  struct Widget {
    std::function<void(const QByteArray&)> show;
    /// Of the cursor; behind the last one it may be the last one.
    std::function<int()> column;
  };

  /// Shows UTF-8 terminal output, cut anywhere but within a sequence. Letters with their marks are the one
  /// letter that they make (NFC), where there is one. A mark whose letter was shown by an earlier call has
  /// that cell written again, in the colours that are set by then. At most `most_narrow` and `most_wide`
  /// different stand-ins; what comes beyond is shown without its marks.
  void feed(const QByteArray& output, const Widget& widget);

  bool isEmpty() const { return cells_.isEmpty(); }
  /// Something that feed() returned may have brought a stand-in onto the screen. Once.
  bool takeNews() { return std::exchange(news_, false); }
  /// Null where the code point is none.
  const Cell* find(char32_t character) const;
  /// What the person reads in place of the widget's text.
  QString text(const QString& shown) const;
  /// What is shown may stand elsewhere now: a mark that comes next belongs to nothing.
  void resized() { last_.reset(); }
  /// Nothing is shown any more.
  void clear();

  static constexpr char32_t first_narrow = 0xf4e00, first_wide = 0x31700;
  static constexpr int most_narrow = 0x5200, most_wide = 0x900;

 private:
  enum class State { text, escape, csi, string, string_escape };
  /// What the cursor stands behind.
  struct Last {
    std::u32string text;
    int width;
    bool italic;  // as the program wants it
    bool joins = false;
    bool stands_in = false;  // whatever it is: it is drawn as one with a neighbour
    bool shown = false;
    int column = 0;  // its first; when it was shown by an earlier call
  };
  /// As a program has set it; the widget keeps it for each of its two screens.
  struct Modes {
    bool italic = false, saved_italic = false, inserting = false;
  };
  Modes& modes() { return screens_[screen_]; }
  void onText(const char*& at, const char* end);
  void onCharacter(char32_t character);
  void onEscape(char byte);
  void beginEscape();
  void pass(char byte);
  bool leavesCursor(char final) const;
  void finishControl(char final);
  void setMode(int mode, bool is_private, bool on);
  void setRendition();
  void showRest(const Widget& widget);
  void reopen();
  void flush();
  void appendLast();
  void interrupt();
  void append(char32_t character);
  std::optional<char32_t> standInFor(Cell cell);

  QHash<char32_t, Cell> cells_;
  QHash<QString, char32_t> codes_;  // by key_of() the cell
  int narrow_ = 0, wide_ = 0;       // in use
  bool news_ = false;

  State state_ = State::text;
  bool intermediate_ = false;  // such a byte came in this escape sequence
  QByteArray parameters_;
  QByteArray cut_;  // the beginning of a character
  std::optional<Last> last_;
  QByteArray behind_;  // sequences that follow last_ while that is held back and don't move the cursor
  std::array<Modes, 2> screens_;
  std::size_t screen_ = 0;  // the one in use
  QByteArray out_;
};

/// Columns that QTermWidget 2.1 gives to a code point; 0: it drops it.
int columns_in_widget(char32_t character);

}  // namespace berth::desktop
