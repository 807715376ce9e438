// SPDX-License-Identifier: GPL-3.0-or-later
// Format: per record a 4-byte little-endian length, the CRC-32 of the record, the record; then zeros. The
// zeros are written ahead: a write into them changes neither the file's size nor its extents, so fdatasync
// has no metadata to commit and costs about half.
#include "runner/journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runner/fault_points.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t record_frame_size = 8;
constexpr std::uint32_t largest_record = 256u << 20;
constexpr std::uint64_t written_ahead = 256u << 10;  // bytes of zeros after the last record, at most
constexpr std::uint64_t low_zeros = 64u << 10;       // fewer left: more are written

void put_number(std::uint32_t number, char* out) {
  for (int i = 0; i < 4; ++i) out[i] = static_cast<char>(number >> (8 * i));
}

std::uint32_t get_number(const char* in) {
  std::uint32_t number = 0;
  for (int i = 0; i < 4; ++i)
    number |= static_cast<std::uint32_t>(static_cast<unsigned char>(in[i])) << (8 * i);
  return number;
}

std::uint32_t checksum(std::string_view record) {
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const unsigned char*>(record.data()), record.size()));
}

void add_framed(std::string_view record, std::string& out) {
  char frame[record_frame_size];
  put_number(static_cast<std::uint32_t>(record.size()), frame);
  put_number(checksum(record), frame + 4);
  out.append(frame, record_frame_size).append(record);
}

std::unexpected<Error> journal_failure(const char* step) {
  return failure(errno == ENOSPC || errno == EDQUOT ? ErrorCode::limit_exceeded : ErrorCode::internal,
                 errno == ENOSPC || errno == EDQUOT ? "The disk is full: the edit could not be stored."
                                                    : "The edit could not be stored.",
                 std::string("journal ") + step + ": " + std::strerror(errno));
}

Result<void> write_all(int fd, std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return journal_failure("write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

Result<void> sync_name(const std::string& path) {
  const net::FileDescriptor directory(
      ::open(path.substr(0, path.rfind('/')).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || ::fsync(directory.get()) != 0) return journal_failure("fsync of the directory");
  return {};
}

/// Its name is not synced yet.
Result<net::FileDescriptor> new_file(const std::string& path, const std::string& framed) {
  const std::string temporary = path + ".new";
  net::FileDescriptor fd(
      ::open(temporary.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) return journal_failure("open");
  auto done = write_all(fd.get(), 0, framed);
  if (done) {
    fault_point("journal.begun");
    if (::fsync(fd.get()) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0)
      done = journal_failure("rename");
  }
  if (!done) {
    ::unlink(temporary.c_str());  // a full disk needs the room
    return std::unexpected(done.error());
  }
  fault_point("journal.replaced");
  return fd;
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::create(const std::string& path, const std::string& first_record,
                                                 const std::vector<std::string>& further) {
  std::string framed;
  add_framed(first_record, framed);
  for (const auto& record : further) add_framed(record, framed);
  auto fd = new_file(path, framed);
  if (!fd) return std::unexpected(fd.error());
  if (auto synced = sync_name(path); !synced) return std::unexpected(synced.error());
  return std::unique_ptr<Journal>(new Journal(path, std::move(*fd), framed.size()));
}

Journal::Journal(std::string path, net::FileDescriptor fd, std::uint64_t size)
    : path_(std::move(path)),
      fd_(std::move(fd)),
      size_(size),
      first_size_(size),
      file_size_(size),
      thread_([this] { run(); }) {}

Journal::~Journal() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Journal::append(std::string record, OnDurable on_durable) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back({std::move(record), std::move(on_durable)});
  }
  wake_.notify_one();
}

void Journal::rotate(FirstRecords first_records, std::uint64_t failures, OnDurable on_done) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back({"", std::move(on_done), std::move(first_records), failures});
  }
  wake_.notify_one();
}

void Journal::run() {
  write_ahead();
  for (;;) {
    std::vector<Job> jobs;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      jobs.swap(jobs_);
    }
    std::vector<Job> batch;
    for (auto& job : jobs) {
      if (!job.first_records) {
        batch.push_back(std::move(job));
        continue;
      }
      write_batch(batch);
      batch.clear();
      // A failure leaves the old file, which is longer but as good.
      auto done = start_file(job);
      if (job.on_durable) job.on_durable(std::move(done));
    }
    write_batch(batch);
  }
}

Result<void> Journal::start_file(const Job& job) {
  if (failures_ != job.failures) return failure(ErrorCode::conflict, "What it would hold was not stored.");
  std::string framed;
  for (const auto& record : job.first_records()) {
    if (record.size() > largest_record)
      return failure(ErrorCode::too_large, "A record would be too long to be read again.");
    add_framed(record, framed);
  }
  auto fd = new_file(path_, framed);
  if (!fd) return std::unexpected(fd.error());
  // From here on this is the journal, whatever else fails.
  fd_ = std::move(*fd);
  size_ = first_size_ = file_size_ = framed.size();
  name_synced_ = sync_name(path_).has_value();
  write_ahead();
  return {};
}

void Journal::write_batch(std::vector<Job>& jobs) {
  if (jobs.empty()) return;
  const auto before = size_.load();
  auto done = name_synced_ ? Result<void>() : sync_name(path_);
  name_synced_ = done.has_value();
  // One that can't be read again would hide all that come after it.
  if (std::ranges::any_of(jobs, [](const Job& job) { return job.record.size() > largest_record; }))
    done = failure(ErrorCode::too_large, "The edit is too large to be stored.");
  std::string bytes;
  if (done) {
    for (const auto& job : jobs) add_framed(job.record, bytes);
    done = write_all(fd_.get(), before, bytes);
  }
  fault_point("journal.written");
  if (done && ::fdatasync(fd_.get()) != 0) done = journal_failure("fdatasync");
  fault_point("journal.synced");
  if (done) {
    size_ = before + bytes.size();
  } else {
    // A torn record would hide everything that is written after it.
    [[maybe_unused]] const auto cut = ::ftruncate(fd_.get(), static_cast<off_t>(before));
    file_size_ = before;
    ++failures_;
  }
  for (auto& job : jobs)
    if (job.on_durable) job.on_durable(done);
  write_ahead();
}

void Journal::write_ahead() {
  const std::uint64_t used = size_;
  if (file_size_ >= used + low_zeros) return;
  const auto from = std::max(file_size_, used);
  // Full disk and the like: the next record says so to the person, or finds room again.
  if (write_all(fd_.get(), from, std::string(used + written_ahead - from, '\0')) &&
      ::fdatasync(fd_.get()) == 0)
    file_size_ = used + written_ahead;
}

Result<void> Journal::add(const std::string& path, const std::string& record) {
  std::uint64_t end = 0;
  for (const auto& whole : read(path)) end += record_frame_size + whole.size();
  const net::FileDescriptor fd(::open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  // What a torn end left behind the whole records must not be read as going on behind this one.
  if (!fd || ::ftruncate(fd.get(), static_cast<off_t>(end)) != 0) return journal_failure("open");
  std::string framed;
  add_framed(record, framed);
  if (auto done = write_all(fd.get(), end, framed); !done) return done;
  if (::fsync(fd.get()) != 0) return journal_failure("fsync");
  return {};
}

std::vector<std::string> Journal::read(const std::string& path) {
  std::vector<std::string> records;
  const net::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status{};
  if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return records;
  const auto read_exactly = [&](char* out, std::size_t size) {
    while (size > 0) {
      const auto length = ::read(fd.get(), out, size);
      if (length < 0 && errno == EINTR) continue;
      if (length <= 0) return false;
      out += length;
      size -= static_cast<std::size_t>(length);
    }
    return true;
  };
  auto left = static_cast<std::uint64_t>(status.st_size);
  for (char frame[record_frame_size]; left >= record_frame_size && read_exactly(frame, record_frame_size);) {
    left -= record_frame_size;
    const auto size = get_number(frame);
    if (size == 0 || size > left || size > largest_record) break;
    std::string record(size, '\0');
    if (!read_exactly(record.data(), size) || checksum(record) != get_number(frame + 4)) break;
    left -= size;
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace berth::runner
