// SPDX-License-Identifier: GPL-3.0-or-later
// Predictive local echo: what the keys under way will probably do to the line the cursor is on, drawn over
// the screen until the output shows it. After Winstein & Balakrishnan, "Mosh: An Interactive Remote Shell for
// Mobile Clients" (USENIX ATC 2012), section 3.2. Pure: a screen to look at, keys, acknowledgements and the
// time go in, cells come out.
//
// The rules, which the web's model/terminal_prediction.ts mirrors:
//  1. Every key has a number and is *unresolved* until its outcome was judged. The runner's word that
//     it has the keys up to a number *acknowledges* them. What a program answers to a key is awaited
//     for `grace` ms after.
//  2. A prediction is made for: a printable character of certain width (1 or 2), backspace, cursor
//     left, cursor right; never in the alternate screen, never for a paste. Every other key is
//     *opaque*, and so is a predictable one where its effect is uncertain: a character that would reach
//     the last column, backspace or left before the column where the input began, right behind the end
//     of the text. While an opaque key is unresolved, later keys are queued, not predicted.
//  3. A character is inserted: the text from the cursor to the first gap of 4 blanks moves right
//     (backspace: left). Twice the cells behind the cursor turned out otherwise (suggestions of fish
//     and zsh): from then on they are left as they are.
//  4. All predictions are on one line. They fail the moment the real cursor is on another line, or in a
//     column where neither an unresolved predicted key leads nor the first of them began, or the text
//     before the place where it began changes.
//  5. An acknowledged key is judged, in order. It came true when every cell it was the last to change
//     shows the predicted text and the real cursor is where this key or an unresolved predicted one
//     after it leads. Else it waits until `grace` is over, then fails.
//  6. Trust (mosh's epochs): predictions are shown only while trusted. Trust comes when a key came true
//     that changed a cell into another text that isn't blank. It goes with every opaque key, with a
//     failure, and when typing begins anew where the last key did not leave the cursor, or behind
//     another text. So what is typed without echo (a password) is never shown.
//  7. A failure takes all predictions off. An opaque key is over `grace` after its acknowledgement.
//     After either, the keys not yet acknowledged are predicted again from the real cursor, without
//     trust; acknowledged ones are on the screen.
//  8. The input begins at the column of the first key after Enter, Ctrl-C, Ctrl-D, Ctrl-L or Ctrl-Z, on
//     another line, or behind another prompt.
//  9. A new size, a repaint and a change of the screen's buffer forget everything.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::client {

/// The real screen, as far as predictions depend on it.
struct EchoScreen {
  int columns = 0;
  int rows = 0;
  bool alternate = false;
  int row = 0;  // of the cursor; 0 is the top of the screen, without scrollback
  int column = 0;
  std::u32string
      line;  // the cursor's, by column: ' ' where nothing is, 0 in the right half of a wide character
};

struct PredictedLine {
  struct Cell {
    int column;
    char32_t text;
    int width;  // columns
    bool operator==(const Cell&) const = default;
  };
  int row;
  std::vector<Cell> cells;
  int cursor;  // column
  bool operator==(const PredictedLine&) const = default;
};

class EchoPredictor {
 public:
  static constexpr std::int64_t grace = 100;  // ms from a key's arrival to what a program makes of it

  /// After output was drawn, and at due(). Times are of one steady clock, ms.
  void look(EchoScreen screen, std::int64_t now);
  /// `keys` went out, as one key or a few characters of an input method gives them; look() came just before.
  void typed(std::string_view keys, std::uint64_t number, std::int64_t now);
  /// The runner has every key up to `number`.
  void acknowledged(std::uint64_t number, std::int64_t now);
  /// When look() should be called though no output comes.
  std::optional<std::int64_t> due() const;
  /// What to draw over the screen; nothing where the screen is the truth.
  std::optional<PredictedLine> shown() const;
  bool isIdle() const { return keys_.empty(); }
  void reset();

 private:
  enum class Kind { print, erase, left, right, opaque };
  struct Key {
    std::uint64_t serial;  // of this predictor
    std::uint64_t number;
    Kind kind;
    char32_t text = 0;
    int width = 0;
    bool ends_input = false;
    int column_after = 0;
    std::optional<std::int64_t> acknowledged;
  };
  struct Cell {
    char32_t text;
    std::uint64_t key;  // the last to change it
    bool tail;          // moved aside, not typed
    bool changed;       // the screen showed something else when it was predicted
  };

  /// A place in a line that is known again by what stands before it.
  struct Place {
    int row;
    int column;
    std::u32string before;
  };

  std::vector<Key> keys_of(std::string_view keys, std::uint64_t number);
  void update(std::int64_t now);
  void predict(Key& key, bool fresh);
  void begin();
  Place here(int column) const;
  bool is_still(const Place& place, int end) const;
  bool plausible() const;
  std::optional<int> predictable_column(const Key& key) const;
  void insert(const Key& key);
  void erase(const Key& key, int to);
  bool moves_tail() const;
  int text_end() const;
  char32_t text_at(int column) const;
  char32_t real_at(int column) const;
  void put(int column, char32_t text, const Key& key, bool tail);
  bool came_true(const Key& key, bool over);
  bool leads_to(int column) const;
  void confirm();
  void pass_opaque();
  void predict_again();

  EchoScreen screen_;
  std::deque<Key> keys_;
  std::uint64_t serial_ = 0;
  int opaque_ = 0;             // of keys_
  std::map<int, Cell> cells_;  // by column
  int row_ = 0;
  int column_ = 0;
  bool trusted_ = false;
  std::optional<Place> rested_;  // where the last key that came true left the cursor
  std::optional<Place> input_start_;
  Place began_{};  // where the cursor was before the first unresolved key
  int tail_failures_ = 0;
};

/// Columns a character takes: 1 or 2, or 0 where programs and screens may disagree.
int certain_width(char32_t character);

/// Turns predictions on where they help: above 50 ms of round trip, and off again below 35 ms.
class EchoSwitch {
 public:
  enum class Choice { automatic, on, off };
  void choose(Choice choice) { choice_ = choice; }
  void measured(double round_trip) { slow_ = slow_ ? round_trip > 35 : round_trip > 50; }  // ms
  bool isOn() const { return choice_ == Choice::on || (choice_ == Choice::automatic && slow_); }

 private:
  Choice choice_ = Choice::automatic;
  bool slow_ = false;
};

}  // namespace berth::client
