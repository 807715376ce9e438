// SPDX-License-Identifier: GPL-3.0-or-later
// One request of a browser carried to a program of a workspace and its answer back, both streamed in constant
// memory.
#pragma once

#include <memory>
#include <string>

#include "protocol/net/task.hpp"
#include "server/access_watch.hpp"
#include "server/http_session.hpp"
#include "server/preview_headers.hpp"
#include "server/splice.hpp"

namespace berth::server {

class PreviewExchange {
 public:
  enum class Outcome {
    complete,   // the browser's connection can take another request
    closed,     // it can't: close it
    no_answer,  // the program ended the connection without an answer; nothing was sent to the browser
    upgraded,   // 101 both ways: splice what is left (take_program)
  };

  /// `connection` and `parser` outlive it; `program` is a tunnel to the program's port.
  PreviewExchange(HttpConnection& connection, RequestParser& parser, PreviewRoute route,
                  StreamSocket program);
  ~PreviewExchange();

  /// Ends it from outside: access has ended.
  std::weak_ptr<LiveConnection> handle() const;

  /// Request and answer run side by side: a program may answer before it has read everything. Ends early when
  /// the browser leaves, when nothing moves for an hour, or through handle().
  net::Task<Outcome> run();

  /// After `upgraded`: the tunnel and what the program sent beyond its answer.
  struct Program {
    StreamSocket socket;
    std::string early;
  };
  Program take_program();

 private:
  class Passage;
  std::shared_ptr<Passage> passage_;
};

/// Tells the browser to expect no more and waits a moment for it to close, so that an unread request's reset
/// does not overtake the answer.
net::Task<void> linger(HttpConnection& connection);

}  // namespace berth::server
