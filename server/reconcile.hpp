// SPDX-License-Identifier: GPL-3.0-or-later
// What has to be done so that what runs becomes what should run: the desired state as the metadata store has
// it, beside what a place tells of its workspaces. Pure: times are passed in, Unix milliseconds.
// workspaces_reconcile.cpp does what is decided here.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "server/metadata_store.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server {

/// One workspace as it should be.
struct DesiredWorkspace {
  protocol::rest::WorkspaceState state = protocol::rest::WorkspaceState::stopped;
  HomeState home = HomeState::behind;
  bool busy = false;                               // an operation of this server's works on it
  std::optional<protocol::PublicKey> runner = {};  // known and dialled; nullopt: none
  std::string trouble = {};                        // told of it now, while it starts or runs
  std::int64_t not_before = 0;                     // of its next start by itself
};

enum class ReconcileStep {
  tell,               // `text` is what to tell of it now, "" to take back what was told
  attach,             // it runs, and its runner is another one than is dialled
  restart,            // its start is due
  look_then_restart,  // it should run and does not, as it seems; `text` says how it ended
  stop,               // it should not run, and nothing that it holds is worth keeping
  store_and_stop,     // it should not run; its last version first
  orphan,             // it runs, and nobody knows of it
};

struct ReconcileAction {
  std::string workspace;
  ReconcileStep step = ReconcileStep::tell;
  std::string text = {};
  bool operator==(const ReconcileAction&) const = default;
};

struct ReconcileRule {
  std::int64_t patience = 60'000;     // ms, that something must have been wrong before it is ended for it
  std::size_t restarts_at_once = 16;  // that may be under way: people's own starts have to get through
};

/// What was seen to be wrong, and since when; goes from one call to the next. A workspace that nobody knows
/// here and one that should not run are two things: the one may have been another server's for hours.
struct SeenWrong {
  enum class As { unknown, unwanted } as = As::unknown;
  std::int64_t since = 0;
};
using ReconcileMemory = std::map<std::string, SeenWrong>;

/// Nothing is decided for what is busy but what to tell of its start. Whatever ends something is decided only
/// when it was wrong for `patience`, and has to be checked against the store when it is done: another server
/// may have changed it.
std::vector<ReconcileAction> reconcile(const std::map<std::string, DesiredWorkspace>& desired,
                                       const SeenWorkspaces& seen, const ReconcileRule& rule,
                                       std::int64_t now, ReconcileMemory& memory);

/// When a workspace that ended by itself is started again.
struct RestartPlan {
  bool again = true;       // else it stays as it is until somebody starts it
  std::int64_t delay = 0;  // ms
};

inline constexpr int most_restarts = 6;

/// `failures`: ends and failed starts in a row, this one included. The first restart is at once, the others
/// after 5 s doubling to 5 minutes.
RestartPlan plan_restart(int failures);

/// Whether an end after this time is no longer in a row with the one before.
inline constexpr std::int64_t steady_run = 600'000;  // ms

}  // namespace berth::server
