// SPDX-License-Identifier: GPL-3.0-or-later
// The modes and where keys go. Motions are in vim_places, what changes the text in vim_changes.
#include "client/desktop/vim_mode.hpp"

#include <QAction>
#include <QKeyEvent>
#include <QScopedValueRollback>
#include <QSettings>
#include <algorithm>

#include "client/desktop/editor_look.hpp"
#include "client/desktop/emacs_keys.hpp"
#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/vim_line.hpp"

namespace berth::desktop {
namespace {

/// What Vim calls a key that types nothing.
QString vim_key(const QKeyEvent& key) {
  if (key.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) return {};
  switch (key.key()) {
    case Qt::Key_Left:
      return QStringLiteral("h");
    case Qt::Key_Down:
      return QStringLiteral("j");
    case Qt::Key_Up:
      return QStringLiteral("k");
    case Qt::Key_Right:
      return QStringLiteral("l");
    case Qt::Key_Home:
      return QStringLiteral("0");
    case Qt::Key_End:
      return QStringLiteral("$");
    case Qt::Key_Delete:
      return QStringLiteral("x");
    case Qt::Key_Return:
    case Qt::Key_Enter:
      return QStringLiteral("\n");
    case Qt::Key_Backspace:
      return QStringLiteral("\b");
    default:
      return key.text().size() == 1 && key.text().at(0).isPrint() ? key.text() : QString();
  }
}

bool is_vim_control(int key) {
  switch (key) {
    case Qt::Key_D:
    case Qt::Key_U:
    case Qt::Key_F:
    case Qt::Key_B:
    case Qt::Key_E:
    case Qt::Key_Y:
    case Qt::Key_R:
    case Qt::Key_V:
    case Qt::Key_BracketLeft:
    case Qt::Key_C:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool VimMode::isChosen() {
  return EditorChoices::value("editor/key_map", {}).toString() == QLatin1String("vim");
}

VimMode::VimMode(CodeEditor* editor) : EditorFeature(editor) {
  editor->installEventFilter(this);  // before all others, as it is the last one
  connect(EditorChoices::instance(), &EditorChoices::changed, this, &VimMode::follow);
  connect(editor, &CodeEditor::textLoaded, this, [this] {
    marks_.clear();
    last_visual_.reset();
    if (mode_ != Mode::off) enter(Mode::normal);
  });
  connect(editor, &CodeEditor::changedByOthers, this, [this](const protocol::TextOperation& operation) {
    moveMarks(operation, true);
    if (mode_ == Mode::visual_block) enter(Mode::normal);  // it may have become another one
  });
  connect(editor, &CodeEditor::edited, this, [this](const client::LocalEdit& edit) {
    if (mode_ != Mode::off) {
      moveMarks(client::operation_of(edit), false);
      marks_[u'.'] = edit.position;
    }
    if (mode_ != Mode::insert || !inserting_) return;
    auto& inserted = inserting_->inserted;
    if (!edit.removed.empty()) inserted.chop(QString::fromStdString(edit.removed).size());
    inserted += QString::fromStdString(edit.inserted);
  });
  // Where a click or another program left a selection, it is a visual one.
  connect(editor, &CodeEditor::cursorMoved, this, [this] {
    if (entering_) return;
    leaveLostBlock();
    if (mode_ == Mode::normal && !sci(Sci::SCI_GETSELECTIONEMPTY) && sci(Sci::SCI_GETSELECTIONS) == 1)
      enter(Mode::visual);
    else if (mode_ == Mode::visual && sci(Sci::SCI_GETSELECTIONEMPTY))
      enter(Mode::normal);
  });
  // Whoever shows the place of the cursor shows the mode beside it.
  connect(this, &VimMode::modeChanged, editor, &CodeEditor::cursorMoved);
  follow();
}

VimMode::~VimMode() = default;

void VimMode::follow() {
  const bool wanted = isChosen();
  if (wanted == (mode_ != Mode::off)) return;
  enter(wanted ? Mode::normal : Mode::off);
}

void VimMode::enter(Mode mode) {
  if (isVisual() && mode != mode_ && !sci(Sci::SCI_GETSELECTIONEMPTY)) rememberVisual();
  if (mode == Mode::visual_block && mode_ != mode) block_to_end_ = false;
  mode_ = mode;
  keys_.clear();
  if (mode == Mode::normal || mode == Mode::off) {
    inserting_.reset();
    block_insert_.reset();
    if (mode == Mode::off) {
      recording_ = {};
      marks_.clear();  // nobody moves them now
      // As the person likes it without: the look sets it anew.
      QMetaObject::invokeMethod(EditorChoices::instance(), &EditorChoices::changed, Qt::QueuedConnection);
    }
  }
  if (mode == Mode::normal) {
    sci(Sci::SCI_SETEMPTYSELECTION, static_cast<std::uintptr_t>(sci(Sci::SCI_GETCURRENTPOS)));
    settle();
  }
  const bool block = mode != Mode::insert && mode != Mode::off;
  sci(Sci::SCI_SETCARETSTYLE,
      static_cast<std::uintptr_t>(block ? Sci::CARETSTYLE_BLOCK : Sci::CARETSTYLE_LINE));
  const QScopedValueRollback entering(entering_, true);
  Q_EMIT modeChanged();
}

QString VimMode::words() const {
  const auto said = [this](const char* mode) {
    auto text = QString::fromLatin1(mode);
    if (!recording_.isNull()) text += QStringLiteral(" @") + recording_;
    text = (text + u' ' + keys_).trimmed();
    return notice_.isEmpty() ? text : text + QStringLiteral(" – ") + notice_;
  };
  switch (mode_) {
    case Mode::off:
      return {};
    case Mode::insert:
      return said("INSERT");
    case Mode::visual:
      return said("VISUAL");
    case Mode::visual_lines:
      return said("VISUAL LINE");
    case Mode::visual_block:
      return said("VISUAL BLOCK");
    case Mode::normal:
      return said("NORMAL");
  }
  return {};
}

QString key_map_words(CodeEditor* editor) {
  if (const auto* vim = editor->findChild<VimMode*>(); vim && vim->mode() != VimMode::Mode::off)
    return vim->words();
  const auto* emacs = editor->findChild<EmacsKeys*>();
  return emacs ? emacs->words() : QString();
}

// ---- Keys

bool VimMode::takesKey(const QKeyEvent& key) const {
  const bool control = key.modifiers() == Qt::ControlModifier;
  const bool escape = (key.key() == Qt::Key_Escape && key.modifiers() == Qt::NoModifier) ||
                      (control && (key.key() == Qt::Key_BracketLeft || key.key() == Qt::Key_C));
  if (mode_ == Mode::insert)
    return (escape && key.key() != Qt::Key_C) ||
           (control && (key.key() == Qt::Key_W || key.key() == Qt::Key_U));
  if (control && key.key() == Qt::Key_C) return !isVisual();  // what is selected is copied by it
  return escape || (control && is_vim_control(key.key())) || !vim_key(key).isEmpty();
}

bool VimMode::eventFilter(QObject* watched, QEvent* event) {
  const bool override = event->type() == QEvent::ShortcutOverride;
  if (mode_ == Mode::off || (!override && event->type() != QEvent::KeyPress))
    return EditorFeature::eventFilter(watched, event);
  auto* key = static_cast<QKeyEvent*>(event);
  leaveLostBlock();  // it may not have been painted yet
  if (!override) {
    if (playing_ == 0) notice_.clear();
    record(*key);
  }
  if (!takesKey(*key)) return EditorFeature::eventFilter(watched, event);
  event->accept();
  if (override) return true;
  editor()->flushEdits();
  mode_ == Mode::insert ? pressedInsert(*key) : pressed(*key);
  editor()->flushEdits();
  return true;
}

bool VimMode::pressedInsert(const QKeyEvent& key) {
  if (key.key() == Qt::Key_W || key.key() == Qt::Key_U) {
    sci(key.key() == Qt::Key_W ? Sci::SCI_DELWORDLEFT : Sci::SCI_DELLINELEFT);
    return true;
  }
  sci(Sci::SCI_AUTOCCANCEL);
  editor()->flushEdits();
  if (const auto change = std::exchange(inserting_, {})) {  // what is typed again is no new insertion
    last_change_ = change;
    repeatInserted(*change);
    finishBlockInsert(change->inserted);
  }
  const auto at = caret();
  const auto begin = text().lineBegin(at);
  sci(Sci::SCI_SETEMPTYSELECTION, static_cast<std::uintptr_t>(at > begin ? text().before(at) : at));
  enter(Mode::normal);
  return true;
}

bool VimMode::pressed(const QKeyEvent& key) {
  if (key.key() == Qt::Key_Escape || (key.modifiers() == Qt::ControlModifier &&
                                      (key.key() == Qt::Key_BracketLeft || key.key() == Qt::Key_C))) {
    const bool idle = keys_.isEmpty() && !isVisual();
    if (isVisual()) rememberVisual();
    const auto at = isVisual() ? visualCaret() : caret();
    sci(Sci::SCI_SETEMPTYSELECTION, static_cast<std::uintptr_t>(at));
    enter(Mode::normal);
    return !idle;
  }
  if (key.modifiers() == Qt::ControlModifier) return pressedWithControl(key.key());
  typed(vim_key(key));
  return true;
}

bool VimMode::pressedWithControl(int key) {
  const auto lines = sci(Sci::SCI_LINESONSCREEN);
  const int count = std::max(1, parse_vim_keys(keys_ + u'j', isVisual()).command.count);
  keys_.clear();
  VimCommand command;
  command.count =
      static_cast<int>(std::max(1l, key == Qt::Key_D || key == Qt::Key_U ? lines / 2 : lines - 2));
  switch (key) {
    case Qt::Key_D:
    case Qt::Key_F:
      command.target = QStringLiteral("j");
      move(command);
      break;
    case Qt::Key_U:
    case Qt::Key_B:
      command.target = QStringLiteral("k");
      move(command);
      break;
    case Qt::Key_E:
      sci(Sci::SCI_LINESCROLL, 0, count);
      break;
    case Qt::Key_Y:
      sci(Sci::SCI_LINESCROLL, 0, -count);
      break;
    case Qt::Key_R:
      for (int i = 0; i < count; ++i) editor()->redo();
      settle();
      break;
    case Qt::Key_V: {
      const bool leave = mode_ == Mode::visual_block;
      const auto anchor = isVisual() ? visualAnchor() : caret();
      const auto at = isVisual() ? visualCaret() : caret();
      enter(leave ? Mode::normal : Mode::visual_block);
      leave ? setCaret(at) : select(anchor, at);
      break;
    }
    default:
      return false;
  }
  Q_EMIT modeChanged();
  return true;
}

void VimMode::typed(const QString& key) {
  if (!recording_.isNull() && playing_ == 0 && keys_.isEmpty() && key == u"q") return stopRecording();
  keys_ += key;
  const auto parsed = parse_vim_keys(keys_, isVisual());
  if (parsed.state == VimKeys::State::unfinished) return Q_EMIT modeChanged();
  keys_.clear();
  if (parsed.state == VimKeys::State::whole)
    run(parsed.command);
  else
    failed_ = true;
  Q_EMIT modeChanged();
}

void VimMode::run(const VimCommand& command) {
  using Kind = VimCommand::Kind;
  if (command.kind == Kind::move) return move(command);
  const bool changes = command.verb != QLatin1String("y");
  if (isVisual()) {
    static const auto only_looks = QStringLiteral("y Y : / ? v V o O gv zz zt zb m q").split(u' ');
    const auto shape = shapeOfSelection();
    if (mode_ == Mode::visual_block && !only_looks.contains(command.verb) && refusesBlock(shape.lines))
      return;
    if (command.kind == Kind::act) {
      actOnSelection(command);
    } else if (!changes || mayChange()) {
      if (mode_ == Mode::visual_block) {
        operateBlock(command);
      } else {
        const auto span = selected();
        enter(Mode::normal);
        operate(command, span);
      }
    }
    // What still stands selected was not changed.
    if (repeating_ || isVisual() || only_looks.contains(command.verb) || !mayChange()) return;
    if (mode_ == Mode::insert && inserting_)
      inserting_->shape = shape;
    else
      last_change_ = Change{command, {}, shape};
    return;
  }
  if (command.kind == Kind::act) return act(command);
  if (changes && !mayChange()) return;
  const auto span = spanOf(command);
  if (!span) return static_cast<void>(failed_ = true);
  if (changes) last_change_ = Change{command, {}};
  operate(command, *span);
}

void VimMode::refuse(const QString& why) {
  notice_ = why;
  failed_ = true;
}

bool VimMode::mayChange() { return !editor()->isReadOnly(); }

}  // namespace berth::desktop
