// SPDX-License-Identifier: GPL-3.0-or-later
// The native editors that are measured at a screen: Berth's desktop beside others, each with a text to edit.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/display.hpp"
#include "bench/peer.hpp"

namespace berth::bench {

/// One editor as a person has it installed; nothing of it is started yet.
class DesktopPeer {
 public:
  virtual ~DesktopPeer() = default;
  virtual std::string name() const = 0;
  /// Starts it as somebody does who has never used it.
  virtual std::unique_ptr<Process> start_empty(Display& display) = 0;
  /// Starts it with the text open; what it shows settles later.
  virtual std::unique_ptr<Process> start_with_text(Display& display) = 0;
  /// The keys go to the text once it shows.
  virtual void focus_text(Display& display) = 0;
  /// What the file holds that the text was saved to.
  virtual std::string saved_text() = 0;
  /// A file of that many bytes beside the text, which Ctrl+P opens by name; false where nothing does.
  virtual bool write_large(const std::string& name, std::size_t bytes) = 0;
};

/// berth, signed in to a berthd of the bench's own, the text being a file of a workspace.
std::unique_ptr<DesktopPeer> berth_desktop(const Places& places);
/// An editor whose program takes the file's name; `program` with what it needs beside it, as bench/run made
/// it.
std::unique_ptr<DesktopPeer> native_editor(const std::string& name, const std::filesystem::path& program,
                                           const std::filesystem::path& work);

/// Some thousand lines of a program, the same for all.
std::string desktop_text();

}  // namespace berth::bench
