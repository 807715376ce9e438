// SPDX-License-Identifier: GPL-3.0-or-later
// What is remembered of storing and restoring across a runner's death: small files in the state directory,
// each replaced as a whole. What was written for another home (by its root's inode and birth) does not count.
// Calls block.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "protocol/error.hpp"

namespace berth::runner {

/// What the home was last stored as or restored from.
struct StoredMark {
  std::string home;  // identity
  std::string version, root;
  std::int64_t at;  // ms since the epoch
};
BOOST_DESCRIBE_STRUCT(StoredMark, (), (home, version, root, at))

struct OfferedMark {
  std::string home;
  std::string root;  // of the newest snapshot
};
BOOST_DESCRIBE_STRUCT(OfferedMark, (), (home, root))

struct RestoringMark {
  std::string home;
  std::string version, path;
};
BOOST_DESCRIBE_STRUCT(RestoringMark, (), (home, version, path))

class SyncMarks {
 public:
  SyncMarks(std::string state_directory, std::string home_identity);

  /// The inode and birth time of a home's root: another one is another home, wherever it is mounted.
  static std::string identity_of(int home_fd);

  const std::optional<StoredMark>& stored() const { return stored_; }
  const std::optional<RestoringMark>& restoring() const { return restoring_; }
  const std::optional<OfferedMark>& offered() const { return offered_; }
  const std::string& home() const { return home_; }

  /// fsynced; limit_exceeded when the disk is full.
  Result<void> set_stored(StoredMark mark);
  Result<void> set_restoring(std::optional<RestoringMark> mark);
  /// Not fsynced: for a runner's death, not for a machine's.
  void set_offered(const std::string& root);

 private:
  const std::string directory_, home_;
  std::optional<StoredMark> stored_;
  std::optional<OfferedMark> offered_;
  std::optional<RestoringMark> restoring_;
};

}  // namespace berth::runner
