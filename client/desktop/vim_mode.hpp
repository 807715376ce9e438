// SPDX-License-Identifier: GPL-3.0-or-later
// The editor with Vim's modes over it, where the person chose that key map: normal, insert, visual by
// character and by line. What it understands stands in the README. Keys with Ctrl that are not Vim's stay the
// window's.
#pragma once

#include <QHash>
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
  enum class Mode { off, normal, insert, visual, visual_lines };

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
  struct Change {
    VimCommand command;
    QString inserted;
  };

  void follow();
  void enter(Mode mode);
  bool takesKey(const QKeyEvent& key) const;
  bool pressed(const QKeyEvent& key);
  bool pressedInsert(const QKeyEvent& key);
  bool pressedWithControl(int key);
  void typed(const QString& key);
  void run(const VimCommand& command);

  bool isVisual() const { return mode_ == Mode::visual || mode_ == Mode::visual_lines; }
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
  void put(const VimCommand& command, bool after);
  void putOverSelection(const VimCommand& command);
  void join(std::size_t lines, bool blanks);
  void shift(VimSpan span, bool right, int times);
  void recase(VimSpan span, QChar how);
  void remove(VimSpan span);
  void keep(QChar name, VimSpan span, bool deleted);
  void repeatChange(int count);
  void beginInsert(std::size_t at);
  void substitute(const QString& line, VimSpan range);
  void openLine(const QString& begin);
  QString take(VimSpan span) const;
  bool runWindow(const char* command);

  Mode mode_ = Mode::off;
  QString keys_;  // of a command that is not whole yet
  std::optional<std::size_t> column_;
  std::size_t lines_anchor_ = 0;
  VimCommand last_find_;
  QString pattern_;
  bool forward_ = true;
  std::optional<Change> last_change_;
  std::optional<Change> inserting_;
  bool repeating_ = false;
  QHash<QChar, long> marks_;  // line of each
  QPointer<VimLine> line_;
};

/// What a key map tells of itself: Vim's mode, Emacs' keys that are not whole yet; "" without one.
QString key_map_words(CodeEditor* editor);

}  // namespace berth::desktop
