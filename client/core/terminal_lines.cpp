// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/terminal_lines.hpp"

#include <QUrl>

namespace berth::client {
namespace {

constexpr qsizetype longest_kept_line = 4 << 10;
constexpr qsizetype longest_terminal_string = 1 << 10;
constexpr char escape_byte = '\x1b';

}  // namespace

void TerminalLines::reset() {
  state_ = State::text;
  returned_ = false;
  line_.clear();
  string_.clear();
}

void TerminalLines::feed(const QByteArray& bytes) {
  for (const char byte : bytes) {
    switch (state_) {
      case State::text:
        if (byte == escape_byte)
          state_ = State::escape;
        else
          onText(byte);
        break;
      case State::escape:
        is_osc_ = byte == ']';
        string_.clear();
        state_ = byte == '['                                                           ? State::csi
                 : is_osc_ || byte == 'P' || byte == '_' || byte == '^' || byte == 'X' ? State::string
                 : byte == '(' || byte == ')' || byte == '#'                           ? State::skip_one
                                                                                       : State::text;
        break;
      case State::skip_one:
        state_ = State::text;
        break;
      case State::csi:
        if (byte >= 0x40 && byte <= 0x7e) state_ = State::text;
        if (byte == escape_byte) state_ = State::escape;
        break;
      case State::string:
        if (byte == '\a') {
          endString();
          state_ = State::text;
        } else if (byte == escape_byte) {
          state_ = State::string_escape;
        } else if (string_.size() < longest_terminal_string) {
          string_.append(byte);
        }
        break;
      case State::string_escape:
        endString();
        state_ = byte == '\\' ? State::text : byte == '[' ? State::csi : State::text;
        break;
    }
  }
}

void TerminalLines::onText(char byte) {
  if (byte == '\n') {
    sink_.line(QString::fromUtf8(line_));
    line_.clear();
    returned_ = false;
  } else if (byte == '\r') {
    returned_ = true;
  } else if (byte == '\b') {
    line_.chop(1);
  } else if (static_cast<unsigned char>(byte) >= 0x20 || byte == '\t') {
    if (std::exchange(returned_, false)) line_.clear();
    if (line_.size() < longest_kept_line) line_.append(byte);
  }
}

void TerminalLines::endString() {
  if (!is_osc_) return;
  if (string_.startsWith("7;")) {
    const QUrl url(QString::fromUtf8(string_.mid(2)));
    if (url.path().startsWith(QLatin1Char('/'))) sink_.directory(url.path());
  } else if (string_.startsWith("133;C")) {
    sink_.command();
  }
}

}  // namespace berth::client
