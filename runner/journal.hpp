// SPDX-License-Identifier: GPL-3.0-or-later
// The journal of edits: records appended to one file by one thread, several at a time (group commit),
// acknowledged after fdatasync. What the records say is in journal_records.hpp.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/net/file_descriptor.hpp"

namespace berth::runner {

class Journal {
 public:
  /// Called on the journal's thread once the record is on disk, or with the reason why it is not.
  using OnDurable = std::function<void(Result<void>)>;

  /// Replaces the file at `path` by one that begins with `first_record` and `further` ones: whoever dies
  /// leaves either the old file or the new one with all of them.
  static Result<std::unique_ptr<Journal>> create(const std::string& path, const std::string& first_record,
                                                 const std::vector<std::string>& further = {});
  ~Journal();

  void append(std::string record, OnDurable on_durable);
  /// Made on the journal's thread.
  using FirstRecords = std::function<std::vector<std::string>()>;
  /// After everything appended before: begins a new file with records in whose place no earlier one is
  /// needed. When writing has failed more often than `failures` by then they may tell of what was taken back:
  /// the old file goes on, as after any failure of the new one.
  void rotate(FirstRecords first_records, std::uint64_t failures, OnDurable on_done);
  /// How often writing has failed. The callbacks of a failed record see their own counted.
  std::uint64_t failures() const { return failures_; }
  /// Bytes of all records, roughly; the file is longer by the zeros written ahead.
  std::uint64_t size() const { return size_.load(std::memory_order_relaxed); }
  /// Bytes of the records that the file began with.
  std::uint64_t first_size() const { return first_size_.load(std::memory_order_relaxed); }

  /// Adds a record behind the whole ones of a file that nobody has open; durable when it returns. Blocks.
  static Result<void> add(const std::string& path, const std::string& record);

  /// The whole records of a file, in order; ends at the first damaged one (the torn end of a crash).
  static std::vector<std::string> read(const std::string& path);

 private:
  struct Job {
    std::string record;
    OnDurable on_durable;
    FirstRecords first_records = {};  // of a new file
    std::uint64_t failures = 0;
  };
  Journal(std::string path, net::FileDescriptor fd, std::uint64_t size);
  void run();
  void write_batch(std::vector<Job>& jobs);
  void write_ahead();
  Result<void> start_file(const Job& job);

  std::string path_;
  net::FileDescriptor fd_;
  std::atomic<std::uint64_t> size_, first_size_, failures_ = 0;
  std::uint64_t file_size_;  // with the zeros; the thread's own, as the next one
  bool name_synced_ =
      true;  // of the file; as long as it is not, a loss of power could bring back the old one
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Job> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace berth::runner
