// SPDX-License-Identifier: GPL-3.0-or-later
// A home, an object store and a version store in memory, which can be slow, down, full, forgetful or hostile.
#pragma once

#include <map>
#include <set>

#include "harness.hpp"
#include "protocol/sync_messages.hpp"
#include "protocol/tree.hpp"
#include "server/object_store.hpp"
#include "server/version_store.hpp"

namespace berth::server::testing {

using protocol::ObjectId;
using protocol::TreeEntry;
using protocol::TreeEntryType;

class ObjectsInMemory : public ObjectStore {
 public:
  std::atomic<bool> down = false, full = false;
  std::atomic<int> added = 0;
  std::set<ObjectId> lost;  // in the index, but not in their packs

  Result<std::vector<ObjectId>> missing(const std::string&, const std::vector<ObjectId>& ids) override {
    const std::lock_guard lock(mutex_);
    if (down) return unreachable();
    std::vector<ObjectId> lacking;
    for (const auto& id : ids)
      if (!objects_.contains(id)) lacking.push_back(id);
    return lacking;
  }
  Result<void> add(const std::string&, std::vector<protocol::StoredObject> objects) override {
    const std::lock_guard lock(mutex_);
    if (down) return unreachable();
    if (full) return failure(ErrorCode::limit_exceeded, "Your stored versions take too much.");
    for (const auto& stored : objects) {
      auto object = protocol::open_object(stored);
      if (!object) throw std::runtime_error("an unchecked object was added");
      if (objects_.emplace(stored.id, std::move(*object)).second) ++added;
    }
    return {};
  }
  Result<std::vector<std::optional<std::string>>> read(const std::string&, const std::vector<ObjectId>& ids,
                                                       std::size_t largest) override {
    const std::lock_guard lock(mutex_);
    if (down) return unreachable();
    std::vector<std::optional<std::string>> found;
    for (const auto& id : ids) {
      const auto at = objects_.find(id);
      const bool there = at != objects_.end() && !lost.contains(id) && at->second.size() <= largest;
      found.push_back(there ? std::optional(at->second) : std::nullopt);
    }
    return found;
  }
  Result<std::vector<std::optional<std::uint32_t>>> sizes(const std::string&,
                                                          const std::vector<ObjectId>& ids) override {
    const std::lock_guard lock(mutex_);
    if (down) return unreachable();
    std::vector<std::optional<std::uint32_t>> out;
    for (const auto& id : ids) {
      const auto at = objects_.find(id);
      out.push_back(at == objects_.end() ? std::nullopt
                                         : std::optional(static_cast<std::uint32_t>(at->second.size())));
    }
    return out;
  }
  /// As the real one: forgets what is lost, and every tree with it.
  Result<void> verify(const std::string&, const std::vector<ObjectId>& ids) override {
    const std::lock_guard lock(mutex_);
    if (down) return unreachable();
    bool whole = true;
    for (const auto& id : ids) whole = whole && objects_.contains(id) && !lost.contains(id);
    if (whole) return {};
    std::erase_if(objects_, [&](const auto& object) {
      return lost.contains(object.first) || protocol::decode_tree(object.second).has_value();
    });
    lost.clear();
    return failure(ErrorCode::unavailable, "Some stored files are missing; they are stored again.");
  }
  Result<Usage> usage(const std::string&) override { return Usage{}; }

  /// Whether all that a root reaches is there.
  bool whole(const ObjectId& root) {
    const std::lock_guard lock(mutex_);
    return whole_below(root);
  }
  void forget(const ObjectId& id) {
    const std::lock_guard lock(mutex_);
    objects_.erase(id);
  }

 private:
  static std::unexpected<Error> unreachable() {
    return failure(ErrorCode::unavailable, "The store can't be reached.");
  }
  bool whole_below(const ObjectId& tree) {
    if (!objects_.contains(tree)) return false;
    const auto entries = protocol::decode_tree(objects_.at(tree));
    if (!entries) return false;
    for (const auto& entry : *entries)
      for (const auto& id : entry.content) {
        if (entry.type == TreeEntryType::directory ? !whole_below(id) : !objects_.contains(id)) return false;
        if (!entry.listed) continue;
        const auto chunks = protocol::decode_chunk_list(objects_.at(id));
        for (const auto& chunk : *chunks)
          if (!objects_.contains(chunk)) return false;
      }
    return true;
  }
  std::mutex mutex_;
  std::map<ObjectId, std::string> objects_;
};

class VersionsInMemory : public VersionStore {
 public:
  explicit VersionsInMemory(ObjectsInMemory& objects) : objects_(objects) {}
  std::atomic<int> torn = 0;  // versions that were committed without all they reach
  std::vector<VersionRecord> all;

  Result<void> insert(const VersionRecord& version) override {
    const std::lock_guard lock(mutex_);
    if (!objects_.whole(version.root)) ++torn;
    if (!all.empty() && all.back().created >= version.created)
      return failure(ErrorCode::invalid_argument, "not later");
    all.push_back(version);
    return {};
  }
  Result<VersionRecord> find(const std::string&, const std::string& id) override {
    const std::lock_guard lock(mutex_);
    for (const auto& version : all)
      if (version.id == id) return version;
    return failure(ErrorCode::not_found, "There is no such version.");
  }
  Result<std::optional<VersionRecord>> latest(const std::string&) override {
    const std::lock_guard lock(mutex_);
    return all.empty() ? std::nullopt : std::optional(all.back());
  }
  Result<std::vector<VersionRecord>> list(const std::string&, std::int64_t, std::size_t limit) override {
    const std::lock_guard lock(mutex_);
    std::vector<VersionRecord> newest(all.rbegin(), all.rend());
    newest.resize(std::min(newest.size(), limit));
    return newest;
  }
  Result<void> rename(const std::string&, const std::string&, const std::string&) override { return {}; }
  Result<void> remove(const std::string&, const std::vector<std::string>&) override { return {}; }
  Result<void> remove_all(const std::string&) override {
    const std::lock_guard lock(mutex_);
    all.clear();
    return {};
  }
  Result<std::vector<std::string>> workspaces(const std::string&) override {
    return std::vector<std::string>{"w"};
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return all.size();
  }

 private:
  ObjectsInMemory& objects_;
  std::mutex mutex_;
};

/// A runner whose home is a map from paths to contents; everything on the test's thread.
class HomeInMemory : public FakeRunners {
 public:
  std::map<std::string, std::string> files;
  std::optional<std::string> version, root, restoring, offered;
  std::uint64_t change = 1;
  std::string problem;         // as last told
  std::string stored_version;  // as last told
  std::string gone_path;       // its next chunk is gone
  bool lies = false;           // sends other bytes than were asked for
  bool dead = false;           // nothing is answered
  bool loses_acknowledgements = false;
  int fails_after_writes = -1;  // of restores; then it is dead
  std::vector<std::string> trash;
  int snapshots = 0;

  void write(const std::string& path, std::string content) {
    files[path] = std::move(content);
    ++change;
  }

  ObjectId snapshot() {
    objects_.clear();
    return tree("");
  }

  net::Task<Result<protocol::Json>> request(std::string, std::string_view method, protocol::Json params,
                                            std::chrono::milliseconds) override {
    using namespace protocol;
    if (dead) co_return failure(ErrorCode::unavailable, "The workspace can't be reached.");
    if (method == SyncState::method)
      co_return encode(SyncState::Result{version, root, restoring, change, offered});
    if (method == SyncWait::method) co_return co_await wait(*decode<SyncWait::Params>(params, ""));
    if (method == SyncSnapshot::method) co_return take_snapshot();
    if (method == SyncStored::method) co_return stored(*decode<SyncStored::Params>(params, ""));
    if (method == SyncProblem::method) {
      problem = decode<SyncProblem::Params>(params, "")->problem;
      co_return encode(Empty{});
    }
    co_return restore_step(method, params);
  }

  net::Task<Result<std::unique_ptr<ByteSource>>> objects(std::string, std::vector<std::string> ids) override {
    if (dead) co_return failure(ErrorCode::unavailable, "The workspace can't be reached.");
    std::string stream;
    for (const auto& hex : ids) {
      const auto id = *ObjectId::from_hex(hex);
      const auto found = objects_.find(id);
      if (found == objects_.end() || id == gone_) {
        stream += protocol::encode_object({id, 0, false, true, {}});
        gone_ = {};
      } else if (lies) {
        stream += protocol::encode_object({id, 4, false, false, "lies"});
      } else {
        stream += protocol::encode_object(protocol::pack_object(id, found->second));
      }
    }
    co_return std::unique_ptr<ByteSource>(std::make_unique<Stream>(std::move(stream)));
  }

  net::Task<Result<std::unique_ptr<ByteSink>>> restore_objects(std::string) override {
    co_return std::unique_ptr<ByteSink>(std::make_unique<Incoming>(*this));
  }

 private:
  struct Stream : ByteSource {
    explicit Stream(std::string all) : bytes(std::move(all)) {}
    net::Task<Result<std::string>> read() override {
      auto piece = bytes.substr(0, 1000);
      bytes.erase(0, piece.size());
      co_return piece;
    }
    std::string bytes;
  };
  struct Incoming : ByteSink {
    explicit Incoming(HomeInMemory& of) : home(of) {}
    net::Task<Result<void>> write(std::string piece) override {
      reader.append(piece);
      for (auto next = reader.next(); next && *next; next = reader.next())
        home.arrived_[(*next)->id] = *protocol::open_object(**next);
      co_return Result<void>();
    }
    net::Task<Result<void>> finish() override { co_return Result<void>(); }
    HomeInMemory& home;
    protocol::ObjectReader reader;
  };

  net::Task<Result<protocol::Json>> wait(protocol::SyncWait::Params params) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(params.timeout);
    while (change == params.seen && !dead && std::chrono::steady_clock::now() < until) {
      timer.expires_after(std::chrono::milliseconds(1));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    if (dead) co_return failure(ErrorCode::unavailable, "The workspace can't be reached.");
    co_return protocol::encode(protocol::SyncWait::Result{change});
  }

  Result<protocol::Json> take_snapshot() {
    ++snapshots;
    if (restoring) return failure(ErrorCode::conflict, "A restore is under way.");
    const auto now = snapshot();
    offered = now.hex();
    if (!gone_path.empty() && files.contains(gone_path)) gone_ = ObjectId::of(files[gone_path]);
    gone_path.clear();
    return protocol::encode(protocol::SyncSnapshot::Result{now.hex(), change, files.size(), 1, 0, {}, 0});
  }

  Result<protocol::Json> stored(const protocol::SyncStored::Params& params) {
    if (loses_acknowledgements) return failure(ErrorCode::timeout, "The workspace does not answer.");
    version = stored_version = params.version;
    root = params.root;
    return protocol::encode(protocol::Empty{});
  }

  Result<protocol::Json> restore_step(std::string_view method, const protocol::Json& params) {
    using namespace protocol;
    if (method == RestoreBegin::method) {
      const auto begin = *decode<RestoreBegin::Params>(params, "");
      restoring = begin.version;
      scope_ = begin.path;
      kept_.clear();
      return encode(Empty{});
    }
    if (method == RestoreEntries::method) {
      RestoreEntries::Result result;
      auto announced = *decode<RestoreEntries::Params>(params, "");
      for (auto& entry : announced.entries) {
        kept_.insert(entry.path);
        for (const auto& chunk : entry.chunks)
          if (!arrived_.contains(*ObjectId::from_hex(chunk))) result.needed.push_back(chunk);
        page_.push_back(std::move(entry));
      }
      return encode(result);
    }
    if (method == RestoreWrite::method) return put_in_place();
    if (method == RestoreEnd::method) return end(*decode<RestoreEnd::Params>(params, ""));
    return failure(ErrorCode::unsupported, std::string(method));
  }

  Result<protocol::Json> put_in_place() {
    if (fails_after_writes >= 0 && fails_after_writes-- == 0) {
      dead = true;
      return failure(ErrorCode::unavailable, "The workspace can't be reached.");
    }
    protocol::RestoreWrite::Result result;
    for (const auto& entry : std::exchange(page_, {})) {
      if (entry.type != "file") continue;
      std::string content;
      bool whole = true;
      for (const auto& chunk : entry.chunks) {
        const auto found = arrived_.find(*ObjectId::from_hex(chunk));
        whole = whole && found != arrived_.end();
        if (whole) content += found->second;
      }
      if (whole) {
        files[entry.path] = std::move(content);
      } else {
        result.problems.push_back({entry.path, "A part is missing."});
      }
    }
    arrived_.clear();
    ++change;
    return protocol::encode(result);
  }

  Result<protocol::Json> end(const protocol::RestoreEnd::Params& params) {
    if (params.remove_others)
      std::erase_if(files, [&](const auto& file) {
        const bool inside = scope_.empty() || file.first == scope_ || file.first.starts_with(scope_ + "/");
        if (!inside || kept_.contains(file.first)) return false;
        trash.push_back(file.first);
        return true;
      });
    restoring.reset();
    page_.clear();
    if (!params.root.empty()) {
      version = params.version;
      root = params.root;
    }
    ++change;
    return protocol::encode(protocol::RestoreEnd::Result{});
  }

  ObjectId keep(std::string object) {
    const auto id = ObjectId::of(object);
    objects_[id] = std::move(object);
    return id;
  }

  ObjectId tree(const std::string& folder) {
    const std::string prefix = folder.empty() ? "" : folder + "/";
    std::map<std::string, TreeEntry> entries;
    for (auto at = files.lower_bound(prefix); at != files.end() && at->first.starts_with(prefix); ++at) {
      const auto rest = at->first.substr(prefix.size());
      const auto slash = rest.find('/');
      auto& entry = entries[rest.substr(0, slash)];
      entry.name = rest.substr(0, slash);
      if (slash != rest.npos) {
        entry.type = TreeEntryType::directory;
        entry.mode = 0755;
      } else {
        entry.mode = 0644;
        entry.size = at->second.size();
        if (!at->second.empty()) entry.content = {keep(at->second)};
      }
    }
    std::vector<TreeEntry> list;
    for (auto& [name, entry] : entries) {
      if (entry.type == TreeEntryType::directory) entry.content = {tree(prefix + name)};
      list.push_back(std::move(entry));
    }
    return keep(protocol::encode_tree(std::move(list)));
  }

  std::map<ObjectId, std::string> objects_;  // of the last snapshot
  ObjectId gone_{};
  std::map<ObjectId, std::string> arrived_;
  std::vector<protocol::RestoreEntry> page_;
  std::set<std::string> kept_;
  std::string scope_;
};

}  // namespace berth::server::testing
