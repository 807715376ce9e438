// SPDX-License-Identifier: GPL-3.0-or-later
// The program in a workspace that previews lead to: remembers what reached it, and answers in every odd way
// that HTTP allows.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "wire.hpp"

namespace berth::test {

/// Listens on a port of the loopback. Paths:
///   /            "hello"                                  /echo      the body, as it comes
///   /flood       bytes without end (counted in flooded()) /sse       one event, then one for each release()
///   /redirect    302 to http://localhost:<port>/there     /cookie    Set-Cookie with Domain
///   /empty       204                                      /same      304 with a Content-Length
///   /early       413 without reading the body             /expect    waits for the body after 100 Continue
///   /silent      closes without an answer                 /unframed  a body that the connection's end ends
///   /socket      WebSocket, echoing
class RecordingApp {
 public:
  RecordingApp();
  ~RecordingApp();
  std::uint16_t port() const { return port_; }
  /// Heads of the requests so far.
  std::vector<std::string> heads();
  std::string last_head();
  void release();
  std::uint64_t flooded() const { return flooded_; }

 private:
  void accept();
  void serve(Wire wire);
  void answer(Wire& wire, const std::string& head, const std::string& path);
  void answer_events(Wire& wire);
  void answer_socket(Wire& wire);

  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> heads_;
  int released_ = 0;
  bool closing_ = false;
  std::atomic<std::uint64_t> flooded_ = 0;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace berth::test
