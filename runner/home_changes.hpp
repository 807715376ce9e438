// SPDX-License-Identifier: GPL-3.0-or-later
// Which directories of a home may have changed since they were last looked at: inotify on every one of them.
// Where watches run out, directories are named as unwatched, to be looked at from time to time.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>

#include "runner/ignore_rules.hpp"

namespace berth::runner {

class HomeChanges {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// A change counts once nothing followed it for `stillness`, at the latest `patience` after the first.
  static constexpr std::chrono::milliseconds stillness{50}, patience{300};

  /// `on_change` runs on the runner's thread whenever something new happened.
  HomeChanges(boost::asio::io_context& io, std::function<void()> on_change);

  // Any thread.

  /// Watches a directory from now on; looked at only afterwards, so that nothing falls between.
  void watch(const std::string& path, int directory_fd);
  /// The directory and everything below it is gone, or is left out of versions.
  void forget(const std::string& path);
  void set_rules(std::shared_ptr<const IgnoreRules> rules);
  std::set<std::string> unwatched() const;

  // The runner's thread.

  struct Dirty {
    bool everything = false;
    std::set<std::string> directories;
  };
  /// What happened up to now; from here on that is the caller's to look at.
  Dirty take();
  /// The caller could not look.
  void put_back(Dirty dirty);
  /// As if an event had come.
  void mark(const std::string& directory);
  void mark_everything();
  /// What happened up to now is complete and counts at once: nobody need wait for stillness.
  void hurry();
  /// Counts what happened.
  std::uint64_t change() const { return change_; }
  /// When what happened since take() counts; max() when nothing did.
  TimePoint settled_at() const;
  void close();

 private:
  void wait_events();
  void read_events();
  void on_event(int descriptor, std::uint32_t mask, std::string_view name);
  void note();

  boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> inotify_;
  boost::asio::steady_timer pause_;
  std::function<void()> on_change_;
  Dirty dirty_{true, {}};  // nothing has been looked at yet
  std::uint64_t change_ = 1;
  TimePoint first_{}, last_{};
  bool pending_ = true, news_ = false;

  mutable std::mutex mutex_;  // of what follows
  std::map<std::string, int> descriptors_;
  std::unordered_map<int, std::string> paths_;
  std::set<std::string> unwatched_;
  std::shared_ptr<const IgnoreRules> rules_;
};

}  // namespace berth::runner
