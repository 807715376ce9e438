// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/clear_doubts.hpp"

#include <utility>

#include "protocol/tree.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;

constexpr std::size_t doubted_rows_page = 5'000;
constexpr std::size_t most_doubted_at_once = 1'000;       // objects
constexpr std::size_t doubted_bytes_at_once = 16u << 20;  // of them opened, unless one is larger

/// All that an object may name: nobody knows whether it is a tree, a list or a file that looks like one.
std::vector<ObjectId> all_it_may_name(const std::string& object) {
  std::vector<ObjectId> names;
  if (const auto chunks = protocol::decode_chunk_list(object)) names = *chunks;
  if (const auto entries = protocol::decode_tree(object))
    for (const auto& entry : *entries) names.insert(names.end(), entry.content.begin(), entry.content.end());
  return names;
}

class DoubtClearing {
 public:
  DoubtClearing(const DoubtedStore& store, const std::string& owner, std::unordered_set<ObjectId> lost,
                const std::function<Result<void>()>& going_on)
      : store_(store), owner_(owner), lost_(std::move(lost)), going_on_(going_on) {}

  /// One look at all doubted objects that may name others, or at all that don't; gives how many are whole
  /// now.
  Result<std::size_t> pass(bool refers) {
    std::size_t cleared = 0;
    for (std::string after;;) {
      if (auto on = going_on_(); !on) return std::unexpected(std::move(on.error()));
      const auto page = store_.packs.scan(owner_, after, doubted_rows_page);
      if (!page) return std::unexpected(page.error());
      if (page->empty()) return cleared;
      after = page->back().object.id.hex();
      std::vector<ObjectId> batch;
      std::size_t bytes = 0;
      const auto read_batch = [&]() -> Result<void> {
        auto done = read(std::exchange(batch, {}), refers);
        bytes = 0;
        if (!done) return std::unexpected(std::move(done.error()));
        cleared += *done;
        return {};
      };
      for (const auto& place : *page) {
        const auto& object = place.object;
        if (place.whole || object.refers != refers || lost_.contains(object.id)) continue;
        if (batch.size() == most_doubted_at_once || bytes + object.size > doubted_bytes_at_once)
          if (auto done = read_batch(); !done) return std::unexpected(std::move(done.error()));
        batch.push_back(object.id);
        bytes += object.size;
      }
      if (auto done = read_batch(); !done) return std::unexpected(std::move(done.error()));
    }
  }

 private:
  Result<std::size_t> read(const std::vector<ObjectId>& ids, bool refers) {
    if (ids.empty()) return std::size_t{0};
    const auto objects = store_.objects.read(owner_, ids);
    if (!objects) return std::unexpected(objects.error());
    std::vector<ReadObject> well;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (!(*objects)[i])
        lost_.insert(ids[i]);
      else
        well.push_back({ids[i], refers ? all_it_may_name(*(*objects)[i]) : std::vector<ObjectId>()});
    }
    return store_.index.trust(owner_, well);
  }

  const DoubtedStore& store_;
  const std::string& owner_;
  std::unordered_set<ObjectId> lost_;  // and what this finds lost
  const std::function<Result<void>()>& going_on_;
};

}  // namespace

Result<void> clear_doubts(const DoubtedStore& store, const std::string& owner,
                          std::unordered_set<ObjectId> lost, const std::function<Result<void>()>& going_on) {
  DoubtClearing clearing(store, owner, std::move(lost), going_on);
  if (auto done = clearing.pass(false); !done) return std::unexpected(std::move(done.error()));
  // What names what a later page holds has to wait for the next pass; there are few pages.
  for (;;) {
    auto cleared = clearing.pass(true);
    if (!cleared) return std::unexpected(std::move(cleared.error()));
    if (*cleared == 0) return {};
  }
}

}  // namespace berth::server
