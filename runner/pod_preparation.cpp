// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/pod_preparation.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "protocol/codec.hpp"
#include "protocol/connect_token.hpp"
#include "protocol/net/file_descriptor.hpp"

namespace berth::runner {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_handed_over = 2u << 20;  // bytes; a secret holds one MiB

std::unexpected<Error> preparation_failure(const std::string& what, const std::string& place, int error) {
  return failure(ErrorCode::internal, "The pod could not be prepared: " + what + ".",
                 place + ": " + std::strerror(error));
}

Result<void> write_whole(int fd, const char* bytes, std::size_t size, const std::string& place) {
  while (size > 0) {
    const auto written = ::write(fd, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return preparation_failure("a file can't be written", place, errno);
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
  return {};
}

/// Beside its place first, so that a start that was cut off leaves nothing by half there.
Result<void> put_in_place(const std::string& place, const std::string& content, mode_t mode) {
  const auto fresh = place + ".new";
  ::unlink(fresh.c_str());
  const net::FileDescriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) return preparation_failure("a file can't be made", fresh, errno);
  if (auto done = write_whole(file.get(), content.data(), content.size(), fresh); !done) return done;
  // Each of these few files by itself: a volume may share its filesystem with much else, whose writes a start
  // need not wait for.
  if (::fchmod(file.get(), mode) != 0 || ::fsync(file.get()) != 0 ||
      ::rename(fresh.c_str(), place.c_str()) != 0)
    return preparation_failure("a file can't be made", place, errno);
  return {};
}

Result<std::string> read_handed_over(const std::string& place, std::size_t limit) {
  const net::FileDescriptor file(::open(place.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return preparation_failure("a file can't be read", place, errno);
  std::string content;
  std::array<char, 65536> part;
  ssize_t got = 0;
  while ((got = ::read(file.get(), part.data(), part.size())) != 0) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return preparation_failure("a file can't be read", place, errno);
    content.append(part.data(), static_cast<std::size_t>(got));
    if (content.size() > limit) return preparation_failure("a file is too large", place, EFBIG);
  }
  return content;
}

/// The program may be as large as the memory that this container has.
Result<void> copy_program(const std::string& place) {
  const auto fresh = place + ".new";
  const net::FileDescriptor program(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  ::unlink(fresh.c_str());
  const net::FileDescriptor copy(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700));
  if (!program || !copy) return preparation_failure("the runner can't be copied", fresh, errno);
  std::array<char, 65536> part;
  ssize_t got = 0;
  while ((got = ::read(program.get(), part.data(), part.size())) != 0) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return preparation_failure("the runner can't be copied", fresh, errno);
    if (auto done = write_whole(copy.get(), part.data(), static_cast<std::size_t>(got), fresh); !done)
      return done;
  }
  if (::fchmod(copy.get(), 0555) != 0 || ::rename(fresh.c_str(), place.c_str()) != 0)
    return preparation_failure("the runner can't be copied", place, errno);
  return {};
}

/// Relative, and no part of it leads up.
bool leads_below(const std::string& path) {
  if (path.empty() || path.front() == '/' || path.find('\0') != path.npos) return false;
  for (const auto& part : fs::path(path))
    if (part == ".." || part == "." || part.empty()) return false;
  return true;
}

Result<void> write_home_file(const std::string& home, const protocol::Json& file) {
  const auto wrong = [] {
    return failure(ErrorCode::invalid_argument, "The pod could not be prepared: home.json makes no sense.");
  };
  if (!file.is_object() || !file.contains("path") || !file["path"].is_string() || !file.contains("content") ||
      !file["content"].is_string() || !file.contains("mode") || !file["mode"].is_number_unsigned())
    return wrong();
  const auto path = file["path"].get<std::string>();
  const auto content = protocol::decode_base64url(file["content"].get<std::string>());
  if (!leads_below(path) || !content) return wrong();
  const auto place = home + "/" + path;
  std::error_code error;
  fs::create_directories(fs::path(place).parent_path(), error);
  if (error) return preparation_failure("a folder can't be made", place, error.value());
  return put_in_place(place, *content, static_cast<mode_t>(file["mode"].get<unsigned>() & 0777u));
}

/// The names in a folder. Some volumes have no such call for folders.
Result<void> sync_folder(const std::string& place) {
  const net::FileDescriptor folder(::open(place.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || (::fsync(folder.get()) != 0 && errno != EINVAL))
    return preparation_failure("the home can't be made", place, errno);
  return {};
}

Result<void> sync_folders_of(const std::string& home) {
  std::error_code error;
  fs::recursive_directory_iterator entry(home, error);
  for (const fs::recursive_directory_iterator end; !error && entry != end; entry.increment(error)) {
    if (!entry->is_directory(error)) continue;
    if (auto synced = sync_folder(entry->path()); !synced) return synced;
  }
  if (error) return preparation_failure("the home can't be made", home, error.value());
  return sync_folder(home);
}

Result<void> make_new_home(const PodFolders& folders) {
  const auto home = folders.volume + "/home";
  const auto fresh = folders.volume + "/home.new";
  struct stat there{};
  if (::lstat(home.c_str(), &there) == 0) return {};
  const auto text = read_handed_over(folders.secret + "/home.json", largest_handed_over);
  if (!text) return std::unexpected(text.error());
  const auto json = protocol::parse_json(*text);
  if (!json || !json->is_object() || !json->contains("files") || !(*json)["files"].is_array())
    return failure(ErrorCode::invalid_argument, "The pod could not be prepared: home.json makes no sense.");
  std::error_code error;
  fs::remove_all(fresh, error);
  if (!error) fs::create_directories(fresh + "/project", error);
  if (error) return preparation_failure("the home can't be made", fresh, error.value());
  for (const auto& file : (*json)["files"])
    if (auto written = write_home_file(fresh, file); !written) return written;
  if (::chmod(fresh.c_str(), 0755) != 0) return preparation_failure("the home can't be made", fresh, errno);
  if (auto synced = sync_folders_of(fresh); !synced) return synced;
  if (::rename(fresh.c_str(), home.c_str()) != 0)
    return preparation_failure("the home can't be made", home, errno);
  return sync_folder(folders.volume);
}

}  // namespace

Result<void> prepare_pod(const PodFolders& folders) {
  const auto state = folders.volume + "/state";
  if (::mkdir(state.c_str(), 0700) != 0 && errno != EEXIST)
    return preparation_failure("the home's volume can't be written", state, errno);
  if (auto made = make_new_home(folders); !made) return made;
  if (auto copied = copy_program(folders.tools + "/berth-runner"); !copied) return copied;
  const auto start = read_handed_over(folders.secret + "/start.json", largest_handed_over);
  if (!start) return std::unexpected(start.error());
  return put_in_place(folders.handover + "/start.json", *start, 0600);
}

int run_prepare_pod(const std::vector<std::string>& arguments) {
  if (arguments.size() != 4) {
    std::fprintf(stderr, "Usage: berth-runner --prepare-pod TOOLS HANDOVER VOLUME SECRET\n");
    return 2;
  }
  ::umask(022);
  const auto done = prepare_pod({arguments[0], arguments[1], arguments[2], arguments[3]});
  if (done) return 0;
  const auto line = done.error().message + " " + done.error().detail + "\n";
  std::fputs(line.c_str(), stderr);
  const net::FileDescriptor log(::open("/dev/termination-log", O_WRONLY | O_APPEND | O_CLOEXEC));
  if (log) (void)write_whole(log.get(), line.data(), line.size(), "/dev/termination-log");
  return 1;
}

}  // namespace berth::runner
