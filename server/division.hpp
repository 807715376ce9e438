// SPDX-License-Identifier: GPL-3.0-or-later
// Which workspaces this server looks after, among several on one database. A workspace is looked after by
// whoever holds its lease: storing and the control link, start and stop, files and history. A workspace that
// is between two states or runs, and that nobody living holds, is taken over within a second by whoever comes
// first; a stopped one by the server that is asked for it, or that sees it run. Its state lives on the home
// executor.
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
    std::chrono::milliseconds look{1'000};       // between looks for work that nobody does
    std::size_t at_once = 64;                    // taken over in one transaction
    std::chrono::milliseconds between{100};      // such transactions, so that the others get their share
    std::chrono::milliseconds farewell{5'000};   // for what is handed over at the end
    std::chrono::milliseconds lives_for{2'000};  // how old an answer of lives() may be
  };
  /// Who answers for a workspace.
  struct Place {
    std::string address;  // "host:port" of another server; "": this one does
    std::string replica;  // its id
  };

  Division(boost::asio::any_io_executor home, Replica& replica, MetadataStore& store,
           boost::asio::thread_pool& pool, Options options);
  ~Division() override;

  /// Begins to look for work. On the home executor.
  void begin(DividedWork& work);
  /// Ends that; nothing is given back yet.
  net::Task<void> shutdown();
  /// After that: gives back one workspace after the other as soon as its work has ended here, while that of
  /// others still goes on; Replica::leave() gives back the rest.
  net::Task<void> hand_over();
  /// Looks at once: something was given back. Any thread.
  void look();

  bool holds(const std::string& workspace) const override;
  bool leads() const override;
  bool known_missing(const std::string& workspace) const override;
  net::Task<Result<void>> take_new(std::string workspace) override;
  net::Task<void> give_back(std::string workspace) override;
  net::Task<Result<std::map<std::string, bool>>> tended(std::vector<std::string> workspaces) override;
  net::Task<void> look_after(std::vector<std::string> workspaces) override;
  void publish(const std::string& workspace, const PublishedWorkspace& what) override;
  net::Task<void> told(std::string workspace) override;
  net::Task<Result<OthersWorkspace>> others(std::string workspace) override;

  /// Where a request about this workspace is to be answered; it may be this server's by this call. not_found;
  /// unavailable while nobody can.
  net::Task<Result<Place>> place_of(std::string workspace);
  /// Whether this server lives, as was known within `Options::lives_for`; true while nobody can say. However
  /// many ask, the store is asked once in that time.
  net::Task<bool> lives(std::string replica);

 private:
  /// Has a workspace in changing_ for as long as it lives; false where it was there.
  class Changing;
  struct Known {
    OthersWorkspace workspace;
    std::chrono::steady_clock::time_point at;
  };
  struct Taken;
  static std::unexpected<Error> changing_hands();

  // division.cpp: taking, holding, giving back
  net::Task<void> run();
  /// True when there is more to take.
  net::Task<bool> look_once();
  void drop_lost();
  net::Task<void> drop_one(std::string workspace);
  net::Task<Result<bool>> take_one(std::string workspace);
  /// How many of them are this server's by this call.
  net::Task<Result<std::size_t>> take_some(std::vector<std::string> workspaces);
  void begin_to_look_after(Taken taken, const std::string& replica);
  void hold(const std::string& workspace, const std::string& replica);
  std::vector<std::string> held_as(const std::string& replica) const;
  void settle(const std::vector<std::string>& before, const std::vector<std::string>& leases);
  net::Task<void> finish_taking(std::string workspace);
  net::Task<void> hand_over_one(std::string workspace);
  /// False when the store fails.
  net::Task<bool> give_back_ended();

  // division_places.cpp: what the others know
  net::Task<void> put_addresses();

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
  std::set<std::string> changing_;                        // being taken or dropped
  std::map<std::string, PublishedWorkspace> to_publish_;  // not known to the others yet
  std::string being_published_;                           // a workspace
  std::map<std::string, std::string> published_;          // as they know it, of what is held
  std::map<std::string, Known> known_;
  std::map<std::string, std::chrono::steady_clock::time_point> missing_;
  std::set<std::string> living_;                                    // replicas, as of living_at_
  std::optional<std::chrono::steady_clock::time_point> living_at_;  // none: nothing is known
  bool asks_who_lives_ = false;
  boost::asio::steady_timer next_;
  bool closing_ = false, publishing_ = false;
  std::size_t handing_over_ = 0;    // under way
  std::vector<std::string> ended_;  // handed over, and not given back yet
  net::TaskGroup tasks_, leaving_;
};

}  // namespace berth::server
