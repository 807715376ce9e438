// SPDX-License-Identifier: GPL-3.0-or-later
// A document open in a window, edited by one key at a time: what the subjects edit and save share.
#pragma once

#include <format>
#include <string>

#include "bench/setup.hpp"

namespace berth::bench {

/// Makes a file of exactly `bytes` ASCII bytes in lines, in the folder where terminals start.
inline void make_file(Setup& setup, const std::string& name, std::uint64_t bytes) {
  auto desk = setup.berth().open(1);
  Screen screen(*desk.terminals[0]);
  prepare_shell(desk, screen);
  run_command(desk, screen, std::format("{} | head -c {} > {}", flood_command, bytes, name));
}

class OpenDocument {
 public:
  OpenDocument(BerthWindow& window, const std::string& name) : window_(window) {
    constexpr std::uint64_t credit = 1u << 20;
    protocol::DocumentOpen::Params params;
    params.path = "project/" + name;
    params.credit = credit;
    const auto opened = window.call<protocol::DocumentOpen>(params);
    document_ = opened.document;
    version_ = opened.version;
    length_ = static_cast<std::int64_t>(opened.length);  // ASCII: as many UTF-16 units
    if (opened.read_only) throw Failure(name + " opens read-only");
    if (opened.channel) receive(*opened.channel, credit);
  }
  ~OpenDocument() {
    try {
      window_.call<protocol::DocumentClose>({document_});
    } catch (const Failure&) {
      // The window is gone, and its documents with it.
    }
  }
  OpenDocument(const OpenDocument&) = delete;
  OpenDocument& operator=(const OpenDocument&) = delete;

  const std::string& id() const { return document_; }
  std::uint64_t version() const { return version_; }  // of the last answered edit

  /// One character in the middle: sent, not waited for; the request's id.
  std::int64_t type() {
    protocol::TextOperation operation;
    operation.retain(length_ / 2).insert("x").retain(length_ - length_ / 2);
    ++length_;
    return window_.send<protocol::DocumentEdit>(
        {document_, version_++, std::format("bench-{}-{}", document_, ++last_edit_), operation});
  }
  void wait_for_edit(std::int64_t id) { version_ = window_.wait<protocol::DocumentEdit>(id).version; }
  std::int64_t save() { return window_.send<protocol::DocumentSave>({document_}); }
  void wait_for_save(std::int64_t id) { window_.wait<protocol::DocumentSave>(id); }

 private:
  void receive(std::uint32_t channel, std::uint64_t credit) {
    protocol::ReceiveWindow received(credit);
    bool ended = false;
    window_.listen(channel, [&](const protocol::Frame& frame) {
      if (frame.header.kind == protocol::FrameKind::abort)
        throw Failure("the document's channel was aborted");
      if (frame.header.kind == protocol::FrameKind::end) ended = true;
      if (frame.header.kind != protocol::FrameKind::data) return;
      if (!received.on_data(frame.header.offset, frame.payload.size()))
        throw Failure("the runner sends past its credit");
      if (const auto limit = received.on_consumed(frame.payload.size()))
        window_.send_frame(protocol::FrameKind::credit, channel, *limit);
    });
    window_.read_until([&] { return ended; });
    window_.forget(channel);
  }

  BerthWindow& window_;
  std::string document_;
  std::uint64_t version_ = 0;
  std::int64_t length_ = 0;
  std::int64_t last_edit_ = 0;
};

}  // namespace berth::bench
