// SPDX-License-Identifier: GPL-3.0-or-later
// The modes and where keys go; motions over the editor. What changes the text is in vim_changes.
#include "client/desktop/vim_mode.hpp"

#include <QAction>
#include <QKeyEvent>
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
    if (mode_ != Mode::off) enter(Mode::normal);
  });
  connect(editor, &CodeEditor::edited, this, [this](const client::LocalEdit& edit) {
    if (mode_ != Mode::insert || !inserting_) return;
    auto& inserted = inserting_->inserted;
    if (!edit.removed.empty()) inserted.chop(QString::fromStdString(edit.removed).size());
    inserted += QString::fromStdString(edit.inserted);
  });
  // Where a click or another program left a selection, it is a visual one.
  connect(editor, &CodeEditor::cursorMoved, this, [this] {
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
  mode_ = mode;
  keys_.clear();
  if (mode == Mode::normal || mode == Mode::off) {
    inserting_.reset();
    if (mode == Mode::off) {
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
  Q_EMIT modeChanged();
}

QString VimMode::words() const {
  switch (mode_) {
    case Mode::off:
      return {};
    case Mode::insert:
      return QStringLiteral("INSERT");
    case Mode::visual:
      return (QStringLiteral("VISUAL ") + keys_).trimmed();
    case Mode::visual_lines:
      return (QStringLiteral("VISUAL LINE ") + keys_).trimmed();
    case Mode::normal:
      return (QStringLiteral("NORMAL ") + keys_).trimmed();
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
  if (inserting_) last_change_ = inserting_;
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
    default:
      return false;
  }
  Q_EMIT modeChanged();
  return true;
}

void VimMode::typed(const QString& key) {
  keys_ += key;
  const auto parsed = parse_vim_keys(keys_, isVisual());
  if (parsed.state == VimKeys::State::unfinished) return Q_EMIT modeChanged();
  keys_.clear();
  if (parsed.state == VimKeys::State::whole) run(parsed.command);
  Q_EMIT modeChanged();
}

void VimMode::run(const VimCommand& command) {
  using Kind = VimCommand::Kind;
  if (command.kind == Kind::move) return move(command);
  if (isVisual()) {
    if (command.kind == Kind::act) return actOnSelection(command);
    const auto span = selected();
    if (command.verb != QLatin1String("y") && !mayChange()) return;
    enter(Mode::normal);
    return operate(command, span);
  }
  if (command.kind == Kind::act) return act(command);
  if (command.verb != QLatin1String("y") && !mayChange()) return;
  if (const auto span = spanOf(command)) {
    if (command.verb != QLatin1String("y")) last_change_ = Change{command, {}};
    operate(command, *span);
  }
}

bool VimMode::mayChange() { return !editor()->isReadOnly(); }

// ---- Places

VimText VimMode::text() const {
  const auto* bytes =
      static_cast<const char*>(editor()->SendScintillaPtrResult(Sci::SCI_GETCHARACTERPOINTER));
  return VimText({bytes, static_cast<std::size_t>(sci(Sci::SCI_GETLENGTH))});
}

std::size_t VimMode::caret() const { return static_cast<std::size_t>(sci(Sci::SCI_GETCURRENTPOS)); }

void VimMode::setCaret(std::size_t at, bool keepColumn) {
  if (!keepColumn) column_.reset();
  sci(Sci::SCI_GOTOPOS, at);
  if (mode_ == Mode::normal) settle();
}

void VimMode::settle() {
  const auto now = text();
  const auto at = caret();
  if (at > now.lastInLine(at)) sci(Sci::SCI_SETEMPTYSELECTION, now.lastInLine(at));
  sci(Sci::SCI_SCROLLCARET);
}

void VimMode::select(std::size_t anchor, std::size_t caret) {
  const auto now = text();
  if (mode_ == Mode::visual_lines) {
    lines_anchor_ = anchor;
    const auto first = now.lineBegin(std::min(anchor, caret));
    const auto last = now.lineEnd(std::max(anchor, caret));
    // The caret's end is the one that moves.
    caret >= anchor ? sci(Sci::SCI_SETSEL, first, static_cast<std::intptr_t>(last))
                    : sci(Sci::SCI_SETSEL, last, static_cast<std::intptr_t>(first));
    return;
  }
  const auto size = now.size();
  const auto past = [&](std::size_t at) { return at < size ? now.next(at) : at; };
  caret >= anchor ? sci(Sci::SCI_SETSEL, anchor, static_cast<std::intptr_t>(past(caret)))
                  : sci(Sci::SCI_SETSEL, past(anchor), static_cast<std::intptr_t>(caret));
}

std::size_t VimMode::visualAnchor() const {
  if (mode_ == Mode::visual_lines) return std::min(lines_anchor_, text().size());
  const auto anchor = static_cast<std::size_t>(sci(Sci::SCI_GETANCHOR));
  return anchor > caret() ? text().before(anchor) : anchor;
}

std::size_t VimMode::visualCaret() const {
  const auto anchor = static_cast<std::size_t>(sci(Sci::SCI_GETANCHOR));
  if (mode_ == Mode::visual_lines) return caret();
  return caret() > anchor ? text().before(caret()) : caret();
}

VimSpan VimMode::selected() const {
  const auto begin = static_cast<std::size_t>(sci(Sci::SCI_GETSELECTIONSTART));
  const auto end = static_cast<std::size_t>(sci(Sci::SCI_GETSELECTIONEND));
  if (mode_ != Mode::visual_lines) return {begin, end};
  const auto now = text();
  return {now.lineBegin(begin), std::min(now.lineEnd(end) + 1, now.size()), true};
}

std::optional<VimGoal> VimMode::goalInView(const VimCommand& command) {
  const auto& to = command.target;
  const auto first = sci(Sci::SCI_GETFIRSTVISIBLELINE);
  const auto shown = sci(Sci::SCI_LINESONSCREEN);
  const auto line_of = [&](long visible) {
    const auto line = sci(Sci::SCI_DOCLINEFROMVISIBLE, static_cast<std::uintptr_t>(visible));
    return text().firstNonBlank(static_cast<std::size_t>(lineBegin(std::min(line, lineCount() - 1))));
  };
  const long off = std::max(0, command.count - 1);
  const auto last = std::min(first + shown - 1, lineCount() - 1);
  if (to == QLatin1String("H")) return VimGoal{line_of(first + off), false, true};
  if (to == QLatin1String("M")) return VimGoal{line_of((first + last) / 2), false, true};
  if (to == QLatin1String("L")) return VimGoal{line_of(std::max(first, last - off)), false, true};
  return {};
}

std::optional<VimGoal> VimMode::goal(const VimCommand& command) {
  const auto now = text();
  const auto from = isVisual() ? visualCaret() : caret();
  const auto& to = command.target;
  const int times = std::max(1, command.count);
  if (to == QLatin1String("j") || to == QLatin1String("k")) {
    const auto column = column_.value_or(now.column(from));
    int lines = to == QLatin1String("j") ? times : -times;
    auto place = now.down(from, lines, column);
    // As far as it goes, for a plain motion.
    while (!place && command.kind == VimCommand::Kind::move && lines != 0)
      place = now.down(from, lines += lines > 0 ? -1 : 1, column);
    column_ = column;
    return place ? std::optional(VimGoal{*place, false, true}) : std::nullopt;
  }
  if (to == QLatin1String("`") || to == QLatin1String("'")) {
    const auto mark = marks_.find(command.argument);
    if (mark == marks_.end() || *mark >= lineCount()) return {};
    const auto line = static_cast<std::size_t>(lineBegin(*mark));
    return VimGoal{now.firstNonBlank(line), false, true};
  }
  if (to == QLatin1String(";") || to == QLatin1String(",")) {
    auto again = last_find_;
    if (again.target.isEmpty()) return {};
    if (to == QLatin1String(","))
      again.target = again.target.front().isLower() ? again.target.toUpper() : again.target.toLower();
    // Till the next one, not to the one before which the caret stands.
    const auto start = again.target == QLatin1String("t")   ? now.next(from)
                       : again.target == QLatin1String("T") ? now.before(from)
                                                            : from;
    return vim_motion(now, start, again.target, command.count, again.argument);
  }
  if (to == QLatin1String("n") || to == QLatin1String("N") || to == QLatin1String("*") ||
      to == QLatin1String("#")) {
    bool forward = (to == QLatin1String("n")) == forward_;
    if (to == QLatin1String("*") || to == QLatin1String("#")) {
      const auto word = vim_word_at(now, from);
      if (!word) return {};
      pattern_ = QStringLiteral("\\<") + take(*word) + QStringLiteral("\\>");
      forward = forward_ = to == QLatin1String("*");
    }
    const auto before = std::pair(sci(Sci::SCI_GETANCHOR), sci(Sci::SCI_GETCURRENTPOS));
    for (int i = 0; i < times; ++i) search(pattern_, forward);
    forward_ = to == QLatin1String("*") || (to != QLatin1String("#") && forward_);
    const auto found = static_cast<std::size_t>(sci(Sci::SCI_GETSELECTIONSTART));
    sci(Sci::SCI_SETSEL, static_cast<std::uintptr_t>(before.first), before.second);
    return VimGoal{found};
  }
  if (const auto seen = goalInView(command)) return seen;
  if (QStringLiteral("fFtT").contains(to) && to.size() == 1) last_find_ = command;
  return vim_motion(now, from, to, command.count, command.argument);
}

void VimMode::move(const VimCommand& command) {
  if (isVisual() && command.target.size() == 2 && QStringLiteral("ia").contains(command.target.front())) {
    const auto span = vim_object(text(), visualCaret(), command.target, command.count);
    if (!span || span->begin >= span->end) return;
    if (span->lines) enter(Mode::visual_lines);
    return select(span->begin, text().before(span->end));
  }
  const bool vertical = command.target == QLatin1String("j") || command.target == QLatin1String("k");
  const auto place = goal(command);
  if (!place) return;
  if (isVisual()) {
    if (!vertical) column_.reset();
    select(visualAnchor(), place->at);
    sci(Sci::SCI_SCROLLCARET);
    return;
  }
  if (!vertical || !column_) column_.reset();
  const auto column = column_;
  setCaret(place->at, vertical);
  column_ = column;
  if (command.target == QLatin1String("$")) column_ = std::numeric_limits<std::uint32_t>::max();
}

std::optional<VimSpan> VimMode::spanOf(const VimCommand& command) {
  const auto now = text();
  const auto from = caret();
  if (command.target == QLatin1String("line")) {
    const auto last = now.down(from, std::max(1, command.count) - 1, 0);
    return VimSpan{now.lineBegin(from), std::min(now.lineEnd(last.value_or(now.size())) + 1, now.size()),
                   true};
  }
  if (command.target.size() == 2 && QStringLiteral("ia").contains(command.target.front()))
    return vim_object(now, from, command.target, command.count);
  auto aimed = command;
  // cw changes to the end of the word, not what is behind it.
  const bool on_text = from < now.size() && !std::isspace(static_cast<unsigned char>(now.bytes()[from]));
  if (command.verb == QLatin1String("c") && on_text && command.target.toLower() == QLatin1String("w")) {
    const auto word = vim_object(now, from, QStringLiteral("i") + command.target, 1);
    if (command.count <= 1) return VimSpan{from, word->end};
    const auto last =
        vim_motion(now, now.before(word->end),
                   command.target == QLatin1String("w") ? QStringLiteral("e") : QStringLiteral("E"),
                   command.count - 1, {});
    return VimSpan{from, now.next(last->at)};
  }
  const auto place = goal(aimed);
  column_.reset();
  if (!place) return {};
  const auto begin = std::min(from, place->at);
  auto end = std::max(from, place->at);
  if (place->lines) return VimSpan{now.lineBegin(begin), std::min(now.lineEnd(end) + 1, now.size()), true};
  if (place->inclusive && end < now.lineEnd(end)) end = now.next(end);
  // dw on the last word of a line leaves the line's end.
  if (aimed.target.toLower() == QLatin1String("w") && now.lineBegin(end) > begin &&
      now.lineBegin(begin) != now.lineBegin(end))
    end = std::max(begin, std::min(end, now.lineEnd(begin)));
  return VimSpan{begin, end};
}

}  // namespace berth::desktop
