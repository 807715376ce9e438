// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/net/open_by_steps.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <deque>
#include <string>
#include <vector>

#include "protocol/net/file_descriptor.hpp"

namespace berth::net {

namespace {

constexpr int most_links = 40;

void split(std::string_view path, std::deque<std::string>& before) {
  std::vector<std::string> names;
  for (std::size_t start = 0; start <= path.size();) {
    const auto end = std::min(path.find('/', start), path.size());
    if (end > start && path.substr(start, end - start) != ".")
      names.emplace_back(path.substr(start, end - start));
    start = end + 1;
  }
  before.insert(before.begin(), names.begin(), names.end());
}

/// One walk: the directories from the root down to where it is, and the names still to go.
class Walk {
 public:
  Walk(int root, std::string_view path) : root_(root) { split(path, names_); }

  int open(int flags, mode_t mode) {
    while (!names_.empty()) {
      const std::string name = names_.front();
      names_.pop_front();
      if (name == "..") {
        if (held_.empty()) return fail(EXDEV);
        held_.pop_back();
        continue;
      }
      const bool last = names_.empty();
      if (last && (flags & O_NOFOLLOW)) return ::openat(here(), name.c_str(), flags | O_CLOEXEC, mode);
      FileDescriptor step(::openat(here(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
      struct stat status{};
      // What is not there may be about to be made; the last open says whether it may.
      if (!step && !(last && errno == ENOENT)) return -1;
      if (step && ::fstat(step.get(), &status) != 0) return -1;
      if (step && S_ISLNK(status.st_mode)) {
        if (!follow(step.get())) return -1;
      } else if (last) {
        return ::openat(here(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode);
      } else {
        if (!S_ISDIR(status.st_mode)) return fail(ENOTDIR);
        held_.push_back(std::move(step));
      }
    }
    return ::openat(here(), ".", flags | O_CLOEXEC, mode);
  }

 private:
  static int fail(int number) {
    errno = number;
    return -1;
  }
  int here() const { return held_.empty() ? root_ : held_.back().get(); }

  bool follow(int link) {
    char target[PATH_MAX];
    const ssize_t length = ::readlinkat(link, "", target, sizeof target);
    if (length < 0) return false;
    if (++links_ > most_links) return fail(ELOOP) == 0;
    if (length == 0 || target[0] == '/') return fail(EXDEV) == 0;
    split({target, static_cast<std::size_t>(length)}, names_);
    return true;
  }

  int root_;
  int links_ = 0;
  std::vector<FileDescriptor> held_;
  std::deque<std::string> names_;
};

}  // namespace

int open_by_steps(int root, std::string_view path, int flags, mode_t mode) {
  if (path.empty()) {
    errno = ENOENT;
    return -1;
  }
  if (path.starts_with('/')) {
    errno = EXDEV;
    return -1;
  }
  return Walk(root, path).open(flags, mode);
}

}  // namespace berth::net
