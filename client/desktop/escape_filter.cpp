// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/escape_filter.hpp"

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

}  // namespace

void EscapeFilter::setColors(const QColor& foreground, const QColor& background) {
  foreground_ = foreground;
  background_ = background;
}

void EscapeFilter::reset() {
  state_ = State::text;
  pending_.clear();
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
        if (c == '[') {
          state_ = State::csi;
        } else if (c == ']' || c == 'P' || c == '_' || c == '^' || c == 'X') {
          kind_ = c;
          state_ = State::string;
        } else if (c != escape) {
          out.show.append(escape).append(c);
          state_ = State::text;
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
        } else if (pending_.size() < longest) {
          pending_.append(c);
        }
        break;
      case State::string:
        if (c == bell || c == '\x18' || c == '\x1a') {
          state_ = State::text;
          if (c == bell) finishString(out);
        } else if (c == escape) {
          state_ = State::string_escape;
        } else if (pending_.size() < longest) {
          pending_.append(c);
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
  if (final == 'p' && pending_.endsWith('$')) {  // DECRQM: the mode is not recognised
    if (lead == '?') out.answer.append("\x1b[").append(pending_.chopped(1)).append(";0$y");
    return;
  }
  if (final == 'u' && is_private) return;   // kitty's keyboard protocol
  if (final == 'm' && is_private) return;   // xterm's modifyOtherKeys, which reads as colours otherwise
  if (final == 'q' && lead == '>') return;  // XTVERSION
  if ((final == 'n' || final == 'c') && lead == '=') return;
  if (final == 't' && !is_private && !pending_.startsWith("8;")) return;  // window operations and reports
  if ((final == 'h' || final == 'l') && (pending_ == "?2026" || pending_ == "?2031")) return;
  out.show.append("\x1b[");
  out.show.append(final == 'm' && pending_.contains(':') ? plain_sgr(pending_) : pending_);
  out.show.append(final);
}

void EscapeFilter::finishString(Output& out) {
  if (kind_ != ']') return;  // DCS, APC, PM and SOS would be shown as text
  const auto code = pending_.left(pending_.indexOf(';')).toInt();
  if (code == 10 && pending_ == "10;?") {
    out.answer.append(colorAnswer(10, foreground_));
  } else if (code == 11 && pending_ == "11;?") {
    out.answer.append(colorAnswer(11, background_));
  } else if (code == 0 || code == 1 || code == 2) {
    out.show.append("\x1b]").append(pending_).append(bell);
  }
}

QByteArray EscapeFilter::colorAnswer(int code, const QColor& color) const {
  const auto part = [](int value) { return QByteArray::number(value * 257, 16).rightJustified(4, '0'); };
  return "\x1b]" + QByteArray::number(code) + ";rgb:" + part(color.red()) + '/' + part(color.green()) + '/' +
         part(color.blue()) + "\x1b\\";
}

}  // namespace berth::desktop
