// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/exported_versions.hpp"

#include <spdlog/spdlog.h>

#include <boost/describe/class.hpp>

#include "protocol/codec.hpp"
#include "server/blob_keys.hpp"
#include "server/fault_points.hpp"

namespace berth::server {
namespace {

constexpr std::string_view plain_magic = "BERTHVR1", sealed_magic = "BERTHVS1";
constexpr std::size_t page = 200;

/// The blob's JSON.
struct ExportedVersion {
  std::string id, workspace, owner, root;
  std::int64_t created = 0;
  protocol::rest::VersionKind kind{};
  std::string name, author;
  std::uint64_t files = 0, bytes = 0, added = 0, modified = 0, deleted = 0, problems = 0;
  std::string restored_from;
};
BOOST_DESCRIBE_STRUCT(ExportedVersion, (),
                      (id, workspace, owner, root, created, kind, name, author, files, bytes, added, modified,
                       deleted, problems, restored_from))

std::unexpected<Error> damaged(const std::string& key, const std::string& why) {
  return failure(ErrorCode::invalid_argument, "The stored description of a version is damaged.",
                 key + ": " + why);
}

class ExportedVersions final : public VersionStore {
 public:
  ExportedVersions(VersionStore& rows, BlobStore& blobs, const StorageSealing& sealing,
                   std::function<void(const std::string&)> removed)
      : rows_(rows), blobs_(blobs), sealing_(sealing), removed_(std::move(removed)) {}

  Result<void> insert(const VersionRecord& version) override {
    const auto key = version_key(version.owner, version.workspace, version.id);
    if (auto put = blobs_.put(key, encode_version(version, sealing_)); !put) return put;
    fault_point("version.put");
    auto inserted = rows_.insert(version);
    if (inserted) fault_point("version.committed");
    const bool refused = !inserted && inserted.error().code != ErrorCode::internal;
    if (refused) drop(key);
    return inserted;
  }
  Result<VersionRecord> find(const std::string& workspace, const std::string& id) override {
    return rows_.find(workspace, id);
  }
  Result<std::optional<VersionRecord>> latest(const std::string& workspace) override {
    return rows_.latest(workspace);
  }
  Result<std::vector<VersionRecord>> list(const std::string& workspace, std::int64_t before,
                                          std::size_t limit) override {
    return rows_.list(workspace, before, limit);
  }
  Result<std::vector<std::string>> workspaces(const std::string& owner) override {
    return rows_.workspaces(owner);
  }

  Result<void> rename(const std::string& workspace, const std::string& id, const std::string& name) override {
    if (auto renamed = rows_.rename(workspace, id, name); !renamed) return renamed;
    const auto version = rows_.find(workspace, id);
    if (!version) return std::unexpected(version.error());
    return blobs_.put(version_key(version->owner, workspace, id), encode_version(*version, sealing_));
  }

  Result<void> remove(const std::string& workspace, const std::vector<std::string>& ids) override {
    std::vector<VersionRecord> gone;
    for (const auto& id : ids)
      if (auto version = rows_.find(workspace, id)) gone.push_back(std::move(*version));
    if (auto removed = rows_.remove(workspace, ids); !removed) return removed;
    forget(gone);
    return {};
  }

  Result<void> remove_all(const std::string& workspace) override {
    std::vector<VersionRecord> gone;
    for (std::int64_t before = 0;;) {
      auto some = rows_.list(workspace, before, page);
      if (!some) return std::unexpected(some.error());
      if (some->empty()) break;
      before = some->back().created;
      gone.insert(gone.end(), some->begin(), some->end());
    }
    if (auto removed = rows_.remove_all(workspace); !removed) return removed;
    forget(gone);
    return {};
  }

 private:
  void forget(const std::vector<VersionRecord>& gone) {
    for (const auto& version : gone) drop(version_key(version.owner, version.workspace, version.id));
    if (!gone.empty() && removed_) removed_(gone.front().owner);
  }
  /// A blob that stays is found by the collection: no row names it.
  void drop(const std::string& key) {
    if (auto removed = blobs_.remove(key); !removed)
      spdlog::warn("{} is left over: {}", key, removed.error().message);
  }

  VersionStore& rows_;
  BlobStore& blobs_;
  const StorageSealing& sealing_;
  std::function<void(const std::string&)> removed_;
};

}  // namespace

std::string encode_version(const VersionRecord& version, const StorageSealing& sealing) {
  const ExportedVersion blob{version.id,      version.workspace, version.owner,        version.root.hex(),
                             version.created, version.kind,      version.name,         version.author,
                             version.files,   version.bytes,     version.added,        version.modified,
                             version.deleted, version.problems,  version.restored_from};
  const auto json = protocol::encode(blob).dump();
  if (!sealing.seal) return std::string(plain_magic) + json;
  return std::string(sealed_magic) +
         sealing.key->seal(json, version_key(version.owner, version.workspace, version.id));
}

Result<VersionRecord> decode_version(const std::string& bytes, const std::string& key,
                                     const StorageSealing& sealing) {
  const auto magic = std::string_view(bytes).substr(0, plain_magic.size());
  std::string json = bytes.size() >= plain_magic.size() ? bytes.substr(plain_magic.size()) : "";
  if (magic == sealed_magic) {
    if (!sealing.key)
      return failure(
          ErrorCode::internal,
          "Stored versions are encrypted, and storage.key is missing from the data folder; put it back.");
    auto opened = sealing.key->open(json, key);
    if (!opened) return std::unexpected(opened.error());
    json = std::move(*opened);
  } else if (magic != plain_magic) {
    return damaged(key, "unknown format");
  }
  const auto parsed = protocol::parse_json(json);
  if (!parsed) return damaged(key, parsed.error().message);
  ExportedVersion blob;
  if (auto decoded = protocol::decode(*parsed, blob, "version"); !decoded)
    return damaged(key, decoded.error().message);
  const auto root = protocol::ObjectId::from_hex(blob.root);
  if (!root || version_key(blob.owner, blob.workspace, blob.id) != key || blob.created <= 0)
    return damaged(key, "its fields contradict its name");
  return VersionRecord{blob.id,    blob.workspace, blob.owner,   *root,         blob.created,
                       blob.kind,  blob.name,      blob.author,  blob.files,    blob.bytes,
                       blob.added, blob.modified,  blob.deleted, blob.problems, blob.restored_from};
}

std::unique_ptr<VersionStore> make_exported_versions(VersionStore& rows, BlobStore& blobs,
                                                     const StorageSealing& sealing,
                                                     std::function<void(const std::string& owner)> removed) {
  return std::make_unique<ExportedVersions>(rows, blobs, sealing, std::move(removed));
}

}  // namespace berth::server
