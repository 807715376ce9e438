// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/unpack.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "protocol/net/confined_directory.hpp"

namespace berth::runner {
namespace {

constexpr std::uint64_t left_on_disk = 256ull
                                       << 20;  // bytes that an import leaves free, for the work after it
constexpr std::uint64_t left_inodes = 10'000;
constexpr std::chrono::milliseconds said_every{200};

/// What there is room for, at most what was asked for.
UnpackLimits limits_of(int folder, UnpackLimits limits) {
  struct statvfs disk{};
  if (::fstatvfs(folder, &disk) != 0) return limits;
  const auto free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  limits.bytes = std::min(limits.bytes, free > left_on_disk ? free - left_on_disk : 0);
  const std::uint64_t inodes = disk.f_favail;
  if (disk.f_files > 0)
    limits.entries = std::min(limits.entries, inodes > left_inodes ? inodes - left_inodes : 0);
  return limits;
}

Result<std::string> unpack(const std::string& format, const std::string& archive, UnpackLimits most) {
  net::FileDescriptor folder(::open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const net::FileDescriptor file(::open(archive.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!folder || !file) return std::unexpected(net::error_of_errno(errno, "The archive"));
  const auto limits = limits_of(folder.get(), most);
  UnpackedFolder unpacked(std::move(folder), limits);
  auto said = std::chrono::steady_clock::now();
  const UnpackProgress progress = [&](double part) {
    const auto now = std::chrono::steady_clock::now();
    if (now - said < said_every) return;
    said = now;
    std::printf("Unpacking: %d%%, %s\n", static_cast<int>(std::clamp(part, 0.0, 1.0) * 100),
                readable_size(unpacked.bytes()).c_str());
    std::fflush(stdout);
  };
  auto done = format == "zip" ? unpack_zip(file.get(), unpacked, limits, progress)
                              : unpack_tar(file.get(), unpacked, progress);
  if (done) done = unpacked.finish();
  if (!done) return std::unexpected(done.error());
  auto text = "Unpacked " + std::to_string(unpacked.files()) + " files";
  if (unpacked.left_out() > 0)
    text += "; " + std::to_string(unpacked.left_out()) +
            " entries that are neither file, folder nor link were left out";
  return text;
}

}  // namespace

int run_unpack(const std::vector<std::string>& arguments) {
  UnpackLimits most;
  const auto number = [&](std::size_t at, std::uint64_t& value) {
    const auto& text = arguments[at];
    std::uint64_t given = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), given).ec != std::errc()) return false;
    value = std::min(value, given);
    return true;
  };
  const bool known = (arguments.size() == 3 || arguments.size() == 4) &&
                     (arguments[0] == "zip" || arguments[0] == "tar") && number(2, most.bytes) &&
                     (arguments.size() == 3 || number(3, most.entries));
  if (!known) {
    std::printf("%susage: berth-runner --unpack zip|tar ARCHIVE MOST-BYTES [MOST-ENTRIES]\n",
                std::string(unpack_failed).c_str());
    return 2;
  }
  ::umask(022);
  const auto done = unpack(arguments[0], arguments[1], most);
  if (done)
    std::printf("%s\n", done->c_str());
  else
    std::printf("%s%s\n", std::string(unpack_failed).c_str(), done.error().message.c_str());
  return done ? 0 : 1;
}

}  // namespace berth::runner
