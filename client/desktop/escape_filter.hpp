// SPDX-License-Identifier: GPL-3.0-or-later
// Between the terminal's output and QTermWidget: removes the sequences that it would show as text or misread,
// answers the questions it does not know, takes out what is meant for the window (links, prompts, directory,
// clipboard), and passes all else untouched. Sequences may be cut anywhere between two pieces.
#pragma once

#include <QByteArray>
#include <QColor>
#include <QSet>
#include <vector>

namespace berth::desktop {

class EscapeFilter {
 public:
  struct Event {
    enum class Kind {
      directory,        // OSC 7; text: absolute path
      link,             // OSC 8; text: target; "" ends it
      clipboard,        // OSC 52; text: what is to be on it
      prompt,           // OSC 133;A: a prompt begins
      command,          // OSC 133;C: a command's output begins; number: ms since, or -1 when not told
      finished,         // OSC 133;D; number: exit code, or -1 when none was told
      alternate,        // the alternate screen is shown from here on
      primary,          // and the usual one
      history_cleared,  // CSI 3 J comes next
      rewound,          // the cursor went up, or lines were erased or moved; only while watched for
    };
    Kind kind;
    qsizetype at;  // bytes of `show` before it
    QByteArray text = {};
    int number = 0;
  };
  struct Output {
    QByteArray show;    // for the widget
    QByteArray answer;  // for the program
    std::vector<Event> events;
  };
  /// The colours that OSC 10 and 11 are answered with.
  void setColors(const QColor& foreground, const QColor& background);
  Output feed(const QByteArray& bytes);
  /// Forgets a sequence that was cut, and all modes: the screen was reset.
  void reset();
  bool isAlternate() const { return alternate_; }
  /// Whether `rewound` is told: links are on the screen.
  void watchRewinds(bool watch) { watch_rewinds_ = watch; }

 private:
  enum class State { text, escape, csi, string, string_escape };
  void finishControl(char final, Output& out);
  void setModes(bool set, Output& out);
  void resetModes();
  void answerMode(Output& out) const;
  void finishString(Output& out);
  void finishShellMark(const QByteArray& mark, Output& out);
  void finishClipboard(const QByteArray& rest, Output& out);
  void keep(QByteArrayView bytes);
  QByteArray colorAnswer(int code, const QColor& color) const;
  static void tell(Output& out, Event::Kind kind, const QByteArray& text = {}, int number = 0);

  static constexpr qsizetype longest = 8 << 10;            // bytes of one sequence that are kept
  static constexpr qsizetype longest_clipboard = 2 << 20;  // bytes of base64
  State state_ = State::text;
  char kind_ = 0;     // of a string: ] P _ ^ X
  bool cut_ = false;  // longer than what is kept
  bool alternate_ = false;
  bool watch_rewinds_ = false;
  QSet<int> modes_ = {7, 25};  // private ones that are set
  QByteArray pending_;
  QColor foreground_;
  QColor background_;
};

}  // namespace berth::desktop
