// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/start_progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/describe/enum_to_string.hpp>
#include <cstdio>
#include <utility>

namespace berth::cli {

namespace rest = protocol::rest;

std::string start_words(const rest::Workspace& workspace) {
  std::string words;
  if (!workspace.start_steps) return words;
  for (const auto& [phase, took, done] : *workspace.start_steps) {
    char seconds[40];
    std::snprintf(seconds, sizeof seconds, "%.1f s",
                  static_cast<double>(std::max<std::int64_t>(0, took)) / 1000);
    words += (words.empty() ? "" : ", ") + std::string(boost::describe::enum_to_string(phase, "")) + " " +
             seconds + (done ? "" : "…");
  }
  return words;
}

StartProgress::StartProgress(const Output& output) : output_(output), live_(::isatty(STDERR_FILENO) == 1) {}

StartProgress::~StartProgress() { end_line(); }

void StartProgress::end_line() {
  if (std::exchange(painted_, false)) std::fputs("\r\x1b[K", stderr);
}

void StartProgress::show(const rest::Workspace& workspace) {
  if (output_.quiet || output_.json || told_) return;
  const auto words = start_words(workspace);
  if (workspace.state != rest::WorkspaceState::starting) {
    end_line();
    told_ = true;
    if (!words.empty()) output_.note("Start: " + words);
  } else if (live_ && !words.empty()) {
    std::fputs(("\r\x1b[KStarting: " + words).c_str(), stderr);
    painted_ = true;
  }
}

}  // namespace berth::cli
