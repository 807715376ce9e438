// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts a terminal's output into characters, controls and escape sequences, whatever its chunks. Knows the
// shape of sequences, not their meaning. After the state machine of Paul Flo Williams, "A parser for DEC's
// ANSI-compatible video terminals" (vt100.net/emu/dec_ansi_parser), with UTF-8 instead of 8-bit controls.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace berth::runner {

/// CSI prefix parameters intermediate final.
struct ControlSequence {
  static constexpr std::size_t most_parameters = 32;  // further ones are dropped
  char prefix = 0;                                    // one of < = > ? or 0
  char intermediate = 0;                              // 0: none
  char final = 0;
  std::size_t count = 0;
  std::array<int, most_parameters> values{};    // -1: left out; at most 65535
  std::array<bool, most_parameters> belongs{};  // to the parameter before (a colon between them)
  /// The parameter, or `otherwise` where it is left out.
  int value(std::size_t index, int otherwise) const {
    return index < count && values[index] >= 0 ? values[index] : otherwise;
  }
  /// The same for counts, where 0 means 1.
  int times(std::size_t index = 0) const {
    const int given = value(index, 1);
    return given == 0 ? 1 : given;
  }
};

/// How many bytes at the beginning are printable ASCII.
std::size_t printable_length(std::string_view bytes);

class EscapeEvents {
 public:
  virtual ~EscapeEvents() = default;
  virtual void on_ascii(std::string_view printable) = 0;
  virtual void on_character(char32_t character) = 0;  // not ASCII
  virtual void on_control(char control) = 0;          // C0
  /// ESC intermediate final; `intermediate` 0: none.
  virtual void on_escape(char intermediate, char final) = 0;
  virtual void on_sequence(const ControlSequence& sequence) = 0;
  /// A whole OSC of at most `longest_string` bytes; longer ones and other strings are passed over.
  virtual void on_system_command(std::string_view text) = 0;
};

class EscapeParser {
 public:
  static constexpr std::size_t longest_string = 8192;
  explicit EscapeParser(EscapeEvents& events) : events_(events) {}
  void feed(std::string_view bytes);
  /// Bytes at the end of what was fed that begin a character or a sequence whose rest has not come; feeding
  /// another parser with them brings it here. 0 where it would not: a control stood among them and has done
  /// its work.
  std::uint64_t incomplete() const { return control_inside_ ? 0 : incomplete_; }
  bool at_rest() const { return incomplete_ == 0; }
  /// What brings another parser, at rest, to about where this one is when those bytes are gone or not to be
  /// had.
  std::string opening() const;

 private:
  enum class State {
    ground,
    utf8,
    escape,
    escape_intermediate,
    sequence,
    sequence_ignore,
    string,
    string_escape
  };
  enum class StringKind { system_command, device, other };
  std::size_t ground(std::string_view bytes);
  bool character_byte(unsigned char byte);
  void begin_escape();
  void escape_byte(char byte);
  void sequence_byte(char byte);
  void parameter_byte(char byte);
  std::size_t string_bytes(std::string_view bytes);
  void begin_string(StringKind kind);
  void end_string();
  void rest() {
    state_ = State::ground;
    incomplete_ = 0;
    control_inside_ = false;
  }

  EscapeEvents& events_;
  State state_ = State::ground;
  std::uint64_t incomplete_ = 0;
  bool control_inside_ = false;
  std::string begun_;  // of a sequence, without controls
  char intermediate_ = 0;
  bool too_long_ = false;
  ControlSequence sequence_;
  StringKind string_kind_ = StringKind::other;
  std::string string_;
  char32_t character_ = 0;
  int missing_ = 0;                           // bytes of the character that have not come
  unsigned char least_ = 0x80, most_ = 0xbf;  // of its next byte
};

}  // namespace berth::runner
