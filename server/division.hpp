// SPDX-License-Identifier: GPL-3.0-or-later
// Which workspaces this server looks after, among several on one database. A workspace is looked after by
// whoever holds its lease: storing and the control link, start and stop, files and history. A workspace that
// is between two states or runs, and that nobody living holds, is taken over within a second by whoever comes
// first; a stopped one by the server that is asked for it. Its state lives on the home executor.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <map>
#include <mutex>
#include <set>

#include "server/replica.hpp"
#include "server/workspace_leases.hpp"

namespace berth::server {

class Division final : public WorkspaceLeases {
 public:
  struct Options {
    std::chrono::milliseconds look{1'000};  // between looks for work that nobody does
    std::size_t at_once = 16;               // taken over in one look, so that the others get their share
  };

  Division(boost::asio::any_io_executor home, Replica& replica, MetadataStore& store,
           boost::asio::thread_pool& pool, Options options);
  ~Division() override;

  /// Begins to look for work. On the home executor.
  void begin(DividedWork& work);
  /// Ends that; nothing is given back: Replica::leave() gives everything back, after the work has ended.
  net::Task<void> shutdown();
  /// Looks at once: something was given back. Any thread.
  void look();

  bool holds(const std::string& workspace) const override;
  bool leads() const override;
  bool known_missing(const std::string& workspace) const override;
  net::Task<Result<void>> take_new(std::string workspace) override;
  net::Task<void> give_back(std::string workspace) override;
  void publish(const std::string& workspace, const RunnerAddress& address) override;
  net::Task<Result<OthersWorkspace>> others(std::string workspace) override;

  /// Where a request about this workspace is to be answered: "" here (it is this server's, by this call
  /// perhaps), otherwise "host:port" of the server that looks after it. not_found; unavailable while nobody
  /// can.
  net::Task<Result<std::string>> place_of(std::string workspace);

 private:
  /// Has a workspace in changing_ for as long as it lives; false where it was there.
  class Changing;
  struct Known {
    OthersWorkspace workspace;
    std::chrono::steady_clock::time_point at;
  };
  net::Task<void> run();
  net::Task<void> look_once();
  void drop_lost();
  net::Task<void> drop_one(std::string workspace);
  net::Task<Result<bool>> take_one(std::string workspace);
  net::Task<void> put_addresses();
  void hold(const std::string& workspace, const std::string& replica);
  std::vector<std::string> held_as(const std::string& replica) const;
  void settle(const std::vector<std::string>& before, const std::vector<std::string>& leases);
  net::Task<void> finish_taking(std::string workspace);

  const boost::asio::any_io_executor home_;
  Replica& replica_;
  MetadataStore& store_;
  boost::asio::thread_pool& pool_;
  const Options options_;
  DividedWork* work_ = nullptr;

  mutable std::mutex mutex_;                 // guards what follows
  std::map<std::string, std::string> held_;  // workspace → the replica's id when it was taken
  std::string led_as_;                       // the replica's id when it took the lead

  // Of the home executor.
  std::set<std::string> changing_;                   // being taken or dropped
  std::map<std::string, RunnerAddress> to_publish_;  // not known to the others yet
  std::map<std::string, Known> known_;
  std::map<std::string, std::chrono::steady_clock::time_point> missing_;
  boost::asio::steady_timer next_;
  bool closing_ = false, publishing_ = false;
  net::TaskGroup tasks_;
};

}  // namespace berth::server
