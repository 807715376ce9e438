// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/home_changes.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>

#include "protocol/net/home_files.hpp"
#include "runner/home_path.hpp"

namespace berth::runner {
namespace {

namespace asio = boost::asio;

constexpr std::uint32_t stored_events = IN_CREATE | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM |
                                        IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF |
                                        IN_EXCL_UNLINK | IN_ONLYDIR;
// After events were read the next ones are left to gather: a program that writes without end costs little.
constexpr std::chrono::milliseconds gathering{15};
constexpr int most_reads = 100;  // at a time: keys are served in between

}  // namespace

HomeChanges::HomeChanges(asio::io_context& io, std::function<void()> on_change)
    : inotify_(io.get_executor()), pause_(io), on_change_(std::move(on_change)) {
  if (const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC); fd >= 0) {
    inotify_.assign(fd);
    wait_events();
  }
}

void HomeChanges::close() {
  boost::system::error_code ignored;
  pause_.cancel();
  const std::scoped_lock lock(mutex_);
  inotify_.close(ignored);
}

// ---- watches
// -------------------------------------------------------------------------------------------------------

void HomeChanges::watch(const std::string& path, int directory_fd) {
  const std::scoped_lock lock(mutex_);
  // Through the descriptor, so that the directory can't be exchanged for a link out of home in between.
  const auto link = "/proc/self/fd/" + std::to_string(directory_fd);
  const int descriptor =
      inotify_.is_open() ? ::inotify_add_watch(inotify_.native_handle(), link.c_str(), stored_events) : -1;
  if (descriptor < 0) {
    unwatched_.insert(path);
    return;
  }
  unwatched_.erase(path);
  descriptors_[path] = descriptor;
  paths_[descriptor] = path;
}

void HomeChanges::forget(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  const auto drop = [&](auto it) {
    // A directory that was moved is watched under its new name by the same descriptor.
    const auto named = paths_.find(it->second);
    if (named != paths_.end() && named->second == it->first) {
      if (inotify_.is_open()) ::inotify_rm_watch(inotify_.native_handle(), it->second);
      paths_.erase(named);
    }
    return descriptors_.erase(it);
  };
  if (const auto found = descriptors_.find(path); found != descriptors_.end()) drop(found);
  const auto end = descriptors_.lower_bound(path + "0");  // '0' follows '/'
  for (auto it = descriptors_.lower_bound(path + "/"); it != end;) it = drop(it);
  unwatched_.erase(path);
  unwatched_.erase(unwatched_.lower_bound(path + "/"), unwatched_.lower_bound(path + "0"));
}

void HomeChanges::set_rules(std::shared_ptr<const IgnoreRules> rules) {
  const std::scoped_lock lock(mutex_);
  rules_ = std::move(rules);
}

std::set<std::string> HomeChanges::unwatched() const {
  const std::scoped_lock lock(mutex_);
  return unwatched_;
}

// ---- events
// --------------------------------------------------------------------------------------------------------

void HomeChanges::wait_events() {
  inotify_.async_wait(asio::posix::descriptor_base::wait_read,
                      [this](const boost::system::error_code& error) {
                        if (error) return;
                        read_events();
                        pause_.expires_after(gathering);
                        pause_.async_wait([this](const boost::system::error_code& stopped) {
                          if (!stopped && inotify_.is_open()) wait_events();
                        });
                      });
}

void HomeChanges::read_events() {
  if (!inotify_.is_open()) return;
  news_ = false;
  alignas(inotify_event) std::array<char, 16384> buffer;
  for (int turn = 0; turn < most_reads; ++turn) {
    const auto length = ::read(inotify_.native_handle(), buffer.data(), buffer.size());
    if (length <= 0) break;
    for (ssize_t at = 0; at < length;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      on_event(event->wd, event->mask, event->len > 0 ? std::string_view(event->name) : std::string_view());
    }
  }
  if (!news_) return;
  note();
  on_change_();
}

void HomeChanges::on_event(int descriptor, std::uint32_t mask, std::string_view name) {
  if (mask & (IN_Q_OVERFLOW | IN_UNMOUNT)) {
    dirty_.everything = true;
    news_ = true;
    return;
  }
  const std::scoped_lock lock(mutex_);
  const auto found = paths_.find(descriptor);
  if (found == paths_.end()) return;
  if (mask & IN_IGNORED) {
    if (const auto named = descriptors_.find(found->second);
        named != descriptors_.end() && named->second == descriptor)
      descriptors_.erase(named);
    paths_.erase(found);
    return;
  }
  if (!name.empty() &&
      (name.starts_with(net::temporary_prefix) ||
       (rules_ && rules_->excludes_entry(joined(found->second, name), (mask & IN_ISDIR) != 0))))
    return;
  dirty_.directories.insert(found->second);
  news_ = true;
}

void HomeChanges::note() {
  ++change_;
  last_ = std::chrono::steady_clock::now();
  if (!std::exchange(pending_, true)) first_ = last_;
}

HomeChanges::Dirty HomeChanges::take() {
  read_events();
  pending_ = false;
  return std::exchange(dirty_, {});
}

void HomeChanges::put_back(Dirty dirty) {
  dirty_.everything = dirty_.everything || dirty.everything;
  dirty_.directories.merge(dirty.directories);
}

void HomeChanges::mark(const std::string& directory) {
  dirty_.directories.insert(directory);
  note();
  on_change_();
}

void HomeChanges::mark_everything() {
  dirty_.everything = true;
  note();
  on_change_();
}

void HomeChanges::hurry() {
  read_events();
  if (!pending_) return;
  first_ = last_ = std::chrono::steady_clock::now() - patience;
  on_change_();
}

HomeChanges::TimePoint HomeChanges::settled_at() const {
  return pending_ ? std::min(last_ + stillness, first_ + patience) : TimePoint::max();
}

}  // namespace berth::runner
