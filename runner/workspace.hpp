// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a running workspace, in the order in which they depend on each other; main.cpp makes one.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <string>

#include "protocol/net/home_files.hpp"
#include "protocol/net/task.hpp"
#include "protocol/runner_start.hpp"
#include "runner/activity.hpp"
#include "runner/documents.hpp"
#include "runner/ports.hpp"
#include "runner/presence_news.hpp"
#include "runner/project_import.hpp"
#include "runner/search_programs.hpp"
#include "runner/sessions.hpp"
#include "runner/sync.hpp"
#include "runner/terminals.hpp"
#include "runner/text_replacements.hpp"
#include "runner/watcher.hpp"

namespace berth::runner {

struct Workspace {
  /// `recovered` from the journal that `journal` replaces.
  Workspace(asio::io_context& io, protocol::RunnerStart start, net::ConfinedDirectory home,
            std::unique_ptr<Journal> journal, RecoveredDocuments recovered, std::uint16_t own_port);

  /// Writes the documents, says good-bye to sessions, hangs up terminals; done within about 10 s.
  net::Task<void> stop();
  /// One line on standard error, without control characters.
  void log(const std::string& text) const;
  void on_child_exit(pid_t pid, int wait_status);

  asio::io_context& io;
  const protocol::RunnerStart start;
  const net::HomeFiles files;
  asio::thread_pool pool;  // files and /proc: whatever may block
  net::TaskGroup tasks;
  Activity activity;
  Sessions sessions;
  PresenceNews presence;
  Terminals terminals;
  Watcher watcher;
  Documents documents;
  Ports ports;
  Sync sync;
  ProjectImport project_import;
  SearchPrograms search_programs;
  TextReplacements replacements;
};

/// Where the session is by what it said; what is not open for it, or not there, is left out
/// (session_presence.cpp).
Presence::Place find_place(Workspace& workspace, const std::string& session,
                           protocol::PresenceSet::Params said);

}  // namespace berth::runner
