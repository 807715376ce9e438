// SPDX-License-Identifier: GPL-3.0-or-later
// Waiting, snapshots and what is stored; restoring is in sync_restore.cpp.
#include "runner/sync.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "runner/fault_points.hpp"
#include "runner/snapshot_objects.hpp"

namespace berth::runner {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds shortest_poll{10};
constexpr int poll_share = 50;  // looking without watches takes at most a fiftieth of the time
constexpr std::chrono::seconds busy_pause{3};
constexpr int worker_niceness = 5;
constexpr std::size_t many_directories = 50;

/// Programs in the workspace go first, on the processor and on the disk.
void lower_priority() {
  constexpr int whose_process = 1, best_effort = 2, lowest = 7, class_shift = 13;
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), worker_niceness);
  ::syscall(SYS_ioprio_set, whose_process, 0, best_effort << class_shift | lowest);
}

bool is_empty(int directory) {
  const int copy = ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* stream = copy < 0 ? nullptr : ::fdopendir(copy);
  if (!stream) {
    if (copy >= 0) ::close(copy);
    return false;
  }
  int names = 0;
  while (names <= 2 && ::readdir(stream)) ++names;  // "." and ".." are always there
  ::closedir(stream);
  return names <= 2;
}

std::string own_directory_in(const std::string& home, const std::string& state_directory) {
  return state_directory.starts_with(home + "/") ? state_directory.substr(home.size() + 1) : std::string();
}

/// Which of these documents are in the snapshot as they are on disk.
std::map<std::string, std::uint64_t> documents_in(const HomeIndex& index,
                                                  const std::vector<DocumentOnDisk>& documents) {
  std::map<std::string, std::uint64_t> found;
  for (const auto& document : documents) {
    const auto slash = document.path.rfind('/');
    const auto record = index.read(slash == std::string::npos ? "" : document.path.substr(0, slash));
    const auto* entry =
        record ? record->find(slash == std::string::npos ? document.path : document.path.substr(slash + 1))
               : nullptr;
    if (entry && entry->type == protocol::TreeEntryType::file && etag_of(*entry) == document.etag)
      found[document.id] = document.version;
  }
  return found;
}

}  // namespace

Sync::Sync(SyncContext context)
    : context_(std::move(context)),
      changes_(context_.io, [this] { on_change(); }),
      turn_(context_.io, Clock::time_point::max()),
      poll_timer_(context_.io),
      busy_timer_(context_.io),
      marks_(context_.state_directory, SyncMarks::identity_of(context_.files.directory().fd())),
      index_(context_.state_directory + "/home.index", marks_.home()),
      scan_(context_.files.directory(), index_, changes_, small_,
            own_directory_in(context_.files.directory().path(), context_.state_directory), cancelled_),
      restore_(context_.files, index_, marks_, context_.state_directory,
               own_directory_in(context_.files.directory().path(), context_.state_directory)),
      worker_(1) {
  stored_ = marks_.stored();
  restoring_ = marks_.restoring();
  offered_ = marks_.offered();
}

void Sync::stop() {
  cancelled_ = true;
  changes_.close();
  poll_timer_.cancel();
  busy_timer_.cancel();
}

// ---- changes
// --------------------------------------------------------------------------------------------------------

void Sync::on_change() {
  const auto waiters = waiters_;
  for (auto* timer : waiters) timer->cancel();
  tell_storage();
}

protocol::SyncState::Result Sync::state() const {
  protocol::SyncState::Result result{};
  if (stored_) {
    result.version = stored_->version;
    result.root = stored_->root;
  }
  if (restoring_) result.restoring = restoring_->version;
  result.change = changes_.change();
  if (offered_) result.offered = offered_->root;
  return result;
}

net::Task<Result<protocol::SyncWait::Result>> Sync::wait(protocol::SyncWait::Params params) {
  const auto limit = std::clamp<std::int64_t>(params.timeout, 0, longest_wait.count());
  const auto deadline = Clock::now() + std::chrono::milliseconds(limit);
  asio::steady_timer timer(context_.io);
  struct Waiter {
    std::set<asio::steady_timer*>& all;
    asio::steady_timer* timer;
    Waiter(std::set<asio::steady_timer*>& waiters, asio::steady_timer* own) : all(waiters), timer(own) {
      all.insert(timer);
    }
    ~Waiter() { all.erase(timer); }
  } const waiter(waiters_, &timer);
  for (;;) {
    const auto now = Clock::now();
    const auto settled = changes_.settled_at();
    const bool news = changes_.change() != params.seen;
    if ((news && (settled <= now || settled == HomeChanges::TimePoint::max())) || deadline <= now) break;
    timer.expires_at(news ? std::min(settled, deadline) : deadline);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return protocol::SyncWait::Result{changes_.change()};
}

// ---- snapshots
// ------------------------------------------------------------------------------------------------------

/// One at a time; who comes later waits.
net::Task<void> Sync::take_turn() {
  while (busy_) {
    boost::system::error_code ignored;
    co_await turn_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  busy_ = true;
}

void Sync::end_turn() {
  busy_ = false;
  turn_.cancel();
}

/// Once there is something that people may work with. An empty home is about to be brought back: everybody
/// waits for that, and a priority that was lowered can't be raised again.
void Sync::give_way() {
  if (gives_way_ || is_empty(context_.files.directory().fd())) return;
  gives_way_ = true;
  lower_priority();
}

net::Task<Result<protocol::SyncSnapshot::Result>> Sync::snapshot(bool complete) {
  co_await take_turn();
  const Turn turn{*this};
  if (restoring_)
    co_return failure(ErrorCode::conflict,
                      "A restore is under way: it has to end before anything is stored.");
  auto dirty = changes_.take();
  dirty.everything = dirty.everything || complete;
  const auto change = changes_.change();
  struct Outcome {
    Result<ScanResult> scan;
    std::map<std::string, std::uint64_t> documents;
  };
  auto outcome = co_await net::offload(
      worker_, [this, dirty, complete, documents = context_.documents.on_disk()]() -> Outcome {
        if (!std::exchange(loaded_, true)) index_.load();
        give_way();
        Outcome made{scan_.run(dirty, complete), {}};
        if (!made.scan) return made;
        fault_point("snapshot.scanned");
        made.documents = documents_in(index_, documents);
        marks_.set_offered(made.scan->root.hex());
        fault_point("snapshot.offered");
        return made;
      });
  if (!outcome.scan) {
    changes_.put_back(std::move(dirty));
    co_return std::unexpected(outcome.scan.error());
  }
  auto& scan = *outcome.scan;
  root_ = scan.root;
  snapshot_change_ = change;
  snapshot_documents_ = std::move(outcome.documents);
  offered_ = marks_.offered();
  on_scanned(scan);
  co_return protocol::SyncSnapshot::Result{scan.root.hex(),   change,     scan.files,
                                           scan.directories,  scan.bytes, std::move(scan.problems),
                                           scan.problem_count};
}

void Sync::on_scanned(const ScanResult& result) {
  // What was stored once is stored.
  if (stored_ && stored_->root == result.root.hex()) on_stored();
  if (!result.busy.empty()) context_.tasks.spawn(look_at_busy(result.busy));
  look_at_unwatched();
}

/// Files that changed while they were read are read again although nothing else happens.
net::Task<void> Sync::look_at_busy(std::set<std::string> directories) {
  if (busy_timer_.expiry() > Clock::now()) {
    // A look is due already.
    for (const auto& directory : directories) changes_.put_back({false, {directory}});
    co_return;
  }
  busy_timer_.expires_after(busy_pause);
  boost::system::error_code error;
  co_await busy_timer_.async_wait(asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return;
  for (const auto& directory : directories) changes_.mark(directory);
}

net::Task<Result<std::unique_ptr<ByteSource>>> Sync::objects(std::vector<std::string> texts) {
  if (texts.empty() || texts.size() > most_objects)
    co_return failure(ErrorCode::invalid_argument, "sync/objects.ids: not 1..4096 of them");
  std::vector<protocol::ObjectId> ids;
  ids.reserve(texts.size());
  for (const auto& text : texts) {
    const auto id = protocol::ObjectId::from_hex(text);
    if (!id) co_return failure(ErrorCode::invalid_argument, "sync/objects.ids: not an object's id");
    ids.push_back(*id);
  }
  if (snapshot_change_ == 0)
    co_return failure(ErrorCode::conflict, "There is no snapshot yet: ask for sync/snapshot first.");
  auto places =
      co_await net::offload(worker_, [this, root = root_, ids] { return find_objects(index_, root, ids); });
  co_return std::make_unique<SnapshotObjects>(
      context_.files.directory(), index_, small_, std::move(ids), std::move(places),
      [this](std::optional<std::string> directory) {
        asio::post(context_.io, [this, directory = std::move(directory)] {
          if (directory)
            changes_.mark(*directory);
          else
            changes_.mark_everything();
        });
      });
}

// ---- what is stored
// -------------------------------------------------------------------------------------------------

net::Task<Result<void>> Sync::stored(protocol::SyncStored::Params params) {
  if (!protocol::ObjectId::from_hex(params.root) || params.version.empty() || params.version.size() > 200)
    co_return failure(ErrorCode::invalid_argument, "sync/stored: not a version");
  fault_point("stored.heard");
  const bool last = snapshot_change_ != 0 && params.root == root_.hex();
  if (last) {
    // Asked again: a save that ended while the snapshot was read is only now known to be what it read.
    auto documents = co_await net::offload(
        worker_, [this, open = context_.documents.on_disk()] { return documents_in(index_, open); });
    // It is stored, whatever becomes of the mark: people need not wait for this disk.
    if (params.root == root_.hex()) {
      stored_ = StoredMark{marks_.home(), params.version, params.root, params.at};
      snapshot_documents_ = std::move(documents);
      on_stored();
    }
  }
  auto done = co_await net::offload(worker_, [this, params, last] {
    if (last) {
      small_.clear();
      // A first snapshot leaves much free memory behind.
      if (index_.forget_news() > many_directories) ::malloc_trim(0);
    }
    return marks_.set_stored({{}, params.version, params.root, params.at});
  });
  if (!done) co_return done;
  fault_point("stored.marked");
  stored_ = marks_.stored();
  tell_storage();
  co_return Result<void>();
}

void Sync::on_stored() {
  stored_change_ = snapshot_change_;
  for (const auto& [id, version] : snapshot_documents_) context_.documents.on_stored(id, version);
  tell_storage();
}

bool Sync::all_stored() const { return stored_ && !restoring_ && stored_change_ == changes_.change(); }

void Sync::on_opened_or_written(const std::string& document) {
  // A document's file appears whole by its rename.
  changes_.hurry();
  if (all_stored() && !busy_) context_.tasks.spawn(tell_if_stored(document));
}

net::Task<void> Sync::tell_if_stored(std::string document) {
  auto open = context_.documents.on_disk();
  std::erase_if(open, [&](const auto& other) { return other.id != document; });
  const auto found = co_await net::offload(worker_, [this, open] { return documents_in(index_, open); });
  if (!all_stored()) co_return;  // the next snapshot tells
  for (const auto& [id, version] : found) context_.documents.on_stored(id, version);
}

void Sync::problem(std::string text) {
  problem_ = std::move(text);
  tell_storage();
}

protocol::WorkspaceStorage::Params Sync::storage() const {
  using enum protocol::StorageProgress;
  return {!problem_.empty() ? waiting
          : all_stored()    ? protocol::StorageProgress::stored
                            : storing,
          stored_ ? stored_->version : "", stored_ ? stored_->at : 0, problem_};
}

void Sync::tell_storage() {
  auto now = storage();
  if (told_ && told_->progress == now.progress && told_->version == now.version &&
      told_->problem == now.problem)
    return;
  told_ = now;
  context_.on_storage(now);
}

// ---- without watches
// ------------------------------------------------------------------------------------------------

std::optional<protocol::SessionNotice::Params> Sync::notice() const {
  if (!polling_) return std::nullopt;
  return protocol::SessionNotice::Params{protocol::NoticeKind::resource,
                                         "There are more folders than can be watched here: changes that "
                                         "programs make are stored a little later. "
                                         "An administrator can raise fs.inotify.max_user_watches.",
                                         std::nullopt};
}

void Sync::look_at_unwatched() {
  if (polling_ || changes_.unwatched().empty()) return;
  polling_ = true;
  context_.log(
      "Not every folder can be watched (fs.inotify.max_user_watches): they are looked at from time to time.");
  if (!std::exchange(told_of_polling_, true)) context_.on_notice(*notice());
  context_.tasks.spawn(poll());
}

net::Task<void> Sync::poll() {
  Clock::duration pause = shortest_poll;
  for (;;) {
    poll_timer_.expires_after(pause);
    boost::system::error_code error;
    co_await poll_timer_.async_wait(asio::redirect_error(asio::use_awaitable, error));
    auto directories = changes_.unwatched();
    if (error || directories.empty()) break;
    if (restoring_) continue;
    co_await take_turn();
    const Turn turn{*this};
    const auto began = Clock::now();
    const auto differing =
        co_await net::offload(worker_, [this, directories] { return scan_.differing(directories); });
    pause = std::max<Clock::duration>(shortest_poll, poll_share * (Clock::now() - began));
    for (const auto& directory : differing) changes_.mark(directory);
  }
  polling_ = false;
}

}  // namespace berth::runner
