// SPDX-License-Identifier: GPL-3.0-or-later
// Versions without a runner, a blob store or a database: homes that are planted as trees into a store in
// memory, and an engine that stores and restores what the test says.
#pragma once

#include "protocol/chunker.hpp"
#include "server/history.hpp"
#include "server/imports.hpp"
#include "server/version_tree.hpp"
#include "workspaces_fixture.hpp"

namespace berth::server::testing {

using protocol::ObjectId;
using protocol::TreeEntry;
using protocol::TreeEntryType;

class MemoryObjects : public ObjectStore {
 public:
  std::atomic<int> reads = 0;    // calls
  std::atomic<int> objects = 0;  // read by them
  std::atomic<bool> unreachable = false;
  Usage used;

  ObjectId put(const std::string& owner, std::string bytes) {
    const std::lock_guard lock(mutex_);
    const auto id = ObjectId::of(bytes);
    stored_[{owner, id}] = std::move(bytes);
    return id;
  }
  void lose(const std::string& owner, const ObjectId& id) {
    const std::lock_guard lock(mutex_);
    stored_.erase({owner, id});
  }

  Result<std::vector<ObjectId>> missing(const std::string& owner, const std::vector<ObjectId>& ids) override {
    const std::lock_guard lock(mutex_);
    std::vector<ObjectId> out;
    for (const auto& id : ids)
      if (!stored_.contains({owner, id})) out.push_back(id);
    return out;
  }
  Result<void> add(const std::string& owner, std::vector<protocol::StoredObject> objects_to_add) override {
    for (const auto& object : objects_to_add) put(owner, *protocol::open_object(object));
    return {};
  }
  Result<std::vector<std::optional<std::string>>> read(const std::string& owner,
                                                       const std::vector<ObjectId>& ids,
                                                       std::size_t largest) override {
    if (unreachable) return failure(ErrorCode::unavailable, "The store is away.");
    ++reads;
    objects += static_cast<int>(ids.size());
    const std::lock_guard lock(mutex_);
    std::vector<std::optional<std::string>> out;
    for (const auto& id : ids) {
      const auto at = stored_.find({owner, id});
      out.push_back(at == stored_.end() || at->second.size() > largest ? std::nullopt
                                                                       : std::optional(at->second));
    }
    return out;
  }
  Result<std::vector<std::optional<std::uint32_t>>> sizes(const std::string& owner,
                                                          const std::vector<ObjectId>& ids) override {
    const std::lock_guard lock(mutex_);
    std::vector<std::optional<std::uint32_t>> out;
    for (const auto& id : ids) {
      const auto at = stored_.find({owner, id});
      out.push_back(at == stored_.end() ? std::nullopt
                                        : std::optional(static_cast<std::uint32_t>(at->second.size())));
    }
    return out;
  }
  Result<void> verify(const std::string&, const std::vector<ObjectId>&) override { return {}; }
  Result<Usage> usage(const std::string&) override { return used; }

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, ObjectId>, std::string> stored_;
};

/// A folder to be stored.
class Plant {
 public:
  static constexpr std::int64_t time = 1'700'000'000'123'456'789;

  Plant& file(const std::string& name, std::string bytes, std::uint32_t mode = 0644,
              std::int64_t modified = time) {
    entry(name, TreeEntryType::file, mode, modified).bytes = std::move(bytes);
    return *this;
  }
  Plant& link(const std::string& name, std::string target) {
    entry(name, TreeEntryType::symlink, 0777, time).target = std::move(target);
    return *this;
  }
  Plant& folder(const std::string& name, Plant content, std::uint32_t mode = 0755) {
    entry(name, TreeEntryType::directory, mode, time).folder = std::make_shared<Plant>(std::move(content));
    return *this;
  }
  Plant& without(const std::string& name) {
    entries_.erase(name);
    return *this;
  }

  ObjectId store(MemoryObjects& objects, const std::string& owner) const {
    std::vector<TreeEntry> tree;
    for (const auto& [name, planted] : entries_) {
      TreeEntry out{.name = name,
                    .type = planted.type,
                    .mode = planted.mode,
                    .modified = planted.modified,
                    .size = planted.bytes.size(),
                    .target = planted.target,
                    .content = {},
                    .listed = false};
      if (planted.folder) out.content = {planted.folder->store(objects, owner)};
      if (planted.type == TreeEntryType::file) store_file(objects, owner, planted.bytes, out);
      tree.push_back(std::move(out));
    }
    return objects.put(owner, protocol::encode_tree(std::move(tree)));
  }

 private:
  struct Planted {
    TreeEntryType type;
    std::uint32_t mode;
    std::int64_t modified;
    std::string bytes;
    std::string target;
    std::shared_ptr<Plant> folder;
  };
  Planted& entry(const std::string& name, TreeEntryType type, std::uint32_t mode, std::int64_t modified) {
    return entries_[name] = {type, mode, modified, {}, {}, {}};
  }
  static void store_file(MemoryObjects& objects, const std::string& owner, std::string_view bytes,
                         TreeEntry& out) {
    while (!bytes.empty()) {
      const auto size = protocol::first_chunk(bytes);
      out.content.push_back(objects.put(owner, std::string(bytes.substr(0, size))));
      bytes.remove_prefix(size);
    }
    if (out.content.size() <= protocol::most_inline_chunks) return;
    out.content = {objects.put(owner, protocol::encode_chunk_list(out.content))};
    out.listed = true;
  }
  std::map<std::string, Planted> entries_;
};

class MemoryVersions : public VersionStore {
 public:
  std::atomic<bool> insert_fails = false;
  Gate insert_gate;

  Result<void> insert(const VersionRecord& version) override {
    insert_gate.pass();
    if (insert_fails) return failure(ErrorCode::conflict, "Its objects have gone.");
    const std::lock_guard lock(mutex_);
    auto& own = all_[version.workspace];
    if (!own.empty() && own.front().created >= version.created)
      return failure(ErrorCode::invalid_argument, "not later than the newest");
    own.insert(own.begin(), version);
    return {};
  }
  Result<VersionRecord> find(const std::string& workspace, const std::string& id) override {
    const std::lock_guard lock(mutex_);
    for (const auto& version : all_[workspace])
      if (version.id == id) return version;
    return failure(ErrorCode::not_found, "There is no such version.");
  }
  Result<std::optional<VersionRecord>> latest(const std::string& workspace) override {
    const std::lock_guard lock(mutex_);
    const auto& own = all_[workspace];
    return own.empty() ? std::optional<VersionRecord>{} : own.front();
  }
  Result<std::vector<VersionRecord>> list(const std::string& workspace, std::int64_t before,
                                          std::size_t limit) override {
    const std::lock_guard lock(mutex_);
    std::vector<VersionRecord> out;
    for (const auto& version : all_[workspace])
      if ((before == 0 || version.created < before) && out.size() < limit) out.push_back(version);
    return out;
  }
  Result<void> rename(const std::string& workspace, const std::string& id, const std::string& name) override {
    const std::lock_guard lock(mutex_);
    for (auto& version : all_[workspace])
      if (version.id == id) version.name = name;
    return {};
  }
  Result<void> remove(const std::string&, const std::vector<std::string>&) override { return {}; }
  Result<void> remove_all(const std::string& workspace) override {
    const std::lock_guard lock(mutex_);
    all_.erase(workspace);
    return {};
  }
  Result<std::vector<std::string>> workspaces(const std::string&) override {
    return std::vector<std::string>{};
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<VersionRecord>> all_;
};

/// Stores and restores what the test says, and keeps what it was asked.
class HandEngine : public WorkspaceVersions {
 public:
  explicit HandEngine(VersionStore& versions) : versions_(versions) {}
  std::optional<VersionRecord> next;  // what store_now() stores
  std::vector<std::string> asked;
  std::vector<protocol::PathProblem> problems;
  bool breaks_off = false;  // begin(), when it has brought half of the newest version back

  net::Task<Result<bool>> has_versions(std::string workspace) override {
    co_return versions_.latest(workspace)->has_value();
  }
  net::Task<Result<std::vector<protocol::PathProblem>>> begin(WorkspaceOwner,
                                                              BeforeHomeChanges before_change) override {
    if (!breaks_off) co_return std::vector<protocol::PathProblem>{};
    if (auto known = co_await before_change(); !known) co_return std::unexpected(known.error());
    co_return failure(ErrorCode::unavailable, "The store can't be reached.");
  }
  void resume(WorkspaceOwner) override {}
  net::Task<Result<void>> store_for_stop(std::string) override { co_return Result<void>{}; }
  void end(const std::string&) override {}
  net::Task<void> settled(std::string workspace) override {
    asked.push_back("settled " + workspace);
    co_return;
  }
  net::Task<Result<VersionRecord>> store_now(std::string workspace, VersionRequest request) override {
    asked.push_back("store " + workspace + " '" + request.name + "' by '" + request.author + "'");
    if (!next) co_return failure(ErrorCode::unavailable, "Start the workspace first.");
    auto record = *next;
    record.name = request.name;
    record.author = request.author;
    record.kind = request.kind;
    if (auto inserted = versions_.insert(record); !inserted) co_return std::unexpected(inserted.error());
    co_return record;
  }
  net::Task<Result<RestoredVersion>> restore(std::string workspace, std::string version, std::string path,
                                             std::string author) override {
    asked.push_back("restore " + workspace + " " + version + " '" + path + "' by '" + author + "'");
    if (!next) co_return failure(ErrorCode::unavailable, "Start the workspace first.");
    co_return RestoredVersion{*next, problems};
  }
  net::Task<Result<void>> remove(std::string) override { co_return Result<void>{}; }

 private:
  VersionStore& versions_;
};

}  // namespace berth::server::testing
