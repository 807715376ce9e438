// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/escape_parser.hpp"

#include <algorithm>
#include <cstring>

namespace berth::runner {
namespace {

constexpr char escape_code = 0x1b, cancel_code = 0x18, substitute_code = 0x1a, bell_code = 0x07;
constexpr std::size_t longest_beginning = 256;  // a longer sequence is kept without its rest
constexpr char32_t replacement_character = 0xfffd;

bool is_printable_ascii(char byte) { return byte >= 0x20 && byte < 0x7f; }
bool is_control(char byte) { return static_cast<unsigned char>(byte) < 0x20; }

}  // namespace

std::size_t printable_length(std::string_view bytes) {
  // Eight at once. A byte's top bit gets set by itself, by borrowing 0x20, or by adding 1 to 0x7f.
  constexpr std::uint64_t each = 0x0101010101010101;
  std::size_t size = 0;
  for (std::uint64_t word = 0; size + sizeof word <= bytes.size(); size += sizeof word) {
    std::memcpy(&word, bytes.data() + size, sizeof word);
    if (((word - each * 0x20) | word | (word + each)) & (each * 0x80)) break;
  }
  while (size < bytes.size() && is_printable_ascii(bytes[size])) ++size;
  return size;
}

void EscapeParser::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (state_ == State::ground) {
      bytes.remove_prefix(ground(bytes));
      continue;
    }
    if (state_ == State::string) {
      bytes.remove_prefix(string_bytes(bytes));
      continue;
    }
    const char byte = bytes.front();
    if (state_ == State::utf8) {
      // What does not go on with the character begins something new.
      if (character_byte(static_cast<unsigned char>(byte))) bytes.remove_prefix(1);
      continue;
    }
    bytes.remove_prefix(1);
    ++incomplete_;
    if (byte == cancel_code || byte == substitute_code) {
      rest();
    } else if (state_ == State::string_escape) {
      // ESC \ ends a string; ESC and anything else ends it, too, and is a sequence of its own.
      end_string();
      if (byte == '\\') {
        rest();
      } else {
        begin_escape();
        ++incomplete_;
        begun_ += byte;
        escape_byte(byte);
      }
    } else if (byte == escape_code) {
      begin_escape();
    } else if (is_control(byte)) {
      control_inside_ = true;
      events_.on_control(byte);
    } else {
      if (begun_.size() < longest_beginning) begun_ += byte;
      if (state_ == State::escape || state_ == State::escape_intermediate)
        escape_byte(byte);
      else
        sequence_byte(byte);
    }
  }
}

std::size_t EscapeParser::ground(std::string_view bytes) {
  if (const auto size = printable_length(bytes); size > 0) {
    events_.on_ascii(bytes.substr(0, size));
    return size;
  }
  const auto byte = static_cast<unsigned char>(bytes.front());
  if (bytes.front() == escape_code) {
    begin_escape();
  } else if (byte < 0x20) {
    events_.on_control(bytes.front());
  } else if (byte >= 0xc2 && byte <= 0xf4) {
    missing_ = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
    character_ = byte & (0x3f >> missing_);
    // Overlong forms, surrogates and what lies beyond Unicode are refused at the second byte.
    least_ = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
    most_ = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
    state_ = State::utf8;
    incomplete_ = 1;
  } else if (byte >= 0x80) {
    events_.on_character(replacement_character);
  }
  return 1;
}

/// False: the byte is not part of the character, which is broken.
bool EscapeParser::character_byte(unsigned char byte) {
  if (byte < least_ || byte > most_) {
    rest();
    events_.on_character(replacement_character);
    return false;
  }
  least_ = 0x80;
  most_ = 0xbf;
  character_ = character_ << 6 | (byte & 0x3f);
  ++incomplete_;
  if (--missing_ == 0) {
    rest();
    events_.on_character(character_);
  }
  return true;
}

void EscapeParser::begin_escape() {
  rest();
  state_ = State::escape;
  intermediate_ = 0;
  incomplete_ = 1;
  begun_.assign(1, escape_code);
}

void EscapeParser::escape_byte(char byte) {
  if (byte >= 0x20 && byte <= 0x2f) {
    intermediate_ = state_ == State::escape ? byte : '\x7f';  // two of them: nothing known
    state_ = State::escape_intermediate;
    return;
  }
  if (byte < 0x30 || byte == 0x7f) return;
  if (state_ == State::escape) {
    switch (byte) {
      case '[':
        sequence_ = {};
        sequence_.values[0] = -1;
        state_ = State::sequence;
        return;
      case ']':
        return begin_string(StringKind::system_command);
      case 'P':
        return begin_string(StringKind::device);
      case 'X':
      case '^':
      case '_':
        return begin_string(StringKind::other);
      default:
        break;
    }
  }
  const char intermediate = intermediate_;
  rest();
  events_.on_escape(intermediate, byte);
}

void EscapeParser::sequence_byte(char byte) {
  if (byte == 0x7f || static_cast<unsigned char>(byte) >= 0x80) return;
  if (byte >= 0x40) {
    const bool whole = state_ == State::sequence;
    rest();
    if (!whole) return;
    if (sequence_.count > 0 || sequence_.values[0] >= 0)
      sequence_.count = std::min(sequence_.count + 1, ControlSequence::most_parameters);
    sequence_.final = byte;
    events_.on_sequence(sequence_);
    return;
  }
  if (state_ == State::sequence_ignore) return;
  if (byte <= 0x2f) {
    if (sequence_.intermediate != 0)
      state_ = State::sequence_ignore;
    else
      sequence_.intermediate = byte;
  } else if (sequence_.intermediate != 0) {
    state_ = State::sequence_ignore;
  } else if (byte >= 0x3c) {
    if (sequence_.prefix != 0 || sequence_.count > 0 || sequence_.values[0] >= 0)
      state_ = State::sequence_ignore;
    else
      sequence_.prefix = byte;
  } else {
    parameter_byte(byte);
  }
}

/// `count` is the number of the parameter that is being read.
void EscapeParser::parameter_byte(char byte) {
  if (byte == ';' || byte == ':') {
    ++sequence_.count;
    if (sequence_.count >= ControlSequence::most_parameters) {
      sequence_.count = ControlSequence::most_parameters;
      return;
    }
    sequence_.values[sequence_.count] = -1;
    sequence_.belongs[sequence_.count] = byte == ':';
    return;
  }
  if (sequence_.count >= ControlSequence::most_parameters) return;
  int& value = sequence_.values[sequence_.count];
  value = std::min(std::max(value, 0) * 10 + (byte - '0'), 65535);
}

void EscapeParser::begin_string(StringKind kind) {
  state_ = State::string;
  string_kind_ = kind;
  string_.clear();
  too_long_ = false;
}

std::size_t EscapeParser::string_bytes(std::string_view bytes) {
  constexpr std::string_view ends("\x1b\x18\x1a\x07", 4);
  const auto size = std::min(bytes.find_first_of(ends), bytes.size());
  incomplete_ += size;
  if (string_kind_ == StringKind::system_command && !too_long_) {
    too_long_ = string_.size() + size > longest_string;
    // Controls within a string mean nothing.
    for (std::size_t i = 0; i < size && !too_long_; ++i)
      if (!is_control(bytes[i]) && bytes[i] != 0x7f) string_ += bytes[i];
  }
  if (size == bytes.size()) return size;
  const char end = bytes[size];
  ++incomplete_;
  if (end == escape_code) {
    state_ = State::string_escape;
  } else if (end != bell_code) {
    rest();
  } else if (string_kind_ == StringKind::system_command) {
    end_string();
    rest();
  }
  return size + 1;
}

void EscapeParser::end_string() {
  if (string_kind_ == StringKind::system_command && !too_long_) events_.on_system_command(string_);
  string_.clear();
  string_.shrink_to_fit();
}

std::string EscapeParser::opening() const {
  if (state_ == State::escape || state_ == State::escape_intermediate || state_ == State::sequence ||
      state_ == State::sequence_ignore)
    return begun_;
  if (state_ != State::string && state_ != State::string_escape) return {};
  switch (string_kind_) {
    case StringKind::system_command:
      return "\x1b]9999;";
    case StringKind::device:
      return "\x1bP";
    case StringKind::other:
      return "\x1b_";
  }
  return {};
}

}  // namespace berth::runner
