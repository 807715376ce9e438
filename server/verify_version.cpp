// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/verify_version.hpp"

#include <unordered_set>
#include <vector>

#include "protocol/tree.hpp"

namespace berth::server {

using protocol::ObjectId;

namespace {

constexpr std::size_t verified_at_once = 4'096;   // ids
constexpr std::size_t trees_at_once = 64;         // trees
constexpr std::size_t most_verified = 4'000'000;  // folders and lists of one version

/// Goes through a version folder by folder; what it has seen is not looked at again.
class Verification {
 public:
  Verification(ObjectStore& objects, const std::string& owner) : objects_(objects), owner_(owner) {}

  Result<void> run(const ObjectId& root) {
    enter(root, false);
    while (!open_.empty()) {
      const auto count = std::min(trees_at_once, open_.size());
      std::vector<Open> now(open_.end() - static_cast<std::ptrdiff_t>(count), open_.end());
      open_.resize(open_.size() - count);
      std::vector<ObjectId> ids;
      for (const auto& one : now) ids.push_back(one.id);
      auto objects = objects_.read(owner_, ids);
      if (!objects) return std::unexpected(std::move(objects.error()));
      for (std::size_t i = 0; i < now.size(); ++i)
        if (auto taken = take(now[i], (*objects)[i]); !taken) return taken;
    }
    return flush();
  }

 private:
  struct Open {
    ObjectId id;
    bool list = false;
  };

  void enter(const ObjectId& id, bool list) {
    if (seen_.size() < most_verified && seen_.insert(id).second) open_.push_back({id, list});
  }

  Result<void> take(const Open& open, const std::optional<std::string>& object) {
    if (auto added = add(open.id); !added) return added;
    if (!object) {
      auto whole = flush();  // the store notices what is wrong with its pack, if that is it
      if (!whole) return whole;
      return failure(ErrorCode::unavailable,
                     "A stored folder is damaged; the administrator can repair it with "
                     "\"berthd fsck\".",
                     open.id.hex());
    }
    if (open.list) {
      auto chunks = protocol::decode_chunk_list(*object);
      if (!chunks) return std::unexpected(std::move(chunks.error()));
      return add_all(*chunks);
    }
    auto entries = protocol::decode_tree(*object);
    if (!entries) return std::unexpected(std::move(entries.error()));
    for (const auto& entry : *entries) {
      if (entry.type == protocol::TreeEntryType::directory) {
        enter(entry.content.front(), false);
      } else if (entry.listed) {
        enter(entry.content.front(), true);
      } else if (auto added = add_all(entry.content); !added) {
        return added;
      }
    }
    return {};
  }

  Result<void> add_all(const std::vector<ObjectId>& ids) {
    for (const auto& id : ids)
      if (auto added = add(id); !added) return added;
    return {};
  }
  Result<void> add(const ObjectId& id) {
    ids_.push_back(id);
    return ids_.size() < verified_at_once ? Result<void>() : flush();
  }
  Result<void> flush() {
    if (ids_.empty()) return {};
    auto verified = objects_.verify(owner_, ids_);
    ids_.clear();
    return verified;
  }

  ObjectStore& objects_;
  const std::string& owner_;
  std::vector<Open> open_;
  std::unordered_set<ObjectId> seen_;
  std::vector<ObjectId> ids_;
};

}  // namespace

Result<void> verify_version(ObjectStore& objects, const std::string& owner, const ObjectId& root) {
  return Verification(objects, owner).run(root);
}

}  // namespace berth::server
