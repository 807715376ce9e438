// SPDX-License-Identifier: GPL-3.0-or-later
// Looks at every stored pack, slowly and again and again, so that what rots on a disk is found while homes
// still have it; and tells which files suffer from what was found damaged, by it or by others. Where it is
// lies with the settings of the metadata store, so it goes on after a restart.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "server/blob_store.hpp"
#include "server/clock.hpp"
#include "server/metadata_store.hpp"
#include "server/object_store.hpp"
#include "server/storage_key.hpp"
#include "server/store_figures.hpp"

namespace berth::server {

class StoreScrub {
 public:
  struct Options {
    std::int64_t period = 30 * 86'400'000ll;  // ms in which everything is looked at once; 0: never
    /// As PackStoreOptions::doubted; must call damaged().
    std::function<void(const std::string& owner, const std::vector<protocol::ObjectId>& ids)> doubted;
  };
  struct Parts {  // all outlive it
    MetadataStore& store;
    VersionStore& versions;
    ObjectStore& objects;
    BlobStore& blobs;
    const StorageSealing& sealing;
    StoreFigures& figures;
  };
  StoreScrub(Parts parts, Clock clock, Options options)
      : parts_(parts), clock_(std::move(clock)), options_(options) {}

  /// Looks at as many packs as the time since the last call is worth: one at least, none while the last round
  /// over all is younger than the period. What is damaged is doubted (object_index.hpp), so that it is stored
  /// again where a home still has it; what was doubted and can be read again is trusted once all packs of its
  /// owner were looked at. cancelled after stop().
  Result<void> go_on();
  /// Another server may have gone on meanwhile: the next go_on() reads again how far. On go_on()'s thread.
  void read_place_again() { loaded_ = false; }
  /// These were found missing or damaged; go_on() will tell the log which files suffer. From any thread.
  void damaged(const std::string& owner, const std::vector<protocol::ObjectId>& ids);
  /// What runs ends soon, with cancelled; so does everything later.
  void stop() { stopped_ = true; }

 private:
  struct Place {
    std::int64_t began = 0;   // Unix ms, of the round under way or of the last one
    std::string owner, pack;  // that was looked at last; owner "": the round is over
  };
  Result<void> going_on() const;
  Result<void> report();
  Result<void> report_owner(const std::string& owner, const std::vector<protocol::ObjectId>& ids);
  Result<void> report_workspace(const std::string& workspace, class FileCheck& files);
  Result<bool> begin();
  Result<void> remember();
  Result<std::uint64_t> worth(std::int64_t now);
  Result<void> look_at_owner(const std::string& owner, std::uint64_t& budget);
  Result<void> look_at(const PackRecord& pack);
  Result<std::vector<protocol::ObjectId>> lost_of(const PackRecord& pack);
  Result<std::vector<PackedObject>> rows_of(const PackRecord& pack);

  Parts parts_;
  Clock clock_;
  Options options_;
  std::atomic<bool> stopped_ = false;
  bool loaded_ = false, under_way_ = false;
  Place place_;
  std::int64_t last_ = 0;  // when go_on() was called last
  std::mutex mutex_;
  std::map<std::string, std::vector<protocol::ObjectId>> damaged_;  // by owner; not told yet
};

}  // namespace berth::server
