// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of a session and of the workspace as a whole: hello, ping, notices,
// how safe the home is, imports. Rules and lists: messages.hpp.
#pragma once

#include "protocol/message_parts.hpp"

namespace berth::protocol {

struct Limits {
  std::uint64_t text_frame;      // bytes, client → runner
  std::uint64_t binary_payload;  // bytes a binary frame
  std::uint64_t open_channels;
  std::uint64_t pending_requests;
  std::uint64_t inline_document;    // UTF-8 bytes; longer texts arrive on a channel
  std::uint64_t editable_document;  // bytes on disk; larger files open read-only
};
BOOST_DESCRIBE_STRUCT(Limits, (),
                      (text_frame, binary_payload, open_channels, pending_requests, inline_document,
                       editable_document))

struct SessionHello {
  static constexpr std::string_view method = "session/hello";
  static constexpr std::string_view summary =
      "The first message of a connection: exchanges versions and resumes an "
      "earlier session after a drop.";
  static constexpr Role role = Role::viewer;
  struct Params {
    int protocol_major;
    int protocol_minor;
    std::string client;                  // "berth-desktop 0.1.0"
    std::optional<std::string> session;  // the id of the session to resume
  };
  struct Result {
    int protocol_major;
    int protocol_minor;
    std::string runner;   // "berth-runner 0.1.0"
    std::string session;  // keep it to resume; also the origin of this session's edits
    bool resumed;         // false: the runner does not know the session (it was
                          // restarted, or the session is too old)
    std::string workspace;
    std::string user_name;
    Role role;
    std::string home;  // absolute, for display and terminals
    Limits limits;
    std::vector<std::string> capabilities;
  };
};
BOOST_DESCRIBE_STRUCT(SessionHello::Params, (), (protocol_major, protocol_minor, client, session))
BOOST_DESCRIBE_STRUCT(SessionHello::Result, (),
                      (protocol_major, protocol_minor, runner, session, resumed, workspace, user_name, role,
                       home, limits, capabilities))

struct SessionPing {
  static constexpr std::string_view method = "session/ping";
  static constexpr std::string_view summary =
      "Measures the round trip; also keeps middle boxes from closing the "
      "connection.";
  static constexpr Role role = Role::viewer;
  using Params = Empty;
  using Result = Empty;
};

enum class NoticeKind { info, idle_warning, stopping, resource };
BOOST_DESCRIBE_ENUM(NoticeKind, info, idle_warning, stopping, resource)

struct SessionNotice {
  static constexpr std::string_view method = "session/notice";
  static constexpr std::string_view summary =
      "Something the person should know; an idle_warning is answered by POST "
      "/api/v1/workspaces/{id}/stay.";
  struct Params {
    NoticeKind kind;
    std::string text;
    std::optional<std::int64_t> seconds_left;
  };
};
BOOST_DESCRIBE_STRUCT(SessionNotice::Params, (), (kind, text, seconds_left))

enum class StorageProgress { stored, storing, waiting };
BOOST_DESCRIBE_ENUM(StorageProgress, stored, storing, waiting)

struct WorkspaceStorage {
  static constexpr std::string_view method = "workspace/storage";
  static constexpr std::string_view summary =
      "Whether all that lies in the home is stored as a version, is being "
      "stored, or waits because storing "
      "does not "
      "work; after hello and on each change.";
  struct Params {
    StorageProgress progress;
    std::string version;  // the newest stored one, "" when there is none
    std::int64_t stored;  // when that was, 0 when there is none
    std::string problem;  // why it waits, for the person
  };
};
BOOST_DESCRIBE_STRUCT(WorkspaceStorage::Params, (), (progress, version, stored, problem))

struct WorkspaceImport {
  static constexpr std::string_view method = "workspace/import";
  static constexpr std::string_view summary =
      "How far a git clone or an upload's unpacking has come; the last one has "
      "`finished`.";
  struct Params {
    std::string text;               // one line, of the tool
    std::optional<double> percent;  // 0..100 where the tool says
    bool finished;
    std::optional<std::string> problem;  // why it failed, for the person
  };
};
BOOST_DESCRIBE_STRUCT(WorkspaceImport::Params, (), (text, percent, finished, problem))

}  // namespace berth::protocol
