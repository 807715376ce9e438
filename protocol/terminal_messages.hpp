// SPDX-License-Identifier: GPL-3.0-or-later
// Messages about terminals.
// Rules and lists: messages.hpp.
#pragma once

#include "protocol/message_parts.hpp"

namespace berth::protocol {

struct TerminalInfo {
  std::string terminal;  // id
  std::string title;     // the person's name for it, else what the program set,
                         // else the shell's
  std::string command;   // as given to terminal/open; "" for a login shell
  int columns;
  int rows;
  bool running;
  std::optional<int> exit_code;
  std::optional<int> exit_signal;
  std::int64_t created;
  std::optional<std::string> directory;             // absolute, as the shell told by OSC 7
  std::optional<std::vector<std::string>> viewers;  // sessions attached
  std::optional<std::string> leader;  // the session whose size it has; absent: the smallest of all
};
BOOST_DESCRIBE_STRUCT(TerminalInfo, (),
                      (terminal, title, command, columns, rows, running, exit_code, exit_signal, created,
                       directory, viewers, leader))

struct TerminalList {
  static constexpr std::string_view method = "terminal/list";
  static constexpr std::string_view summary =
      "All terminals of the workspace, also those that other windows opened.";
  static constexpr Role role = Role::viewer;
  using Params = Empty;
  struct Result {
    std::vector<TerminalInfo> terminals;
    std::optional<std::vector<std::string>> programs;  // shells and the like that a terminal may begin with
  };
};
BOOST_DESCRIBE_STRUCT(TerminalList::Result, (), (terminals, programs))

struct TerminalOpen {
  static constexpr std::string_view method = "terminal/open";
  static constexpr std::string_view summary =
      "Starts a program on a new PTY: the login shell, or a command run by it. "
      "It lives on until it ends or "
      "is closed.";
  static constexpr Role role = Role::editor;
  struct Params {
    int columns;  // 1..1000
    int rows;     // 1..1000
    std::optional<std::string> cwd;
    std::optional<std::string> command;
    std::optional<std::map<std::string, std::string>> environment;
    std::optional<std::string> title;
    std::optional<int> scrollback;  // lines that a later viewer gets, 0..100000; 10,000 when absent
  };
  struct Result {
    TerminalInfo terminal;
  };
};
BOOST_DESCRIBE_STRUCT(TerminalOpen::Params, (), (columns, rows, cwd, command, environment, title, scrollback))
BOOST_DESCRIBE_STRUCT(TerminalOpen::Result, (), (terminal))

struct TerminalAttach {
  static constexpr std::string_view method = "terminal/attach";
  static constexpr std::string_view summary =
      "Opens a channel to a terminal. Output runs from the runner's side in "
      "data frames as credit allows; "
      "keys go the other "
      "way with offsets, so a resumed session's keys arrive once. `end` "
      "follows the last byte after the "
      "program ended. A viewer without the bytes before gets the screen and its scrollback first, on a "
      "channel of "
      "their own.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string terminal;
    std::uint64_t credit;                        // bytes of output the client takes at first
    std::optional<std::uint64_t> output_offset;  // resume here if the ring still has it
    std::optional<int> columns;                  // this viewer's size
    std::optional<int> rows;
    std::optional<int> scrollback;  // lines wanted with the screen; all when absent
    std::optional<bool> deflate;    // large output may come deflated, where the link is slow
  };
  struct Result {
    std::uint32_t channel;
    std::uint64_t output_offset;          // stream offset of the first byte that will come
    bool lost;                            // bytes between the asked-for offset and output_offset are gone
    std::optional<std::uint32_t> screen;  // reset the view, then feed this channel up to its `end`, then
                                          // what comes on `channel`; with the same credit at first
    std::uint64_t input_offset;           // the next input byte expected from this session
    std::uint64_t input_limit;            // input credit
    TerminalInfo terminal;
  };
};
BOOST_DESCRIBE_STRUCT(TerminalAttach::Params, (),
                      (terminal, credit, output_offset, columns, rows, scrollback, deflate))
BOOST_DESCRIBE_STRUCT(TerminalAttach::Result, (),
                      (channel, output_offset, lost, screen, input_offset, input_limit, terminal))

struct TerminalDetach {
  static constexpr std::string_view method = "terminal/detach";
  static constexpr std::string_view summary =
      "Closes this session's channel to a terminal; the program goes on.";
  static constexpr Role role = Role::viewer;
  struct Params {
    std::string terminal;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(TerminalDetach::Params, (), (terminal))

struct TerminalResize {
  static constexpr std::string_view method = "terminal/resize";
  static constexpr std::string_view summary =
      "Says how large this session shows it. The PTY has the leader's size, else the smallest columns and "
      "rows "
      "of all attached sessions that may type; all are told.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string terminal;
    int columns;
    int rows;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(TerminalResize::Params, (), (terminal, columns, rows))

struct TerminalLead {
  static constexpr std::string_view method = "terminal/lead";
  static constexpr std::string_view summary =
      "This session's size becomes the terminal's, until another one leads, it gives that up or detaches.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string terminal;
    bool lead;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(TerminalLead::Params, (), (terminal, lead))

struct TerminalRename {
  static constexpr std::string_view method = "terminal/rename";
  static constexpr std::string_view summary =
      "Names a terminal; an empty title gives it back to the program.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string terminal;
    std::string title;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(TerminalRename::Params, (), (terminal, title))

struct TerminalClose {
  static constexpr std::string_view method = "terminal/close";
  static constexpr std::string_view summary =
      "Hangs up and forgets a terminal; what ignores SIGHUP is killed after 2 "
      "s.";
  static constexpr Role role = Role::editor;
  struct Params {
    std::string terminal;
  };
  using Result = Empty;
};
BOOST_DESCRIBE_STRUCT(TerminalClose::Params, (), (terminal))

struct TerminalChanged {
  static constexpr std::string_view method = "terminal/changed";
  static constexpr std::string_view summary =
      "A terminal was opened, renamed, resized or ended, its directory, viewers or leader changed.";
  struct Params {
    TerminalInfo terminal;
  };
};
BOOST_DESCRIBE_STRUCT(TerminalChanged::Params, (), (terminal))

struct TerminalClosed {
  static constexpr std::string_view method = "terminal/closed";
  static constexpr std::string_view summary = "A terminal was closed and is gone from the list.";
  struct Params {
    std::string terminal;
  };
};
BOOST_DESCRIBE_STRUCT(TerminalClosed::Params, (), (terminal))

}  // namespace berth::protocol
