// SPDX-License-Identifier: GPL-3.0-or-later
// Vim's macros (q, @), which are keys as they were pressed, and its marks, which move with the text.
#include <QCoreApplication>
#include <QKeyEvent>
#include <utility>

#include "client/desktop/vim_mode.hpp"

namespace berth::desktop {
namespace {

constexpr qsizetype longest_macro = 10'000;  // steps
constexpr int most_played = 100'000;         // steps of one @, with what it calls
constexpr int deepest_macro = 50;            // of macros that call macros

}  // namespace

void VimMode::record(const QKeyEvent& key) {
  if (recording_.isNull() || playing_ > 0) return;
  if (key.key() >= Qt::Key_Shift && key.key() <= Qt::Key_ScrollLock) return;  // it only modifies
  recordStep({key.key(), key.modifiers(), key.text(), false});
}

/// One more than a macro may have: the q that ends it, or what is left out in its place.
void VimMode::recordStep(const MacroStep& step) {
  if (recorded_.size() <= longest_macro) recorded_.append(step);
}

/// qA: more of what a has.
void VimMode::startRecording(QChar name) {
  recording_ = name.isLetterOrNumber() ? name.toLower() : QChar();
  recorded_ = name.isUpper() ? vim_macros().value(recording_) : QList<MacroStep>();
}

void VimMode::stopRecording() {
  if (!recorded_.isEmpty()) recorded_.removeLast();  // the q that ends it
  vim_macros().insert(std::exchange(recording_, {}), recorded_);
  Q_EMIT modeChanged();
}

QHash<QChar, QList<VimMode::MacroStep>>& VimMode::vim_macros() {
  static QHash<QChar, QList<MacroStep>> all;  // one set for all editors, as registers
  return all;
}

void VimMode::play(QChar name, int count) {
  if (name == u':') {
    if (!last_line_.isEmpty()) enterLine(last_line_);
    return;
  }
  static QChar last;
  if (name == u'@') name = last;
  name = name.toLower();
  last = name;
  const auto steps = vim_macros().value(name);
  if (steps.isEmpty()) return static_cast<void>(failed_ = true);
  // With its last key a macro only hands over: one that ends by playing itself is a loop, not a depth.
  if (playing_ > 0 && last_step_) return static_cast<void>(next_ = Played{steps, count});
  if (playing_ >= deepest_macro)
    return refuse(tr("More than %L1 macros within each other").arg(deepest_macro));
  if (playing_ == 0) {
    failed_ = false;
    steps_left_ = most_played;
  }
  ++playing_;
  for (std::optional now = Played{steps, count}; now && !failed_; now = std::exchange(next_, {}))
    playRounds(*now);
  next_.reset();
  --playing_;
  if (playing_ == 0 && mode_ != Mode::off) Q_EMIT modeChanged();
}

void VimMode::playRounds(const Played& played) {
  for (int round = 0; round < played.count && !failed_; ++round)
    for (qsizetype i = 0; i < played.steps.size(); ++i) {
      last_step_ = round + 1 == played.count && i + 1 == played.steps.size();
      if (!playStep(played.steps.at(i))) break;
    }
}

/// False where the macro ends: something failed, or it is too much.
bool VimMode::playStep(const MacroStep& step) {
  if (failed_ || mode_ == Mode::off) {
    failed_ = true;
    return false;
  }
  if (--steps_left_ < 0) {
    refuse(tr("The macro ended after %L1 keys").arg(most_played));
    return false;
  }
  if (step.line) {
    enterLine(step.text);
  } else {
    QKeyEvent press(QEvent::KeyPress, step.key, step.modifiers, step.text);
    QCoreApplication::sendEvent(editor(), &press);
  }
  editor()->flushEdits();
  return !failed_;
}

void VimMode::setMark(QChar name, std::size_t at) {
  if (name == u'`') name = u'\'';
  marks_[name] = editor()->unitsAt(static_cast<long>(at));
}

std::optional<std::size_t> VimMode::mark(QChar name) const {
  if (name == u'`') name = u'\'';
  const auto known = marks_.constFind(name);
  if (known == marks_.constEnd()) return {};
  return static_cast<std::size_t>(editor()->byteAt(*known));
}

/// `others`: what they write right there is in front of what is being inserted, one's own is that.
void VimMode::moveMarks(const protocol::TextOperation& operation, bool others) {
  const auto move = [&](std::int64_t& at, protocol::Bias bias = protocol::Bias::before) {
    at = operation.map_position(at, bias).value_or(operation.target_length());
  };
  if (block_insert_) move(block_insert_->place, others ? protocol::Bias::after : protocol::Bias::before);
  for (auto& at : marks_) move(at);
  if (!last_visual_) return;
  move(last_visual_->anchor);
  move(last_visual_->caret);
}

void VimMode::rememberVisual() {
  last_visual_ = Visual{mode_, editor()->unitsAt(static_cast<long>(visualAnchor())),
                        editor()->unitsAt(static_cast<long>(visualCaret()))};
}

void VimMode::reselect() {
  if (!last_visual_) return;
  const auto again = *last_visual_;
  enter(again.mode);
  select(static_cast<std::size_t>(editor()->byteAt(again.anchor)),
         static_cast<std::size_t>(editor()->byteAt(again.caret)));
}

}  // namespace berth::desktop
