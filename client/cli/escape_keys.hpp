// SPDX-License-Identifier: GPL-3.0-or-later
// Orders to berthctl among the keys of a terminal, as ssh has them: "~." at a line's begin. No I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::cli {

enum class Order { detach, end, help };

class EscapeKeys {
 public:
  /// Without a key there are no orders.
  explicit EscapeKeys(std::optional<char> key) : key_(key) {}

  struct Typed {
    std::string keys;           // for the program
    std::vector<Order> orders;  // in order; nothing is taken behind detach or end
  };
  /// "~." detaches, "~x" hangs up, "~?" asks for help, "~~" is "~" itself.
  Typed take(std::string_view bytes);

 private:
  std::optional<char> key_;
  bool line_begins_ = true;
  bool pressed_ = false;
};

}  // namespace berth::cli
