// SPDX-License-Identifier: GPL-3.0-or-later
// Tells of changes of directories' entries: by inotify, and where that runs out by looking every few seconds.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "protocol/net/home_files.hpp"
#include "protocol/net/task.hpp"

namespace berth::runner {

class Watcher {
 public:
  using OnChange = std::function<void(const protocol::FileChanged::Params&)>;
  /// What was just seen of an entry: somebody is writing to it, is done with that (or put another file in its
  /// place), it is new, or gone.
  enum class Sign { written, complete, appeared, gone };
  /// Told at once and unexamined. An empty name: something was missed, look at everything there.
  using OnSign = std::function<void(const std::string& directory, const std::string& name, Sign sign)>;
  struct Watch {
    std::uint64_t id;
    bool degraded;
  };
  static constexpr std::size_t most_changes = 500;  // more at once are an overflow
  static constexpr std::chrono::seconds poll_interval{3};

  Watcher(boost::asio::io_context& io, boost::asio::thread_pool& pool, net::TaskGroup& tasks,
          const net::HomeFiles& files);

  /// Begins to watch a directory (relative to home); not_found and the like when it can't be opened.
  Result<Watch> watch(const std::string& path, OnChange on_change);
  /// The same for who follows a few files and can't wait for a report.
  Result<Watch> listen(const std::string& path, OnSign on_sign);
  void unwatch(std::uint64_t id);
  /// It is looked at now and then only.
  bool degraded(std::uint64_t id) const;

 private:
  struct Directory {
    std::string path;
    int descriptor = -1;  // inotify's; -1: polled
    std::map<std::uint64_t, OnChange> subscribers;
    std::map<std::uint64_t, OnSign> listeners;
    std::map<std::string, bool> pending;  // name → it was created since the last report
    bool overflow = false;
    bool reporting = false;
    std::chrono::steady_clock::time_point last_report{};
    std::map<std::string, std::string> known;  // polled: name → etag
    bool known_valid = false;
  };
  Result<Directory*> directory_of(const std::string& path);
  Watch subscribed(const Directory& directory);
  void tell_listeners(const Directory& directory, const std::string& name, Sign sign);
  bool add_inotify(Directory& directory);
  void drop_inotify(Directory& directory);
  void read_events();
  void wait_events();
  void on_event(int descriptor, std::uint32_t mask, const std::string& name);
  void miss_something(const std::string& path);
  void watch_anew(const std::string& path);
  void tell_listeners_of(const protocol::FileChanged::Params& params);
  void report_soon(const std::string& path);
  net::Task<void> report(std::string path);
  void tell(const std::string& path, protocol::FileChanged::Params params);
  void poll_soon();
  net::Task<void> poll_all();
  net::Task<void> poll(std::string path);

  boost::asio::io_context& io_;
  boost::asio::thread_pool& pool_;
  net::TaskGroup& tasks_;
  const net::HomeFiles& files_;
  boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> inotify_;
  std::map<std::string, Directory> directories_;
  std::map<int, std::set<std::string>> paths_by_descriptor_;
  std::map<std::uint64_t, std::string> path_by_id_;
  boost::asio::steady_timer poll_timer_;
  bool polling_ = false, waiting_ = false;
  std::uint64_t next_ = 1;
};

}  // namespace berth::runner
