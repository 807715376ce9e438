// SPDX-License-Identifier: GPL-3.0-or-later
// The editor with Vim's modes over it, where the person chose that key map: normal, insert, visual by
// character, by line and by block. What it understands stands in the README. Keys with Ctrl that are not
// Vim's stay the window's.
#pragma once

#include <QHash>
#include <QList>
#include <QPointer>
#include <optional>

#include "client/desktop/editor_feature.hpp"
#include "client/desktop/vim_keys.hpp"
#include "client/desktop/vim_text.hpp"

namespace berth::desktop {

class VimLine;

class VimMode : public EditorFeature {
  Q_OBJECT

 public:
  enum class Mode { off, normal, insert, visual, visual_lines, visual_block };

  explicit VimMode(CodeEditor* editor);
  ~VimMode() override;

  Mode mode() const { return mode_; }
  /// "NORMAL", and what was typed of a command; "" while it is off.
  QString words() const;
  /// What stands in a register; '"' is the unnamed one, '+' the clipboard.
  static QString registerText(QChar name);
  /// A line typed after ":".
  void runLine(const QString& line);
  void search(const QString& pattern, bool forward);
  /// As the setting says.
  static bool isChosen();

 Q_SIGNALS:
  void modeChanged();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  /// How much was selected, for doing the same to as much elsewhere.
  struct Shape {
    Mode mode;
    long lines;
    long columns;  // of the last line, or of the block
    bool to_end;   // of each line of the block
  };
  struct Change {
    VimCommand command;
    QString inserted;
    std::optional<Shape> shape = {};
  };
  /// Columns as shown, both within.
  struct Block {
    long first;
    long last;
    long left;
    long right;
    bool to_end;
  };
  /// What is typed in the first line of a block comes into these, too: lines below it.
  struct BlockInsert {
    QList<long> below;
    long column;
    bool at_end;
    bool pads;               // lines that are shorter
    std::int64_t place = 0;  // where it began, in UTF-16 units; it moves with the text
  };
  struct Register {
    QString text;
    bool lines = false;
    bool block = false;
  };
  /// A key as it was pressed, or a line that was entered after ":", "/" or "?".
  struct MacroStep {
    int key = 0;
    Qt::KeyboardModifiers modifiers;
    QString text;
    bool line = false;
  };
  struct Played {
    QList<MacroStep> steps;
    int count;
  };
  struct Visual {
    Mode mode;
    std::int64_t anchor;  // UTF-16 units
    std::int64_t caret;
  };

  void follow();
  void enter(Mode mode);
  bool takesKey(const QKeyEvent& key) const;
  bool pressed(const QKeyEvent& key);
  bool pressedInsert(const QKeyEvent& key);
  bool pressedWithControl(int key);
  void typed(const QString& key);
  void run(const VimCommand& command);

  bool isVisual() const {
    return mode_ == Mode::visual || mode_ == Mode::visual_lines || mode_ == Mode::visual_block;
  }
  bool mayChange();
  VimText text() const;
  std::size_t caret() const;
  void setCaret(std::size_t at, bool keepColumn = false);
  /// Not behind the last character of a line.
  void settle();
  void select(std::size_t anchor, std::size_t caret);
  /// What is selected, and where the visual mode's two ends stand.
  VimSpan selected() const;
  std::size_t visualAnchor() const;
  std::size_t visualCaret() const;

  std::optional<VimGoal> goal(const VimCommand& command);
  std::optional<VimGoal> goalInView(const VimCommand& command);
  std::optional<VimSpan> spanOf(const VimCommand& command);
  void move(const VimCommand& command);
  void operate(const VimCommand& command, VimSpan span);
  void act(const VimCommand& command);
  void actOnSelection(const VimCommand& command);
  bool actInsert(const VimCommand& command);
  bool actView(const VimCommand& command);
  void put(const Register& kept, bool after, int times);
  void putOverSelection(const VimCommand& command);
  void join(std::size_t lines, bool blanks);
  void shift(VimSpan span, bool right, int times);
  void recase(VimSpan span, QChar how);
  void remove(VimSpan span);
  void keep(QChar name, VimSpan span, bool deleted);
  void keepText(QChar name, const Register& kept, bool deleted);
  static Register registerOf(QChar name);
  void repeatChange(int count);
  void beginInsert(std::size_t at);
  void substitute(const QString& line, VimSpan range);
  void repeatInserted(const Change& change);
  void openLine(const QString& begin);
  void enterLine(const QString& line);
  QString take(VimSpan span) const;

  // The block of Ctrl+V
  Block block() const;
  std::optional<VimSpan> partOf(const Block& block, long line) const;
  void selectBlock(std::size_t anchor, std::size_t caret);
  void operateBlock(const VimCommand& command);
  bool actOnBlock(const VimCommand& command);
  std::optional<std::pair<long, long>> shownRectangle() const;
  void leaveLostBlock();
  bool refusesBlock(qsizetype lines);
  void deleteParts(const Block& block);
  void insertInBlock(const VimCommand& command, const Block& block, bool append);
  void finishBlockInsert(const QString& inserted);
  void putBlock(const Register& kept, bool after, int times);
  Shape shapeOfSelection() const;
  void selectShape(const Shape& shape);

  // Macros and marks
  void record(const QKeyEvent& key);
  void recordStep(const MacroStep& step);
  void startRecording(QChar name);
  void stopRecording();
  void play(QChar name, int count);
  void playRounds(const Played& played);
  bool playStep(const MacroStep& step);
  void setMark(QChar name, std::size_t at);
  std::optional<std::size_t> mark(QChar name) const;
  void moveMarks(const protocol::TextOperation& operation, bool others);
  void rememberVisual();
  void reselect();
  static QHash<QChar, QList<MacroStep>>& vim_macros();
  bool runWindow(const char* command);
  /// It fails, and the status tells why.
  void refuse(const QString& why);

  Mode mode_ = Mode::off;
  QString keys_;    // of a command that is not whole yet
  QString notice_;  // why the last key did nothing
  std::optional<std::size_t> column_;
  std::size_t lines_anchor_ = 0;
  VimCommand last_find_;
  QString pattern_;
  bool forward_ = true;
  std::optional<Change> last_change_;
  std::optional<Change> inserting_;
  bool repeating_ = false;
  bool entering_ = false;             // a mode whose selection is made next
  QHash<QChar, std::int64_t> marks_;  // in UTF-16 units; they move with the text
  std::optional<Visual> last_visual_;
  QString last_substitute_;
  QString last_line_;

  std::size_t block_anchor_ = 0;
  std::size_t block_caret_ = 0;
  bool block_to_end_ = false;
  std::optional<std::pair<long, long>> block_shown_;  // by Scintilla: its anchor and caret
  std::optional<BlockInsert> block_insert_;

  QChar recording_;  // the register; null while nothing is recorded
  QList<MacroStep> recorded_;
  int playing_ = 0;             // macros within each other
  int steps_left_ = 0;          // of all that is played
  bool last_step_ = false;      // of the innermost one
  std::optional<Played> next_;  // what that one goes on with
  bool failed_ = false;         // what a macro ends at
  QPointer<VimLine> line_;
};

/// What a key map tells of itself: Vim's mode, Emacs' keys that are not whole yet; "" without one.
QString key_map_words(CodeEditor* editor);

}  // namespace berth::desktop
