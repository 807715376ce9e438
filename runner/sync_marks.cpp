// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/sync_marks.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "protocol/codec.hpp"
#include "protocol/net/confined_directory.hpp"
#include "runner/fault_points.hpp"

namespace berth::runner {
namespace {

constexpr char stored_name[] = "home.stored";
constexpr char offered_name[] = "home.offered";
constexpr char restoring_name[] = "home.restoring";
constexpr std::size_t largest_mark = 16384;

template <class Mark>
std::optional<Mark> read_mark(const std::string& path, const std::string& home) {
  const net::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  std::array<char, largest_mark> buffer;
  const auto length = fd ? ::read(fd.get(), buffer.data(), buffer.size()) : -1;
  if (length <= 0) return std::nullopt;
  const auto json = protocol::parse_json({buffer.data(), static_cast<std::size_t>(length)});
  if (!json) return std::nullopt;
  auto mark = protocol::decode<Mark>(*json, "mark");
  return mark && mark->home == home ? std::optional(std::move(*mark)) : std::nullopt;
}

Result<void> sync_directory(const std::string& directory) {
  const net::FileDescriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || (::fsync(fd.get()) != 0 && errno != EINVAL))
    return std::unexpected(net::error_of_errno(errno, "The workspace's state"));
  return {};
}

Result<void> write_mark(const std::string& directory, const char* name, const std::string& text,
                        bool durable) {
  const std::string path = directory + "/" + name, temporary = path + ".new";
  const auto fail = [] { return std::unexpected(net::error_of_errno(errno, "The workspace's state")); };
  const net::FileDescriptor fd(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) return fail();
  const auto written = ::write(fd.get(), text.data(), text.size());
  fault_point("mark.written");
  if (written >= 0 && written != static_cast<ssize_t>(text.size())) errno = ENOSPC;
  if (written != static_cast<ssize_t>(text.size()) || (durable && ::fsync(fd.get()) != 0) ||
      ::rename(temporary.c_str(), path.c_str()) != 0)
    return fail();
  fault_point("mark.named");
  return durable ? sync_directory(directory) : Result<void>();
}

}  // namespace

SyncMarks::SyncMarks(std::string state_directory, std::string home_identity)
    : directory_(std::move(state_directory)),
      home_(std::move(home_identity)),
      stored_(read_mark<StoredMark>(directory_ + "/" + stored_name, home_)),
      offered_(read_mark<OfferedMark>(directory_ + "/" + offered_name, home_)),
      restoring_(read_mark<RestoringMark>(directory_ + "/" + restoring_name, home_)) {}

std::string SyncMarks::identity_of(int home_fd) {
  struct statx status{};
  if (::statx(home_fd, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &status) != 0) return "unknown";
  std::string text = std::to_string(status.stx_ino);
  if (status.stx_mask & STATX_BTIME)
    text += "-" + std::to_string(status.stx_btime.tv_sec) + "." + std::to_string(status.stx_btime.tv_nsec);
  return text;
}

Result<void> SyncMarks::set_stored(StoredMark mark) {
  mark.home = home_;
  if (auto done = write_mark(directory_, stored_name, protocol::to_text(protocol::encode(mark)), true); !done)
    return done;
  stored_ = std::move(mark);
  return {};
}

Result<void> SyncMarks::set_restoring(std::optional<RestoringMark> mark) {
  if (mark) {
    mark->home = home_;
    auto done = write_mark(directory_, restoring_name, protocol::to_text(protocol::encode(*mark)), true);
    if (!done) return done;
  } else {
    ::unlink((directory_ + "/" + restoring_name).c_str());
    if (auto done = sync_directory(directory_); !done) return done;
  }
  restoring_ = std::move(mark);
  return {};
}

void SyncMarks::set_offered(const std::string& root) {
  if (offered_ && offered_->root == root) return;
  OfferedMark mark{home_, root};
  if (write_mark(directory_, offered_name, protocol::to_text(protocol::encode(mark)), false))
    offered_ = std::move(mark);
}

}  // namespace berth::runner
