// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/escape_keys.hpp"

namespace berth::cli {

EscapeKeys::Typed EscapeKeys::take(std::string_view bytes) {
  Typed typed;
  for (const char byte : bytes) {
    if (pressed_) {
      pressed_ = false;
      if (byte == '.' || byte == 'x') {
        typed.orders.push_back(byte == '.' ? Order::detach : Order::end);
        return typed;
      }
      if (byte == '?') {
        typed.orders.push_back(Order::help);
        line_begins_ = true;
        continue;
      }
      typed.keys += *key_;
      line_begins_ = false;
      if (byte == *key_) continue;
    } else if (line_begins_ && key_ && byte == *key_) {
      pressed_ = true;
      continue;
    }
    typed.keys += byte;
    line_begins_ = byte == '\r' || byte == '\n';
  }
  return typed;
}

}  // namespace berth::cli
