// SPDX-License-Identifier: GPL-3.0-or-later
// What Vim's commands change: operators, registers, insertions and their repetition.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <algorithm>

#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/vim_mode.hpp"

namespace berth::desktop {
namespace {

constexpr int most_repetitions = 1'000;
constexpr qsizetype most_put = 16 << 20;  // UTF-16 units of one command

/// One set for all editors of the process, as Vim has it for all its windows.
template <class Register>
QHash<QChar, Register>& vim_registers() {
  static QHash<QChar, Register> all;
  return all;
}

}  // namespace

VimMode::Register VimMode::registerOf(QChar name) {
  if (name == u'+' || name == u'*') {
    const auto text = QApplication::clipboard()->text();
    return {text, text.endsWith(u'\n')};
  }
  return vim_registers<Register>().value(name.toLower());
}

QString VimMode::registerText(QChar name) { return registerOf(name).text; }

QString VimMode::take(VimSpan span) const {
  const auto bytes = text().bytes().substr(span.begin, span.end - span.begin);
  return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

void VimMode::keep(QChar name, VimSpan span, bool deleted) {
  auto kept = take(span);
  if (span.lines && !kept.endsWith(u'\n')) kept += u'\n';
  keepText(name, {kept, span.lines}, deleted);
}

void VimMode::keepText(QChar name, const Register& kept, bool deleted) {
  if (name == u'_') return;
  auto& registers = vim_registers<Register>();
  if (name.isUpper()) {  // more of what is there
    auto& own = registers[name.toLower()];
    if (own.text.isEmpty()) {
      own = kept;
    } else {
      // A block becomes longer by it, and lines stay lines.
      if (!own.lines && (own.block || kept.lines)) own.text += u'\n';
      own.text += kept.text;
      own.lines = own.lines || kept.lines;
      own.block = own.block && !own.lines;
      if (own.lines && !own.text.endsWith(u'\n')) own.text += u'\n';
    }
  } else if (name == u'+' || name == u'*') {
    QApplication::clipboard()->setText(kept.text);
  } else {
    registers[name] = kept;
  }
  registers[u'"'] = kept;
  if (!deleted) registers[u'0'] = kept;
}

void VimMode::remove(VimSpan span) {
  const auto now = text();
  // The last line goes with the feed before it.
  if (span.lines && span.end == now.size() && span.begin > 0 &&
      (span.end == span.begin || now.bytes()[span.end - 1] != '\n'))
    --span.begin;
  replace(static_cast<long>(span.begin), static_cast<long>(span.end), {});
  if (!span.lines) return setCaret(span.begin);
  const auto left = text();
  setCaret(left.firstNonBlank(std::min(span.begin == 0 ? 0 : span.begin, left.size())));
}

void VimMode::operate(const VimCommand& command, VimSpan span) {
  const auto& verb = command.verb;
  if (verb == QLatin1String("y")) {
    keep(command.name, span, false);
    return setCaret(span.lines && command.target == QLatin1String("line") ? caret() : span.begin);
  }
  if (verb == QLatin1String("d")) {
    keep(command.name, span, true);
    return remove(span);
  }
  if (verb == QLatin1String("c")) {
    keep(command.name, span, true);
    const auto now = text();
    auto begin = span.begin;
    auto end = span.end;
    if (span.lines) {  // the line stays, and its indentation
      begin = now.firstNonBlank(begin);
      if (end > begin && now.bytes()[end - 1] == '\n') --end;
    }
    replace(static_cast<long>(begin), static_cast<long>(std::max(begin, end)), {});
    inserting_ = Change{command, {}};
    return beginInsert(begin);
  }
  if (verb == QLatin1String(">") || verb == QLatin1String("<"))
    return shift(span, verb == QLatin1String(">"), command.target.isEmpty() ? std::max(1, command.count) : 1);
  if (verb == QLatin1String("gc")) {
    sci(Sci::SCI_SETSEL, span.begin,
        static_cast<std::intptr_t>(std::max(span.begin, span.end - (span.lines ? 1 : 0))));
    EditorCommands::of(editor())->run(QStringLiteral("comment.line"));
    return setCaret(text().firstNonBlank(span.begin));
  }
  recase(span, verb.back());
}

void VimMode::shift(VimSpan span, bool right, int times) {
  const auto first = lineOf(static_cast<long>(span.begin));
  const auto last = lineOf(static_cast<long>(std::max(span.begin, span.end - (span.lines ? 1 : 0))));
  const auto width = sci(Sci::SCI_GETINDENT) > 0 ? sci(Sci::SCI_GETINDENT) : sci(Sci::SCI_GETTABWIDTH);
  sci(Sci::SCI_BEGINUNDOACTION);
  for (auto line = first; line <= last; ++line) {
    if (lineBegin(line) == lineEnd(line)) continue;
    const auto number = static_cast<std::uintptr_t>(line);
    const auto indent = sci(Sci::SCI_GETLINEINDENTATION, number) + (right ? width : -width) * times;
    sci(Sci::SCI_SETLINEINDENTATION, number, std::max(0l, indent));
    editor()->flushEdits();
  }
  sci(Sci::SCI_ENDUNDOACTION);
  setCaret(text().firstNonBlank(static_cast<std::size_t>(lineBegin(first))));
}

void VimMode::recase(VimSpan span, QChar how) {
  const auto before = take(span);
  const auto after = vim_recased(before, how);
  if (after != before)
    replace(static_cast<long>(span.begin), static_cast<long>(span.end), after.toStdString());
  setCaret(span.begin);
}

// ---- Insertions

void VimMode::beginInsert(std::size_t at) {
  auto change = inserting_;
  enter(Mode::insert);
  inserting_ = change;
  sci(Sci::SCI_SETEMPTYSELECTION, at);
  sci(Sci::SCI_SCROLLCARET);
}

bool VimMode::actInsert(const VimCommand& command) {
  if (command.verb.size() > 2 || !mayChange()) return false;
  const auto now = text();
  const auto at = caret();
  auto begin = at;
  if (command.verb == QLatin1String("i") || command.verb == QLatin1String("gi")) {
  } else if (command.verb == QLatin1String("a")) {
    begin = at < now.lineEnd(at) ? now.next(at) : at;
  } else if (command.verb == QLatin1String("I")) {
    begin = now.firstNonBlank(at);
  } else if (command.verb == QLatin1String("A")) {
    begin = now.lineEnd(at);
  } else if (command.verb == QLatin1String("o") || command.verb == QLatin1String("O")) {
    inserting_ = Change{command, {}};
    const bool below = command.verb == QLatin1String("o");
    const auto line = lineOf(static_cast<long>(at));
    const auto indent = sci(Sci::SCI_GETLINEINDENTATION, static_cast<std::uintptr_t>(line));
    const auto place = static_cast<long>(below ? now.lineEnd(at) : now.lineBegin(at));
    replace(place, place, "\n");
    const auto fresh = below ? line + 1 : line;
    sci(Sci::SCI_SETLINEINDENTATION, static_cast<std::uintptr_t>(fresh), indent);
    editor()->flushEdits();
    beginInsert(static_cast<std::size_t>(lineEnd(fresh)));
    return true;
  } else {
    return false;
  }
  inserting_ = Change{command, {}};
  beginInsert(begin);
  return true;
}

/// What was typed, as often as the count says: 3ix, 2oline.
void VimMode::repeatInserted(const Change& change) {
  static const auto counted = QStringLiteral("i a I A gi o O").split(u' ');
  const int times = std::min(change.command.count, most_repetitions);
  if (change.shape || times < 2 || change.inserted.isEmpty() || !counted.contains(change.command.verb) ||
      change.inserted.size() * times > most_put)
    return;
  const auto more = [&](const QString& text) {
    const auto at = caret();
    const auto bytes = text.repeated(times - 1).toStdString();
    replace(static_cast<long>(at), static_cast<long>(at), bytes);
    sci(Sci::SCI_SETEMPTYSELECTION, at + bytes.size());
  };
  if (change.command.verb.toLower() != QLatin1String("o")) return more(change.inserted);
  const auto line = QString::fromStdString(lineText(lineOf(static_cast<long>(caret()))));
  const auto blanks = std::ranges::find_if(line, [](QChar sign) { return !sign.isSpace(); }) - line.begin();
  more(u'\n' + line.first(blanks) + change.inserted);
}

void VimMode::repeatChange(int count) {
  if (!last_change_ || repeating_ || !mayChange()) return;
  repeating_ = true;
  auto change = *last_change_;
  if (count > 0) change.command.count = count;
  if (change.shape) selectShape(*change.shape);
  run(change.command);
  if (mode_ == Mode::insert) {
    const auto at = caret();
    const auto bytes = change.inserted.toStdString();
    inserting_.reset();
    replace(static_cast<long>(at), static_cast<long>(at), bytes);
    sci(Sci::SCI_SETEMPTYSELECTION, at + bytes.size());
    repeatInserted(change);
    finishBlockInsert(change.inserted);
    const auto end = caret();
    enter(Mode::normal);
    if (!bytes.empty() && end > text().lineBegin(end) && caret() == end) setCaret(text().before(end));
  }
  last_change_ = change;
  repeating_ = false;
}

// ---- Actions

bool VimMode::runWindow(const char* command) {
  for (auto* action : editor()->window()->actions())
    if (action->objectName() == QLatin1String(command)) {
      action->trigger();
      return true;
    }
  return false;
}

bool VimMode::actView(const VimCommand& command) {
  const auto& verb = command.verb;
  const auto line =
      sci(Sci::SCI_VISIBLEFROMDOCLINE, static_cast<std::uintptr_t>(lineOf(static_cast<long>(caret()))));
  const auto shown = sci(Sci::SCI_LINESONSCREEN);
  const auto show = [&](long first) {
    sci(Sci::SCI_SETFIRSTVISIBLELINE, static_cast<std::uintptr_t>(std::max(0l, first)));
  };
  if (verb == QLatin1String("zz")) return show(line - shown / 2), true;
  if (verb == QLatin1String("zt")) return show(line), true;
  if (verb == QLatin1String("zb")) return show(line - shown + 1), true;
  if (verb == QLatin1String(":"))
    return openLine(isVisual() ? QStringLiteral(":'<,'>") : QStringLiteral(":")), true;
  if (verb == QLatin1String("/") || verb == QLatin1String("?")) return openLine(verb), true;
  static const QHash<QString, const char*> folds{{QStringLiteral("za"), "fold.toggle"},
                                                 {QStringLiteral("zo"), "fold.open"},
                                                 {QStringLiteral("zc"), "fold.close"},
                                                 {QStringLiteral("zR"), "fold.open_all"},
                                                 {QStringLiteral("zM"), "fold.close_all"}};
  if (const auto fold = folds.find(verb); fold != folds.end())
    return EditorCommands::of(editor())->run(QLatin1String(*fold)), true;
  if (verb == QLatin1String("ZZ")) return runLine(QStringLiteral("wq")), true;
  if (verb == QLatin1String("ZQ")) return runLine(QStringLiteral("q")), true;
  return false;
}

void VimMode::act(const VimCommand& command) {
  const auto& verb = command.verb;
  if (actView(command)) return;
  if (verb == QLatin1String("v") || verb == QLatin1String("V")) {
    const auto at = caret();
    enter(verb == QLatin1String("v") ? Mode::visual : Mode::visual_lines);
    return select(at, at);
  }
  if (verb == QLatin1String("Y")) {
    auto line = command;
    line.kind = VimCommand::Kind::operate;
    line.verb = QStringLiteral("y");
    line.target = QStringLiteral("line");
    return run(line);
  }
  if (verb == QLatin1String("m")) return setMark(command.argument, caret());
  if (verb == QLatin1String("gv")) return reselect();
  if (verb == QLatin1String("q")) return startRecording(command.argument);
  if (verb == QLatin1String("@")) return play(command.argument, std::max(1, command.count));
  if (!mayChange()) return;
  if (verb == QLatin1String(".")) return repeatChange(command.count);
  const int times = std::min(std::max(1, command.count), most_repetitions);
  if (verb == QLatin1String("u")) {
    for (int i = 0; i < times; ++i) editor()->undo();
    return settle();
  }
  if (actInsert(command)) return;
  if (verb == QLatin1String("&")) {
    const auto now = text();
    if (last_substitute_.isEmpty()) return;
    return substitute(last_substitute_, {now.lineBegin(caret()), now.lineEnd(caret()), true});
  }
  // Short for an operator with a motion.
  static const QHash<QString, std::pair<const char*, const char*>> short_for{
      {QStringLiteral("x"), {"d", "l"}}, {QStringLiteral("X"), {"d", "h"}},
      {QStringLiteral("s"), {"c", "l"}}, {QStringLiteral("D"), {"d", "$"}},
      {QStringLiteral("C"), {"c", "$"}}, {QStringLiteral("S"), {"c", "line"}}};
  if (const auto found = short_for.find(verb); found != short_for.end()) {
    auto whole = command;
    whole.kind = VimCommand::Kind::operate;
    whole.verb = QLatin1String(found->first);
    whole.target = QLatin1String(found->second);
    return run(whole);
  }
  last_change_ = Change{command, {}};
  if (verb == QLatin1String("p") || verb == QLatin1String("P"))
    return put(registerOf(command.name), verb == QLatin1String("p"), std::max(1, command.count));
  if (verb == QLatin1String("J") || verb == QLatin1String("gJ"))
    return join(static_cast<std::size_t>(std::max(1, times - 1)), verb == QLatin1String("J"));
  const auto now = text();
  const auto at = caret();
  auto end = at;
  for (int i = 0; i < times && end < now.lineEnd(at); ++i) end = now.next(end);
  if (verb == QLatin1String("~")) {
    recase({at, end}, u'~');
    return setCaret(end);
  }
  if (verb != QLatin1String("r") || end == at) return;
  const bool feed = command.argument == u'\n';
  const auto sign = QString(feed ? 1 : times, command.argument).toStdString();
  replace(static_cast<long>(at), static_cast<long>(end), sign);
  setCaret(feed ? at + 1 : text().before(at + sign.size()));
}

void VimMode::actOnSelection(const VimCommand& command) {
  const auto verb = command.verb;
  if (mode_ == Mode::visual_block && actOnBlock(command)) return;
  if (verb == QLatin1String("m")) return setMark(command.argument, visualCaret());
  if (verb == QLatin1String("gv")) return reselect();
  if (verb == QLatin1String("q")) return startRecording(command.argument);
  if (verb == QLatin1String("v") || verb == QLatin1String("V")) {
    const auto wanted = verb == QLatin1String("v") ? Mode::visual : Mode::visual_lines;
    const auto anchor = visualAnchor();
    const auto at = visualCaret();
    const bool leave = mode_ == wanted;
    enter(leave ? Mode::normal : wanted);
    return leave ? setCaret(at) : select(anchor, at);
  }
  if (verb == QLatin1String("o") || verb == QLatin1String("O")) return select(visualCaret(), visualAnchor());
  if (verb == QLatin1String(":")) {
    // The lines are meant; what is typed stands for them.
    const auto span = selected();
    setMark(u'<', span.begin);
    setMark(u'>', std::max(span.begin, span.end > span.begin ? span.end - 1 : span.end));
  }
  if (actView(command)) return;
  auto span = selected();
  const bool changes = verb != QLatin1String("Y");
  if (changes && !mayChange()) return;
  const auto operation = [&](const char* name, bool lines) {
    auto whole = command;
    whole.kind = VimCommand::Kind::operate;
    whole.verb = QLatin1String(name);
    const auto now = text();
    if (lines && !span.lines)
      span = {now.lineBegin(span.begin),
              std::min(now.lineEnd(std::max(span.begin, span.end - 1)) + 1, now.size()), true};
    enter(Mode::normal);
    operate(whole, span);
  };
  if (verb == QLatin1String("x")) return operation("d", false);
  if (verb == QLatin1String("X") || verb == QLatin1String("D")) return operation("d", true);
  if (verb == QLatin1String("s")) return operation("c", false);
  if (verb == QLatin1String("S") || verb == QLatin1String("C")) return operation("c", true);
  if (verb == QLatin1String("Y")) return operation("y", true);
  if (verb == QLatin1String("u")) return operation("gu", false);
  if (verb == QLatin1String("U")) return operation("gU", false);
  if (verb == QLatin1String("~")) return operation("g~", false);
  if (verb == QLatin1String("p") || verb == QLatin1String("P")) return putOverSelection(command);
  if (verb == QLatin1String("I") || verb == QLatin1String("A")) {
    enter(Mode::normal);
    inserting_ = Change{command, {}};
    return beginInsert(verb == QLatin1String("I") ? span.begin
                       : span.lines               ? text().lineEnd(span.end - 1)
                                                  : span.end);
  }
  const auto first = lineOf(static_cast<long>(span.begin));
  const auto last =
      lineOf(static_cast<long>(std::max(span.begin, span.end - (span.end > span.begin ? 1 : 0))));
  enter(Mode::normal);
  if (verb == QLatin1String("J") || verb == QLatin1String("gJ")) {
    setCaret(span.begin);
    return join(static_cast<std::size_t>(std::max(1l, last - first)), verb == QLatin1String("J"));
  }
  if (verb != QLatin1String("r")) return;
  auto filled = take(span);
  for (auto& sign : filled)
    if (sign != u'\n') sign = command.argument;
  replace(static_cast<long>(span.begin), static_cast<long>(span.end), filled.toStdString());
  setCaret(span.begin);
}

void VimMode::put(const Register& kept, bool after, int times) {
  if (kept.text.isEmpty() || kept.text.size() * times > most_put) return;
  if (kept.block) return putBlock(kept, after, times);
  auto bytes = kept.text.repeated(times).toStdString();
  const auto now = text();
  const auto at = caret();
  if (kept.lines) {
    auto place = after ? now.lineEnd(at) : now.lineBegin(at);
    if (after && place == now.size()) {  // behind the last line, which has no feed
      bytes = '\n' + bytes.substr(0, bytes.size() - 1);
    } else if (after) {
      ++place;
    }
    replace(static_cast<long>(place), static_cast<long>(place), bytes);
    const auto line = place + (bytes.front() == '\n' && after ? 1 : 0);
    return setCaret(text().firstNonBlank(line));
  }
  const auto place = after && at < now.lineEnd(at) ? now.next(at) : at;
  replace(static_cast<long>(place), static_cast<long>(place), bytes);
  setCaret(text().before(place + bytes.size()));
}

void VimMode::putOverSelection(const VimCommand& command) {
  const auto kept = registerOf(command.name);
  const auto span = selected();
  enter(Mode::normal);
  if (command.verb == QLatin1String("p")) keep(u'"', span, true);
  auto fresh = kept.text;
  if (span.lines && !fresh.endsWith(u'\n')) fresh += u'\n';
  if (!span.lines && kept.lines) fresh.prepend(u'\n');
  const auto bytes = fresh.toStdString();
  replace(static_cast<long>(span.begin), static_cast<long>(span.end), bytes);
  setCaret(span.lines || bytes.empty() ? span.begin : text().before(span.begin + bytes.size()));
}

void VimMode::join(std::size_t lines, bool blanks) {
  for (std::size_t i = 0; i < lines; ++i) {
    const auto now = text();
    const auto end = now.lineEnd(caret());
    if (end >= now.size()) return;
    auto next = end + 1;
    const auto next_end = now.lineEnd(next);
    if (blanks)
      while (next < next_end && (now.bytes()[next] == ' ' || now.bytes()[next] == '\t')) ++next;
    const bool spaced = blanks && next < next_end && end > now.lineBegin(end) &&
                        now.bytes()[end - 1] != ' ' && now.bytes()[next] != ')';
    replace(static_cast<long>(end), static_cast<long>(next), spaced ? " " : "");
    setCaret(end);
  }
}

}  // namespace berth::desktop
