// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/watcher.hpp"

#include <dirent.h>
#include <sys/inotify.h>

#include <array>
#include <cerrno>

namespace berth::runner {
namespace {

namespace asio = boost::asio;
using protocol::ChangeKind;
using protocol::FileChange;
using protocol::FileChanged;

constexpr std::uint32_t watched_events = IN_CREATE | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM |
                                         IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
// A single change is told soon; a directory that goes on changing (an installer at work) is told of less
// often.
constexpr std::chrono::milliseconds report_delay{30};
constexpr std::chrono::milliseconds busy_report_delay{300};
constexpr std::size_t most_polled_entries = 10000;

/// Name → etag; larger directories are cut off, which the person sees as `degraded`.
Result<std::map<std::string, std::string>> look_at(const net::HomeFiles& files, const std::string& path) {
  auto fd = files.directory().open_at(path, O_RDONLY | O_DIRECTORY);
  if (!fd) return std::unexpected(fd.error());
  DIR* stream = ::fdopendir(fd->get());
  if (!stream) return std::unexpected(net::error_of_errno(errno, path));
  fd->release();
  std::map<std::string, std::string> found;
  while (const dirent* entry = ::readdir(stream)) {
    const std::string name = entry->d_name;
    if (name == "." || name == ".." || name.starts_with(net::temporary_prefix)) continue;
    struct stat status{};
    if (::fstatat(::dirfd(stream), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
      found[name] = net::etag_of(status);
    if (found.size() >= most_polled_entries) break;
  }
  ::closedir(stream);
  return found;
}

Watcher::Sign sign_of(std::uint32_t mask) {
  if (mask & (IN_DELETE | IN_MOVED_FROM)) return Watcher::Sign::gone;
  if (mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) return Watcher::Sign::complete;
  return mask & IN_CREATE ? Watcher::Sign::appeared : Watcher::Sign::written;
}

/// How the named entries are now.
std::vector<FileChange> describe(const net::HomeFiles& files, const std::string& path,
                                 const std::map<std::string, bool>& names) {
  std::vector<FileChange> changes;
  const auto fd = files.directory().open_at(path, O_PATH | O_DIRECTORY);
  for (const auto& [name, created] : names) {
    auto entry = fd ? files.entry_at(fd->get(), path, name) : std::unexpected(Error{});
    if (entry)
      changes.push_back({name, created ? ChangeKind::created : ChangeKind::changed, std::move(*entry)});
    else
      changes.push_back({name, ChangeKind::deleted, std::nullopt});
  }
  return changes;
}

}  // namespace

Watcher::Watcher(asio::io_context& io, asio::thread_pool& pool, net::TaskGroup& tasks,
                 const net::HomeFiles& files)
    : io_(io), pool_(pool), tasks_(tasks), files_(files), inotify_(io.get_executor()), poll_timer_(io) {}

Result<Watcher::Directory*> Watcher::directory_of(const std::string& path) {
  auto normal = net::normal_path(path);
  if (!normal) return std::unexpected(normal.error());
  auto [found, added] = directories_.try_emplace(*normal);
  Directory& directory = found->second;
  if (added) {
    directory.path = *normal;
    if (auto fd = files_.directory().open_at(*normal, O_PATH | O_DIRECTORY); !fd) {
      directories_.erase(found);
      return std::unexpected(fd.error());
    }
    if (!add_inotify(directory)) poll_soon();
  }
  return &directory;
}

/// With the next id, which the caller has used.
Watcher::Watch Watcher::subscribed(const Directory& directory) {
  path_by_id_[next_] = directory.path;
  return Watch{next_++, directory.descriptor < 0};
}

Result<Watcher::Watch> Watcher::watch(const std::string& path, OnChange on_change) {
  auto directory = directory_of(path);
  if (!directory) return std::unexpected(directory.error());
  (*directory)->subscribers[next_] = std::move(on_change);
  return subscribed(**directory);
}

Result<Watcher::Watch> Watcher::listen(const std::string& path, OnSign on_sign) {
  auto directory = directory_of(path);
  if (!directory) return std::unexpected(directory.error());
  (*directory)->listeners[next_] = std::move(on_sign);
  return subscribed(**directory);
}

void Watcher::tell_listeners(const Directory& directory, const std::string& name, Sign sign) {
  const auto listeners = directory.listeners;  // one may unwatch while it is told
  const auto path = directory.path;
  for (const auto& [id, on_sign] : listeners) on_sign(path, name, sign);
}

bool Watcher::degraded(std::uint64_t id) const {
  const auto found = path_by_id_.find(id);
  return found != path_by_id_.end() && directories_.at(found->second).descriptor < 0;
}

void Watcher::unwatch(std::uint64_t id) {
  const auto found = path_by_id_.find(id);
  if (found == path_by_id_.end()) return;
  const auto directory = directories_.find(found->second);
  path_by_id_.erase(found);
  directory->second.subscribers.erase(id);
  directory->second.listeners.erase(id);
  if (!directory->second.subscribers.empty() || !directory->second.listeners.empty()) return;
  drop_inotify(directory->second);
  directories_.erase(directory);
}

bool Watcher::add_inotify(Directory& directory) {
  if (!inotify_.is_open()) {
    const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0) return false;
    inotify_.assign(fd);
  }
  // Through the descriptor, so that the directory can't be exchanged for a link out of home in between.
  const auto fd = files_.directory().open_at(directory.path, O_PATH | O_DIRECTORY);
  if (!fd) return false;
  const auto link = "/proc/self/fd/" + std::to_string(fd->get());
  const int descriptor = ::inotify_add_watch(inotify_.native_handle(), link.c_str(), watched_events);
  if (descriptor < 0) return false;
  directory.descriptor = descriptor;
  paths_by_descriptor_[descriptor].insert(directory.path);
  wait_events();
  return true;
}

void Watcher::drop_inotify(Directory& directory) {
  const auto found = paths_by_descriptor_.find(directory.descriptor);
  if (found == paths_by_descriptor_.end()) return;
  found->second.erase(directory.path);
  if (found->second.empty()) {
    ::inotify_rm_watch(inotify_.native_handle(), directory.descriptor);
    paths_by_descriptor_.erase(found);
  }
  directory.descriptor = -1;
}

void Watcher::wait_events() {
  if (std::exchange(waiting_, true)) return;
  inotify_.async_wait(asio::posix::descriptor_base::wait_read,
                      [this](const boost::system::error_code& error) {
                        waiting_ = false;
                        if (error) return;
                        read_events();
                        wait_events();
                      });
}

void Watcher::read_events() {
  alignas(inotify_event) std::array<char, 16384> buffer;
  for (;;) {
    const auto length = ::read(inotify_.native_handle(), buffer.data(), buffer.size());
    if (length <= 0) return;
    for (ssize_t at = 0; at < length;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      on_event(event->wd, event->mask, event->len > 0 ? std::string(event->name) : std::string());
    }
  }
}

void Watcher::on_event(int descriptor, std::uint32_t mask, const std::string& name) {
  if (mask & IN_Q_OVERFLOW) {
    std::vector<std::string> paths;
    for (const auto& [path, directory] : directories_) paths.push_back(path);
    for (const auto& path : paths) miss_something(path);
    return;
  }
  const auto found = paths_by_descriptor_.find(descriptor);
  if (found == paths_by_descriptor_.end()) return;
  const auto paths = found->second;
  for (const auto& path : paths) {
    const auto place = directories_.find(path);
    if (place == directories_.end()) continue;  // a listener has just left
    Directory& directory = place->second;
    if (mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)) {
      // It is no longer what `path` names: looked for again by polling.
      drop_inotify(directory);
      poll_soon();
      miss_something(path);
      continue;
    }
    if (name.empty() || name.starts_with(net::temporary_prefix)) continue;
    auto& created = directory.pending[name];
    created = created || (mask & (IN_CREATE | IN_MOVED_TO));
    report_soon(path);
    tell_listeners(directory, name, sign_of(mask));
    constexpr auto comes_or_goes = IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM;
    if ((mask & IN_ISDIR) && (mask & comes_or_goes)) watch_anew(path.empty() ? name : path + "/" + name);
  }
}

/// Another directory is at `path` now, or none: the watches there and below stay with the one that was there
/// before (whose own end is not told as long as somebody holds a file of it), so they are made anew.
void Watcher::watch_anew(const std::string& path) {
  std::vector<std::string> concerned;
  for (auto& [other, directory] : directories_) {
    if (other != path && !other.starts_with(path + "/")) continue;
    drop_inotify(directory);
    directory.known_valid = false;
    if (!add_inotify(directory)) poll_soon();
    concerned.push_back(other);
  }
  for (const auto& other : concerned) miss_something(other);
}

void Watcher::miss_something(const std::string& path) {
  const auto found = directories_.find(path);
  if (found == directories_.end()) return;
  found->second.overflow = true;
  report_soon(path);
  tell_listeners(found->second, "", Sign::gone);
}

void Watcher::report_soon(const std::string& path) {
  Directory& directory = directories_.at(path);
  if (directory.subscribers.empty()) {
    directory.pending.clear();
    directory.overflow = false;
  } else if (!std::exchange(directory.reporting, true)) {
    tasks_.spawn(report(path));
  }
}

net::Task<void> Watcher::report(std::string path) {
  auto found = directories_.find(path);
  if (found == directories_.end()) co_return;
  const bool busy = std::chrono::steady_clock::now() - found->second.last_report < 2 * busy_report_delay;
  asio::steady_timer delay(io_, busy ? busy_report_delay : report_delay);
  boost::system::error_code error;
  co_await delay.async_wait(asio::redirect_error(asio::use_awaitable, error));
  found = directories_.find(path);
  if (found == directories_.end()) co_return;
  found->second.reporting = false;
  found->second.last_report = std::chrono::steady_clock::now();
  auto names = std::exchange(found->second.pending, {});
  const bool overflow = std::exchange(found->second.overflow, false) || names.size() > most_changes;
  FileChanged::Params params{path, {}, overflow, found->second.descriptor < 0};
  if (!overflow && !error)
    params.changes = co_await net::offload(
        pool_, [this, path, names = std::move(names)] { return describe(files_, path, names); });
  if (!error) tell(path, std::move(params));
}

void Watcher::tell(const std::string& path, FileChanged::Params params) {
  const auto found = directories_.find(path);
  if (found == directories_.end()) return;
  const auto subscribers = found->second.subscribers;  // one may unwatch while it is told
  for (const auto& [id, on_change] : subscribers) on_change(params);
}

/// The same for the listeners of a polled directory.
void Watcher::tell_listeners_of(const FileChanged::Params& params) {
  const auto signal = [&](const std::string& name, Sign sign) {
    if (const auto found = directories_.find(params.path); found != directories_.end())
      tell_listeners(found->second, name, sign);
  };
  if (params.overflow) signal("", Sign::gone);
  for (const auto& change : params.changes)
    signal(change.name, change.kind == ChangeKind::deleted ? Sign::gone : Sign::complete);
}

void Watcher::poll_soon() {
  if (std::exchange(polling_, true)) return;
  tasks_.spawn(poll_all());
}

net::Task<void> Watcher::poll_all() {
  for (;;) {
    poll_timer_.expires_after(poll_interval);
    boost::system::error_code error;
    co_await poll_timer_.async_wait(asio::redirect_error(asio::use_awaitable, error));
    std::vector<std::string> polled;
    for (const auto& [path, directory] : directories_)
      if (directory.descriptor < 0) polled.push_back(path);
    if (polled.empty() || error) break;
    for (auto& path : polled) co_await poll(std::move(path));
  }
  polling_ = false;
}

net::Task<void> Watcher::poll(std::string path) {
  auto seen = co_await net::offload(pool_, [this, path] { return look_at(files_, path); });
  const auto found = directories_.find(path);
  if (found == directories_.end()) co_return;
  Directory& directory = found->second;
  std::map<std::string, bool> names;
  if (seen && directory.known_valid) {
    for (const auto& [name, etag] : *seen) {
      const auto before = directory.known.find(name);
      if (before == directory.known.end())
        names[name] = true;
      else if (before->second != etag)
        names[name] = false;
    }
    for (const auto& [name, etag] : directory.known)
      if (!seen->contains(name)) names[name] = false;
  }
  // At the first look nobody knows what changed since the subscriber listed it, nor when it was away.
  const bool unsure = directory.known_valid != seen.has_value();
  directory.known_valid = seen.has_value();
  directory.known = seen ? std::move(*seen) : std::map<std::string, std::string>();
  // Watches may be free again, or the directory is back. What happens between the look and that is unknown.
  const bool upgraded = directory.known_valid && add_inotify(directory);
  if (upgraded) directory.known_valid = false;
  if (names.empty() && !unsure && !upgraded) co_return;
  FileChanged::Params params{path, {}, names.size() > most_changes || unsure || upgraded, !upgraded};
  if (!params.overflow)
    params.changes =
        co_await net::offload(pool_, [this, path, names] { return describe(files_, path, names); });
  tell_listeners_of(params);
  tell(path, std::move(params));
}

}  // namespace berth::runner
