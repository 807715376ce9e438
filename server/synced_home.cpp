// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/synced_home.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>

#include "protocol/net/as_values.hpp"
#include "server/verify_version.hpp"

namespace berth::server {

namespace asio = boost::asio;
using protocol::rest::VersionKind;
using std::chrono::steady_clock;
using Problems = std::vector<protocol::PathProblem>;

namespace {

constexpr int most_attempts = 6;  // while files change under the reading
constexpr std::chrono::milliseconds between_attempts{250};

}  // namespace

SyncedHome::SyncedHome(const SyncParts& parts, RunnerControl& control, asio::any_io_executor executor,
                       WorkspaceOwner of, SyncedHomeOptions options)
    : parts_(parts),
      control_(control),
      of_(std::move(of)),
      options_(options),
      lock_(executor),
      rest_(executor),
      run_ended_(executor, steady_clock::time_point::max()) {}

// ---- storing as it changes
// -----------------------------------------------------------------------------------------------------------

net::Task<void> SyncedHome::run(bool adopted) {
  running_ = true;
  const struct Leave {
    SyncedHome& home;
    ~Leave() {
      home.running_ = false;
      home.run_ended_.cancel();
    }
  } leave{*this};
  // What was changed while it was stopped is found by looking at everything once.
  bool complete = !adopted;
  while (!ended_) {
    if (const auto pause = pace_.next(steady_clock::now()); pause.count() > 0) co_await rest(pause);
    if (ended_) break;
    if (!co_await store_once(complete)) {
      if (!ended_) co_await wait_after_failure();
      continue;
    }
    complete = false;
    back_off_.reset();
    while (!ended_)
      if (co_await wait_for_change()) break;
  }
}

net::Task<bool> SyncedHome::store_once(bool complete) {
  Result<void> done;
  {
    const auto hold = co_await lock_.take();
    if (ended_) co_return false;
    if (!loaded_) done = co_await begin_adopted();
    if (done) {
      auto stored = co_await store({.complete = complete,
                                    .always = false,
                                    .request = {VersionKind::automatic, {}, {}},
                                    .restored_from = {}});
      if (!stored) done = std::unexpected(std::move(stored.error()));
    }
  }
  if (ended_) co_return false;
  if (!done) {
    spdlog::warn("workspace {} waits to be stored: {} {}", of_.workspace, done.error().message,
                 done.error().detail);
    full_ = done.error().code == ErrorCode::limit_exceeded;
    co_await tell_problem(done.error().message);
    co_return false;
  }
  if (told_problem_) {
    spdlog::info("workspace {} is stored again", of_.workspace);
    co_await tell_problem("");
  }
  co_return true;
}

/// A store that is away is tried again after a while; one that is full as soon as somebody has made room.
net::Task<void> SyncedHome::wait_after_failure() {
  const auto time = back_off_.next(randombytes_random());
  co_await rest(std::min(time, BackOff::first));
  if (ended_ || time <= BackOff::first) co_return;
  if (!full_) co_return co_await rest(time - BackOff::first);
  auto state = co_await ask_runner<protocol::SyncState>(parts_.runners, of_.workspace, {});
  if (!state) co_return;
  (void)co_await ask_runner<protocol::SyncWait>(parts_.runners, of_.workspace, {state->change, time.count()},
                                                time + control_deadline);
}

/// True when there is something to store; false after a while in which nothing happened.
net::Task<bool> SyncedHome::wait_for_change() {
  auto waited = co_await ask_runner<protocol::SyncWait>(parts_.runners, of_.workspace,
                                                        {stored_change_, options_.wait_timeout.count()},
                                                        options_.wait_timeout + control_deadline);
  if (waited) {
    back_off_.reset();
    co_return std::exchange(again_, false) || waited->change != stored_change_;
  }
  if (!ended_) co_await rest(back_off_.next(randombytes_random()));
  co_return false;
}

/// The server has forgotten what it knew; the home has been going on.
net::Task<Result<void>> SyncedHome::begin_adopted() {
  if (auto loaded = co_await load_newest(); !loaded) co_return loaded;
  auto state = co_await ask_runner<protocol::SyncState>(parts_.runners, of_.workspace, {});
  Result<void> done;
  if (!state) {
    done = std::unexpected(std::move(state.error()));
  } else if (state->restoring) {
    // Somebody's wish that the server's end broke off: what has come stays and becomes a version.
    done = co_await abandon_restore(parts_, of_.workspace, *state->restoring);
  } else if (newest_ && state->version != newest_->id) {
    acknowledged_ = state->offered != newest_->root.hex();
  }
  if (!done) loaded_ = false;
  co_return done;
}

net::Task<Result<void>> SyncedHome::load_newest() {
  auto newest = co_await net::offload(parts_.threads, [&] { return parts_.versions.latest(of_.workspace); });
  if (!newest) co_return std::unexpected(std::move(newest.error()));
  newest_ = std::move(*newest);
  loaded_ = true;
  co_return Result<void>();
}

net::Task<Result<VersionRecord>> SyncedHome::store(RoundWish wish) {
  // Before the runner offers anything else: what it heard of and what it offered last tell at a start whose
  // home this is, and a newest version that is neither would be taken for another machine's and brought back.
  if (newest_ && !acknowledged_) {
    auto told = co_await acknowledge(parts_, of_.workspace, *newest_, stored_change_);
    if (!told) co_return std::unexpected(std::move(told.error()));
    acknowledged_ = true;
  }
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    if (attempt > 0) co_await rest(between_attempts * attempt);
    if (ended_) co_return not_running();
    auto round = co_await store_home(parts_, of_, newest_, recent_, wish);
    if (!round) {
      // A commit whose answer was lost may have happened; or the runner has not heard of it.
      loaded_ = false;
      acknowledged_ = false;
      if (auto loaded = co_await load_newest(); !loaded) co_return std::unexpected(std::move(loaded.error()));
      co_return std::unexpected(std::move(round.error()));
    }
    if (!*round) continue;
    newest_ = (*round)->version;
    recent_ = std::move((*round)->trees);
    stored_change_ = (*round)->change;
    co_return newest_.value();
  }
  co_return failure(ErrorCode::unavailable,
                    "Files keep changing while they are being stored. Stop the programs that write them, or "
                    "exclude the files in .berthignore.");
}

net::Task<void> SyncedHome::tell_problem(std::string problem) {
  told_problem_ = !problem.empty();
  auto told = co_await ask_runner<protocol::SyncProblem>(parts_.runners, of_.workspace, {std::move(problem)});
  if (!told) spdlog::debug("workspace {}: can't be told: {}", of_.workspace, told.error().detail);
}

net::Task<void> SyncedHome::rest(std::chrono::milliseconds time) {
  rest_.expires_after(time);
  co_await rest_.async_wait(net::as_values);
}

void SyncedHome::end() {
  ended_ = true;
  rest_.cancel();
}

net::Task<void> SyncedHome::ended() {
  while (running_) co_await run_ended_.async_wait(net::as_values);
  const auto hold = co_await lock_.take();  // and whoever else was asking
}

std::unexpected<Error> SyncedHome::not_running() const {
  return failure(ErrorCode::unavailable, "The workspace does not run. Start it first.");
}

// ---- on request
// ----------------------------------------------------------------------------------------------------------------------

net::Task<Result<void>> SyncedHome::store_for_stop() {
  const auto until = steady_clock::now() + options_.stop_patience;
  for (auto pause = between_attempts;; pause *= 2) {
    Result<void> done;
    {
      const auto hold = co_await lock_.take();
      if (ended_) co_return not_running();
      if (!loaded_) done = co_await begin_adopted();
      Result<VersionRecord> stored;
      if (done)
        stored = co_await store({.complete = false,
                                 .always = false,
                                 .request = {VersionKind::automatic, {}, {}},
                                 .restored_from = {}});
      if (done && !stored) done = std::unexpected(std::move(stored.error()));
      if (done)
        done = co_await net::offload(
            parts_.threads, [&] { return verify_version(parts_.objects, stored->owner, stored->root); });
    }
    if (done) co_return done;
    if (ended_) co_return not_running();
    const bool full = done.error().code == ErrorCode::limit_exceeded;  // waiting makes no room
    if (full || steady_clock::now() + pause >= until) {
      co_await tell_problem(done.error().message);
      co_return done;
    }
    co_await rest(pause);
  }
}

net::Task<Result<VersionRecord>> SyncedHome::store_now(VersionRequest request) {
  // What is in the editors but not on disk yet belongs to "now".
  if (auto flushed = co_await control_.flush(of_.workspace); !flushed)
    co_return std::unexpected(std::move(flushed.error()));
  const auto hold = co_await lock_.take();
  if (ended_) co_return not_running();
  if (!loaded_)
    if (auto begun = co_await begin_adopted(); !begun) co_return std::unexpected(std::move(begun.error()));
  co_return co_await store(
      {.complete = false, .always = true, .request = std::move(request), .restored_from = {}});
}

net::Task<Result<RestoredVersion>> SyncedHome::restore(std::string version, std::string path,
                                                       std::string author) {
  if (auto flushed = co_await control_.flush(of_.workspace); !flushed)
    co_return std::unexpected(std::move(flushed.error()));
  const auto hold = co_await lock_.take();
  if (ended_) co_return not_running();
  if (!loaded_)
    if (auto begun = co_await begin_adopted(); !begun) co_return std::unexpected(std::move(begun.error()));
  auto wanted =
      co_await net::offload(parts_.threads, [&] { return parts_.versions.find(of_.workspace, version); });
  if (!wanted) co_return std::unexpected(std::move(wanted.error()));
  auto before = co_await store(
      {.complete = false, .always = false, .request = {VersionKind::automatic, {}, {}}, .restored_from = {}});
  if (!before) co_return std::unexpected(std::move(before.error()));
  auto problems = co_await restore_home(parts_, of_, {*wanted, path, true, false});
  if (!problems) co_return std::unexpected(std::move(problems.error()));
  auto after = co_await store({.complete = false,
                               .always = true,
                               .request = {VersionKind::restored, {}, std::move(author)},
                               .restored_from = wanted->id});
  if (!after) co_return std::unexpected(std::move(after.error()));
  co_return RestoredVersion{std::move(*after), std::move(*problems)};
}

// ---- at a start
// ----------------------------------------------------------------------------------------------------------------------

net::Task<Result<Problems>> SyncedHome::bring_back(BeforeHomeChanges before_change) {
  const auto hold = co_await lock_.take();
  if (auto loaded = co_await load_newest(); !loaded) co_return std::unexpected(std::move(loaded.error()));
  auto state = co_await ask_runner<protocol::SyncState>(parts_.runners, of_.workspace, {});
  if (!state) co_return std::unexpected(std::move(state.error()));
  acknowledged_ = true;
  const bool resumes = newest_ && state->restoring == newest_->id;
  if (state->restoring && !resumes)
    if (auto ended = co_await abandon_restore(parts_, of_.workspace, *state->restoring); !ended)
      co_return std::unexpected(std::move(ended.error()));
  if (!newest_) co_return Problems();
  if (!resumes) {
    // Its own versions' successor, though it may not have heard of the newest one.
    const bool current = state->version == newest_->id || state->offered == newest_->root.hex();
    if (current && !state->restoring) {
      acknowledged_ = state->version == newest_->id;
      co_return Problems();
    }
    auto differs = co_await store_before_bringing_back(*state);
    if (!differs) co_return std::unexpected(std::move(differs.error()));
    if (!*differs) co_return Problems();
  }
  spdlog::info("workspace {}: brings version {} back", of_.workspace, newest_->id);
  if (before_change)
    if (auto known = co_await before_change(); !known) co_return std::unexpected(std::move(known.error()));
  auto problems = co_await restore_home(parts_, of_, {*newest_, "", true, true});
  if (problems && !problems->empty())
    spdlog::error("workspace {}: {} files of version {} could not be brought back, {} first", of_.workspace,
                  problems->size(), newest_->id, problems->front().path);
  co_return problems;
}

/// What lies in a home that is not the newest version's is kept as a version before that one is brought back,
/// and the newest is committed once more so that it stays the newest. False when there is nothing to bring
/// back.
net::Task<Result<bool>> SyncedHome::store_before_bringing_back(protocol::SyncState::Result state) {
  const auto target = *newest_;
  auto found = co_await ask_runner<protocol::SyncSnapshot>(parts_.runners, of_.workspace, {true},
                                                           std::chrono::minutes(30));
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (found->root == target.root.hex()) {
    auto told = co_await acknowledge(parts_, of_.workspace, target, found->change);
    if (!told) co_return std::unexpected(std::move(told.error()));
    co_return false;
  }
  if (found->files == 0) co_return true;  // a new home
  const auto recent =
      co_await net::offload(parts_.threads, [&] { return parts_.versions.list(of_.workspace, 0, 50); });
  if (!recent) co_return std::unexpected(recent.error());
  const bool known =
      std::ranges::any_of(*recent, [&](const auto& version) { return version.root.hex() == found->root; }) ||
      (state.root == found->root && state.version);
  if (known) co_return true;
  spdlog::warn("workspace {}: its home is not that of its newest version {}; it is stored first",
               of_.workspace, target.id);
  auto kept = co_await store(
      {.complete = true, .always = false, .request = {VersionKind::automatic, {}, {}}, .restored_from = {}});
  if (!kept) co_return std::unexpected(std::move(kept.error()));
  auto again = co_await commit_again(target);
  if (!again) co_return std::unexpected(std::move(again.error()));
  newest_ = std::move(*again);
  co_return true;
}

net::Task<Result<VersionRecord>> SyncedHome::commit_again(VersionRecord target) {
  NewVersion same{target.root,
                  target.files,
                  target.bytes,
                  target.problems,
                  {.complete = false,
                   .always = true,
                   .request = {VersionKind::restored, {}, {}},
                   .restored_from = target.id}};
  auto version = co_await commit_version(parts_, of_, newest_, recent_, {}, std::move(same));
  if (!version) co_return std::unexpected(std::move(version.error()));
  if (!*version)
    co_return failure(ErrorCode::unavailable,
                      "The newest version is not in the store any more; the administrator "
                      "can look for it with \"berthd fsck\".");
  co_return std::move(**version);
}

}  // namespace berth::server
