// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/escape_filter.hpp"

#include <QUrl>
#include <algorithm>

namespace berth::desktop {
namespace {

constexpr char escape = '\x1b';
constexpr char bell = '\x07';

/// SGR with colons ("4:3", "38:2::1:2:3"), which QTermWidget does not read, as semicolons.
QByteArray plain_sgr(const QByteArray& parameters) {
  QByteArrayList out;
  for (const auto& item : parameters.split(';')) {
    auto parts = item.split(':');
    if (parts.size() == 1) {
      out.append(item);
    } else if (parts[0] == "38" || parts[0] == "48") {
      parts.removeAll(QByteArray());
      // 38:2:<colour space>:r:g:b has one part more than the old form.
      if (parts.size() == 6 && parts[1] == "2") parts.removeAt(2);
      out.append(parts.join(';'));
    } else if (parts[0] == "4") {
      out.append(parts[1] == "0" ? QByteArray("24") : QByteArray("4"));
    }
  }
  return out.join(';');
}

/// Private modes that QTermWidget has, so that DECRQM tells the truth of them.
bool is_known_mode(int mode) {
  static const QSet<int> known = {1,    3,    5,    6,    7,    25,   47,   1000, 1002,
                                  1003, 1005, 1006, 1015, 1047, 1048, 1049, 2004};
  return known.contains(mode);
}

/// Without control characters, which a target or a path never has.
QByteArray clean(QByteArray text) {
  text.removeIf([](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return text;
}

/// The path in OSC 7's "file://host/path"; some shells leave the scheme out.
QByteArray path_of(const QByteArray& text) {
  if (text.startsWith('/')) return clean(text);
  if (!text.startsWith("file://")) return {};
  const auto begin = text.indexOf('/', 7);
  return begin < 0 ? QByteArray() : clean(QByteArray::fromPercentEncoding(text.mid(begin)));
}

}  // namespace

void EscapeFilter::tell(Output& out, Event::Kind kind, const QByteArray& text, int number) {
  out.events.push_back({kind, out.show.size(), text, number});
}

void EscapeFilter::setColors(const QColor& foreground, const QColor& background) {
  foreground_ = foreground;
  background_ = background;
}

void EscapeFilter::reset() {
  state_ = State::text;
  pending_.clear();
  resetModes();
}

void EscapeFilter::resetModes() {
  modes_ = {7, 25};  // wrapping and the cursor
  alternate_ = false;
}

void EscapeFilter::keep(QByteArrayView bytes) {
  // The beginning says whether it is for the clipboard, so that comes first.
  if (const auto head = std::min<qsizetype>(bytes.size(), 3 - pending_.size()); head > 0) {
    pending_.append(bytes.first(head));
    bytes = bytes.sliced(head);
  }
  const bool clipboard = state_ == State::string && pending_.startsWith("52;");
  const auto room = (clipboard ? longest_clipboard : longest) - pending_.size();
  if (bytes.size() > room) cut_ = true;
  pending_.append(bytes.first(std::clamp<qsizetype>(room, 0, bytes.size())));
}

EscapeFilter::Output EscapeFilter::feed(const QByteArray& bytes) {
  Output out;
  out.show.reserve(bytes.size());
  for (qsizetype i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    switch (state_) {
      case State::text: {
        const auto next = bytes.indexOf(escape, i);
        const auto end = next < 0 ? bytes.size() : next;
        out.show.append(bytes.constData() + i, end - i);
        i = end;
        if (next >= 0) state_ = State::escape;
        break;
      }
      case State::escape:
        pending_.clear();
        cut_ = false;
        if (c == '[') {
          state_ = State::csi;
        } else if (c == ']' || c == 'P' || c == '_' || c == '^' || c == 'X') {
          kind_ = c;
          state_ = State::string;
        } else if (c != escape) {
          if (c == 'c') resetModes();  // RIS
          out.show.append(escape).append(c);
          state_ = State::text;
          if (watch_rewinds_ && (c == 'c' || c == 'M')) tell(out, Event::Kind::rewound);
        }
        break;
      case State::csi:
        if (c >= 0x40 && c <= 0x7e) {
          state_ = State::text;
          finishControl(c, out);
        } else if (c == escape) {
          state_ = State::escape;
        } else if (static_cast<unsigned char>(c) < 0x20) {
          out.show.append(c);  // controls inside a sequence act at once
        } else {
          keep(QByteArrayView(&c, 1));
        }
        break;
      case State::string:
        if (c == bell || c == '\x18' || c == '\x1a') {
          state_ = State::text;
          if (c == bell) finishString(out);
        } else if (c == escape) {
          state_ = State::string_escape;
        } else {
          const auto rest = QByteArrayView(bytes).sliced(i);
          const auto end = std::ranges::find_if(rest, [](char next) {
            return next == bell || next == '\x18' || next == '\x1a' || next == escape;
          });
          keep(rest.first(end - rest.begin()));
          i += (end - rest.begin()) - 1;
        }
        break;
      case State::string_escape:
        state_ = State::text;
        finishString(out);
        if (c != '\\') {
          // A string that another sequence cut off: that one begins here.
          state_ = State::escape;
          --i;
        }
        break;
    }
  }
  return out;
}

void EscapeFilter::finishControl(char final, Output& out) {
  const char lead = pending_.isEmpty() ? '\0' : pending_[0];
  const bool is_private = lead == '<' || lead == '=' || lead == '>' || lead == '?';
  if (final == 'p' && pending_.endsWith('$')) {  // DECRQM
    if (lead == '?') answerMode(out);
    return;
  }
  if (final == 'u' && is_private) return;   // kitty's keyboard protocol
  if (final == 'm' && is_private) return;   // xterm's modifyOtherKeys, which reads as colours otherwise
  if (final == 'q' && lead == '>') return;  // XTVERSION
  if ((final == 'n' || final == 'c') && lead == '=') return;
  if (final == 't' && !is_private && !pending_.startsWith("8;")) return;  // window operations and reports
  if ((final == 'h' || final == 'l') && (pending_ == "?2026" || pending_ == "?2031")) return;
  if (cut_) return;
  if (final == 'J' && pending_ == "3") tell(out, Event::Kind::history_cleared);
  out.show.append("\x1b[");
  out.show.append(final == 'm' && pending_.contains(':') ? plain_sgr(pending_) : pending_);
  out.show.append(final);
  if ((final == 'h' || final == 'l') && lead == '?') setModes(final == 'h', out);
  if (watch_rewinds_ && QByteArrayView("AFHfdJLMST").contains(final)) tell(out, Event::Kind::rewound);
}

void EscapeFilter::setModes(bool set, Output& out) {
  for (const auto& item : pending_.mid(1).split(';')) {
    const int mode = item.toInt();
    if (!is_known_mode(mode)) continue;
    if (set) {
      modes_.insert(mode);
    } else {
      modes_.remove(mode);
    }
    const bool screen = mode == 47 || mode == 1047 || mode == 1049;
    if (!screen || set == alternate_) continue;
    alternate_ = set;
    tell(out, set ? Event::Kind::alternate : Event::Kind::primary);
  }
}

/// 1: set, 2: reset, 0: not known, as DECRPM says. The answer is typed into the terminal, so none of the
/// program's own bytes may be in it.
void EscapeFilter::answerMode(Output& out) const {
  bool is_number = false;
  const int mode = pending_.sliced(1).chopped(1).toInt(&is_number);
  if (!is_number || mode < 0 || cut_) return;
  const char* state = !is_known_mode(mode) ? "0" : modes_.contains(mode) ? "1" : "2";
  out.answer.append("\x1b[?").append(QByteArray::number(mode)).append(';').append(state).append("$y");
}

void EscapeFilter::finishString(Output& out) {
  if (kind_ != ']') return;  // DCS, APC, PM and SOS would be shown as text
  const auto code = pending_.left(pending_.indexOf(';')).toInt();
  const auto rest = pending_.mid(pending_.indexOf(';') + 1);
  if (code == 10 && rest == "?") {
    out.answer.append(colorAnswer(10, foreground_));
  } else if (code == 11 && rest == "?") {
    out.answer.append(colorAnswer(11, background_));
  } else if (code == 0 || code == 1 || code == 2) {
    out.show.append("\x1b]").append(pending_).append(bell);
  } else if (cut_) {
    return;  // half a target or half a text is none
  } else if (code == 7) {
    if (const auto path = path_of(rest); !path.isEmpty()) tell(out, Event::Kind::directory, path);
  } else if (code == 8) {
    tell(out, Event::Kind::link, clean(rest.mid(rest.indexOf(';') + 1)));
  } else if (code == 52) {
    finishClipboard(rest, out);
  } else if (code == 133 || code == 633) {
    finishShellMark(rest, out);
  }
}

void EscapeFilter::finishShellMark(const QByteArray& mark, Output& out) {
  if (mark.startsWith('A')) {
    tell(out, Event::Kind::prompt);
  } else if (mark.startsWith('C')) {
    // The runner's picture of a screen says how long ago.
    int age = -1;
    for (const auto& part : mark.split(';'))
      if (bool told = false; part.startsWith("age="))
        if (const int ms = part.mid(4).toInt(&told); told && ms >= 0) age = ms;
    tell(out, Event::Kind::command, {}, age);
  } else if (mark.startsWith('D')) {
    bool told = false;
    const int code = mark.split(';').value(1).toInt(&told);
    tell(out, Event::Kind::finished, {}, told ? code : -1);
  }
}

/// "c;BASE64" writes; "c;?" asks what is on it, which is never told.
void EscapeFilter::finishClipboard(const QByteArray& rest, Output& out) {
  const auto data = rest.mid(rest.indexOf(';') + 1);
  if (data == "?" || rest.indexOf(';') < 0) return;
  const auto text = QByteArray::fromBase64Encoding(data, QByteArray::AbortOnBase64DecodingErrors);
  if (text) tell(out, Event::Kind::clipboard, *text);
}

QByteArray EscapeFilter::colorAnswer(int code, const QColor& color) const {
  const auto part = [](int value) { return QByteArray::number(value * 257, 16).rightJustified(4, '0'); };
  return "\x1b]" + QByteArray::number(code) + ";rgb:" + part(color.red()) + '/' + part(color.green()) + '/' +
         part(color.blue()) + "\x1b\\";
}

}  // namespace berth::desktop
