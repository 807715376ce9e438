// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sync_intake.hpp"

#include <malloc.h>

#include <boost/asio/as_tuple.hpp>

#include "server/fault_points.hpp"
#include "server/tree_walk.hpp"

namespace berth::server {

namespace asio = boost::asio;
using protocol::ObjectId;
using protocol::StoredObject;

namespace {

constexpr std::size_t most_asked_at_once = 4'096;  // ids in one question or one channel
constexpr std::size_t most_befores = 256;          // trees of the version before, read together
constexpr std::size_t largest_before = 1u << 20;   // bytes of one
constexpr std::size_t checked_at_once = 1u << 20;  // bytes handed to a thread together
constexpr std::size_t written_at_once = 4u << 20;  // bytes handed to the store together
constexpr std::uint64_t worth_a_trim = 4u << 20;   // bytes
constexpr int most_writes = 2;                     // under way, beside what is being gathered

/// Gathers objects and adds them to the store, a few adds at a time, while others are still being fetched.
class AddQueue : public std::enable_shared_from_this<AddQueue> {
 public:
  AddQueue(const SyncParts& parts, std::string owner, asio::any_io_executor executor)
      : parts_(parts), owner_(std::move(owner)), changed_(std::move(executor)) {}

  /// Waits while enough is under way. The error of any add so far.
  net::Task<Result<void>> put(std::vector<StoredObject> objects) {
    for (auto& object : objects) {
      gathered_bytes_ += object.bytes.size();
      gathered_.push_back(std::move(object));
    }
    if (gathered_bytes_ < written_at_once) co_return result();
    co_await wait_below(most_writes);
    if (error_) co_return result();
    gathered_bytes_ = 0;
    ++writes_;
    parts_.tasks.spawn([self = shared_from_this(), objects = std::exchange(gathered_, {})]() mutable {
      return add(std::move(self), std::move(objects));
    });
    co_return result();
  }

  /// Adds what is left and then `last`, after everything else.
  net::Task<Result<void>> finish(std::vector<StoredObject> last) {
    co_await wait_below(1);
    if (error_) co_return result();
    auto objects = std::exchange(gathered_, {});
    std::ranges::move(last, std::back_inserter(objects));
    if (objects.empty()) co_return result();
    co_return co_await net::offload(
        parts_.threads, [this, &objects] { return parts_.objects.add(owner_, std::move(objects)); });
  }

 private:
  static net::Task<void> add(std::shared_ptr<AddQueue> self, std::vector<StoredObject> objects) {
    Result<void> added = failure(ErrorCode::internal, "Storing failed; the server's log says more.");
    try {
      added = co_await net::offload(
          self->parts_.threads, [&] { return self->parts_.objects.add(self->owner_, std::move(objects)); });
    } catch (...) {
      self->error_ = added.error();
      --self->writes_;
      self->changed_.cancel();
      throw;
    }
    if (!added && !self->error_) self->error_ = added.error();
    --self->writes_;
    self->changed_.cancel();
  }

  net::Task<void> wait_below(int count) {
    while (writes_ >= count) {
      changed_.expires_at(asio::steady_timer::time_point::max());
      co_await changed_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }
  Result<void> result() const { return error_ ? Result<void>(std::unexpected(*error_)) : Result<void>(); }

  const SyncParts& parts_;
  const std::string owner_;
  asio::steady_timer changed_;
  std::vector<StoredObject> gathered_;
  std::size_t gathered_bytes_ = 0;
  int writes_ = 0;
  std::optional<Error> error_;
};

using Befores = std::unordered_map<ObjectId, std::string>;

/// Everything of one take_in; a frame of its coroutine holds it.
struct Taking {
  const SyncParts& parts;
  const WorkspaceOwner of;
  const RecentTrees& recent;
  TreeWalk walk;
  std::shared_ptr<AddQueue> queue;
  Intake intake;
};

/// Checks a batch and hands it to the walk; gives the chunks among it. On a worker thread.
Result<std::vector<StoredObject>> check(Taking& taking, std::vector<StoredObject>& batch,
                                        const std::unordered_map<ObjectId, std::optional<ObjectId>>& wanted,
                                        const Befores& befores) {
  std::vector<StoredObject> chunks;
  for (auto& stored : batch) {
    if (stored.gone) {
      taking.intake.gone = true;
      taking.walk.gave_up(stored.id);
      continue;
    }
    auto object = protocol::open_object(stored);
    if (!object)
      return failure(ErrorCode::invalid_argument,
                     "The workspace's runner sent damaged data. Restart the workspace.",
                     object.error().detail);
    ++taking.intake.objects;
    taking.intake.bytes += stored.bytes.size();
    const auto id = stored.id;
    const auto asked = wanted.find(id);
    std::optional<std::string> before;
    if (asked != wanted.end() && asked->second)
      if (const auto found = befores.find(*asked->second); found != befores.end()) before = found->second;
    auto chunk = taking.walk.arrived(stored, *object, before);
    if (!chunk) return std::unexpected(chunk.error());
    if (*chunk) {
      chunks.push_back(std::move(stored));
    } else {
      taking.intake.trees.keep(id, *object);
    }
  }
  return chunks;
}

/// The trees of the version before at the places of wanted ones, so many as memory is given for; where one is
/// left out, or can't be read, all that is below is fetched.
net::Task<Result<Befores>> read_befores(Taking& taking, const std::vector<TreeWalk::Wanted>& wanted) {
  Befores befores;
  std::vector<ObjectId> ids;
  for (const auto& want : wanted) {
    if (!want.before) continue;
    if (const auto* tree = taking.recent.find(*want.before)) {
      befores.emplace(*want.before, *tree);
    } else if (ids.size() < most_befores) {
      ids.push_back(*want.before);
    }
  }
  if (ids.empty()) co_return befores;
  auto trees = co_await net::offload(
      taking.parts.threads, [&] { return taking.parts.objects.read(taking.of.owner, ids, largest_before); });
  if (!trees) co_return std::unexpected(std::move(trees.error()));
  for (std::size_t i = 0; i < ids.size(); ++i)
    if ((*trees)[i]) befores.emplace(ids[i], std::move(*(*trees)[i]));
  co_return befores;
}

net::Task<Result<void>> fetch(Taking& taking, std::vector<TreeWalk::Wanted> wanted) {
  auto befores = co_await read_befores(taking, wanted);
  if (!befores) co_return std::unexpected(std::move(befores.error()));
  std::vector<std::string> ids;
  std::unordered_map<ObjectId, std::optional<ObjectId>> places;
  for (const auto& want : wanted) {
    ids.push_back(want.id.hex());
    if (want.before) places.emplace(want.id, want.before);
  }
  auto source = co_await taking.parts.runners.objects(taking.of.workspace, std::move(ids));
  if (!source) co_return std::unexpected(std::move(source.error()));
  protocol::ObjectReader reader;
  std::size_t left = wanted.size();
  std::vector<StoredObject> batch;
  std::size_t batch_bytes = 0;
  for (bool end = false; !end;) {
    auto piece = co_await (*source)->read();
    if (!piece) co_return std::unexpected(std::move(piece.error()));
    end = piece->empty();
    reader.append(*piece);
    for (;;) {
      auto stored = reader.next();
      if (!stored) co_return std::unexpected(std::move(stored.error()));
      if (!*stored) break;
      if (left-- == 0)
        co_return failure(ErrorCode::invalid_argument,
                          "The workspace's runner sent more than it was asked for. Restart the workspace.");
      batch_bytes += (*stored)->bytes.size() + protocol::object_header;
      batch.push_back(std::move(**stored));
    }
    if (batch.empty() || (!end && batch_bytes < checked_at_once)) continue;
    auto chunks =
        co_await net::offload(taking.parts.threads, [&] { return check(taking, batch, places, *befores); });
    if (!chunks) co_return std::unexpected(std::move(chunks.error()));
    batch.clear();
    batch_bytes = 0;
    if (auto put = co_await taking.queue->put(std::move(*chunks)); !put) co_return put;
  }
  if (!reader.empty())
    co_return failure(ErrorCode::unavailable, "The transfer broke off. Try again.", "an object was cut off");
  co_return Result<void>();
}

}  // namespace

void RecentTrees::keep(const ObjectId& id, const std::string& tree) {
  if (bytes_ + tree.size() > most_bytes) return;
  if (trees_.emplace(id, tree).second) bytes_ += tree.size();
}

const std::string* RecentTrees::find(const ObjectId& id) const {
  const auto found = trees_.find(id);
  return found == trees_.end() ? nullptr : &found->second;
}

net::Task<Result<Intake>> take_in(const SyncParts& parts, WorkspaceOwner of, ObjectId root,
                                  std::optional<ObjectId> before, const RecentTrees& recent) {
  Taking taking{parts,
                of,
                recent,
                TreeWalk(root, before),
                std::make_shared<AddQueue>(parts, of.owner, co_await asio::this_coro::executor),
                {}};
  while (!taking.walk.done()) {
    const auto questions = taking.walk.next_questions(most_asked_at_once);
    if (!questions.empty()) {
      auto lacking =
          co_await net::offload(parts.threads, [&] { return parts.objects.missing(of.owner, questions); });
      if (!lacking) co_return std::unexpected(std::move(lacking.error()));
      taking.walk.lacking(*lacking);
    }
    auto wanted = taking.walk.next_wanted(most_asked_at_once);
    if (wanted.empty() && questions.empty())
      co_return failure(ErrorCode::internal,
                        "The workspace's runner left out some files. Restart the workspace.",
                        "objects were asked for and did not come");
    if (wanted.empty()) continue;
    if (auto fetched = co_await fetch(taking, std::move(wanted)); !fetched)
      co_return std::unexpected(std::move(fetched.error()));
  }
  fault_point("sync.fetched");
  // With something gone the trees stay out: what they name is not all there.
  auto added = co_await taking.queue->finish(taking.intake.gone ? std::vector<StoredObject>()
                                                                : taking.walk.take_trees());
  if (!added) co_return std::unexpected(std::move(added.error()));
  fault_point("sync.added");
  // What a large change took is given back: it may be the last one for hours.
  if (taking.intake.bytes > worth_a_trim) co_await net::offload(parts.threads, [] { ::malloc_trim(0); });
  co_return std::move(taking.intake);
}

}  // namespace berth::server
