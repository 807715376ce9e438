// SPDX-License-Identifier: GPL-3.0-or-later
// How far a start is: one line on standard error, painted anew on a terminal as it grows.
#pragma once

#include <string>

#include "client/cli/output.hpp"
#include "protocol/rest.hpp"

namespace berth::cli {

/// "place 0.1 s, image 2.4 s, runner 0.3 s…", the dots for the one under way; "" where nothing is known.
std::string start_words(const protocol::rest::Workspace& workspace);

class StartProgress {
 public:
  explicit StartProgress(const Output& output);
  ~StartProgress();
  StartProgress(const StartProgress&) = delete;

  void show(const protocol::rest::Workspace& workspace);

 private:
  void end_line();

  const Output& output_;
  const bool live_;       // standard error is a terminal
  bool painted_ = false;  // a line stands there that does not end yet
  bool told_ = false;     // how the start ended
};

}  // namespace berth::cli
