// SPDX-License-Identifier: GPL-3.0-or-later
// A real metadata store, a blob store in memory, and the object and version stores over both; and small homes
// to store in them.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <random>

#include "protocol/tree.hpp"
#include "server/clock.hpp"
#include "server/exported_versions.hpp"
#include "server/fault_points.hpp"
#include "server/garbage_collection.hpp"
#include "server/opened_storage.hpp"
#include "server/pack_store.hpp"
#include "server/random_id.hpp"
#include "server/stores/sqlite_store.hpp"
#include "tests/contract/fake_blob_store.hpp"

namespace berth::server::testing {

using protocol::ObjectId;
using protocol::StoredObject;

inline constexpr std::int64_t one_hour = 3'600'000, one_day = 24 * one_hour;

/// Path → content; folders are what the paths say.
using Files = std::map<std::string, std::string>;

inline StoredObject stored(const std::string& object) {
  return protocol::pack_object(ObjectId::of(object), object);
}

inline std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

/// The objects of a home, each after what it names; the last one is the root's tree. Files are cut into
/// chunks of `chunk` bytes.
struct HomeObjects {
  std::vector<StoredObject> objects;
  ObjectId root;
};

class HomeMaker {
 public:
  explicit HomeMaker(std::size_t chunk = 1024) : chunk_(chunk) {}
  HomeObjects make(const Files& files) {
    HomeObjects made;
    made.root = folder(files, "", made.objects);
    return made;
  }

 private:
  ObjectId add(const std::string& object, std::vector<StoredObject>& objects) {
    objects.push_back(stored(object));
    return objects.back().id;
  }
  ObjectId folder(const Files& files, const std::string& prefix, std::vector<StoredObject>& objects) {
    std::vector<protocol::TreeEntry> entries;
    for (auto it = files.lower_bound(prefix); it != files.end() && it->first.starts_with(prefix);) {
      const auto rest = it->first.substr(prefix.size());
      protocol::TreeEntry entry;
      entry.mode = 0644;
      if (const auto slash = rest.find('/'); slash != rest.npos) {
        entry.name = rest.substr(0, slash);
        entry.type = protocol::TreeEntryType::directory;
        const auto inner = prefix + entry.name + "/";
        entry.content = {folder(files, inner, objects)};
        while (it != files.end() && it->first.starts_with(inner)) ++it;
      } else {
        entry.name = rest;
        file(it->second, entry, objects);
        ++it;
      }
      entries.push_back(std::move(entry));
    }
    return add(protocol::encode_tree(std::move(entries)), objects);
  }
  void file(const std::string& content, protocol::TreeEntry& entry, std::vector<StoredObject>& objects) {
    entry.size = content.size();
    for (std::size_t at = 0; at < content.size(); at += chunk_)
      entry.content.push_back(add(content.substr(at, chunk_), objects));
    if (entry.content.size() <= protocol::most_inline_chunks) return;
    entry.content = {add(protocol::encode_chunk_list(entry.content), objects)};
    entry.listed = true;
  }

  std::size_t chunk_;
};

/// The value, by value, so that a loop may run over what a call gives.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message + " " + result.error().detail);
  return std::move(*result);
}

/// What an ObjectStore gives back of a home; a file that can't be read is "<lost>".
inline void read_folder(ObjectStore& objects, const std::string& owner, const ObjectId& id,
                        const std::string& prefix, Files& files) {
  const auto tree = objects.read(owner, {id});
  if (!tree || !tree->front()) {
    files[prefix] = "<lost>";
    return;
  }
  for (const auto& entry : must(protocol::decode_tree(*tree->front()))) {
    if (entry.type == protocol::TreeEntryType::directory) {
      read_folder(objects, owner, entry.content.front(), prefix + entry.name + "/", files);
      continue;
    }
    auto chunks = entry.content;
    auto& content = files[prefix + entry.name];
    if (entry.listed) {
      const auto list = objects.read(owner, chunks);
      if (!list || !list->front()) {
        content = "<lost>";
        continue;
      }
      chunks = *protocol::decode_chunk_list(*list->front());
    }
    const auto bytes = objects.read(owner, chunks);
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      if (!bytes || !(*bytes)[i]) {
        content = "<lost>";
        break;
      }
      content += *(*bytes)[i];
    }
  }
}

/// What happens at fault points, for as long as it lives.
class AtFaultPoints {
 public:
  explicit AtFaultPoints(std::function<void(std::string_view)> act) {
    action() = std::move(act);
    fault_points::hook = [](std::string_view name) { action()(name); };
  }
  ~AtFaultPoints() { fault_points::hook = nullptr; }

 private:
  static std::function<void(std::string_view)>& action() {
    static std::function<void(std::string_view)> act;
    return act;
  }
};

struct Crash {};  // caught by nobody between a fault point and its test

class StorageFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    open();
  }
  void TearDown() override {
    close();
    std::filesystem::remove_all(folder_);
  }
  /// A server's start over what the one before left.
  void open() {
    auto store = open_sqlite_store(folder_ / "berth.sqlite");
    ASSERT_TRUE(store) << store.error().message;
    store_ = std::move(*store);
    PackStoreOptions options;
    options.quota = [this](const std::string&) { return quota_.load(); };
    options.doubted = [this](const std::string& owner, const std::vector<ObjectId>& ids) {
      if (on_doubted_) on_doubted_(owner, ids);
    };
    objects_ = make_pack_store(blobs_, store_->objects(), sealing_, [this] { return now_.load(); }, options);
    versions_ = make_exported_versions(store_->versions(), blobs_, sealing_, {});
    collection_ = std::make_unique<GarbageCollection>(
        *store_, *versions_, *objects_, blobs_, sealing_, [this] { return now_.load(); }, options_);
  }
  void close() {
    collection_.reset();
    versions_.reset();
    objects_.reset();
    store_.reset();
  }

  /// Stores a home as the sync engine does: what is missing, then the version.
  Result<VersionRecord> store_home(const std::string& owner, const std::string& workspace, const Files& files,
                                   const std::string& name = {}) {
    auto home = HomeMaker().make(files);
    std::vector<ObjectId> ids;
    for (const auto& object : home.objects) ids.push_back(object.id);
    auto missing = objects_->missing(owner, ids);
    if (!missing) return std::unexpected(missing.error());
    std::erase_if(home.objects, [&](const auto& object) {
      return std::ranges::find(*missing, object.id) == missing->end();
    });
    if (auto added = objects_->add(owner, std::move(home.objects)); !added)
      return std::unexpected(added.error());
    VersionRecord version;
    version.id = random_id(16);
    version.workspace = workspace;
    version.owner = owner;
    version.root = home.root;
    version.name = name;
    version.files = files.size();
    const auto latest = versions_->latest(workspace);
    version.created = now_;
    if (latest && *latest) version.created = std::max(version.created, (*latest)->created + 1);
    if (auto inserted = versions_->insert(version); !inserted) return std::unexpected(inserted.error());
    return version;
  }
  Files read_home(const std::string& owner, const ObjectId& root) {
    Files files;
    read_folder(*objects_, owner, root, "", files);
    return files;
  }
  std::vector<std::string> packs() const {
    auto keys = blobs_.keys();
    std::erase_if(keys, [](const auto& key) { return key.find("/packs/") == key.npos; });
    return keys;
  }
  static ErrorCode code(const auto& result) { return result ? ErrorCode{} : result.error().code; }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("berth-test-" + random_id(12));
  FakeBlobStore blobs_;
  StorageSealing sealing_;
  std::atomic<std::int64_t> now_ = system_clock_now();
  std::atomic<std::uint64_t> quota_ = 0;
  GarbageCollection::Options options_;
  std::function<void(const std::string& owner, const std::vector<ObjectId>& ids)> on_doubted_;
  std::unique_ptr<MetadataStore> store_;
  std::unique_ptr<ObjectStore> objects_;
  std::unique_ptr<VersionStore> versions_;
  std::unique_ptr<GarbageCollection> collection_;
};

}  // namespace berth::server::testing
