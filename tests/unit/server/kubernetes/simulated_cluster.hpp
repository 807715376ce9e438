// SPDX-License-Identifier: GPL-3.0-or-later
// A cluster in memory behind a real HTTP server: it keeps objects, tells watches, and plays the node that
// runs pods, each with a port of its own on this machine's loopback. For what the backend does, and for
// faults that a real cluster shows seldom.
#pragma once

#include <condition_variable>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "protocol/codec.hpp"
#include "scripted_server.hpp"

namespace berth::test {

/// What runs in pods where a port that is only open is not enough.
class PodPrograms {
 public:
  virtual ~PodPrograms() = default;
  /// `claim`: of its home, "" for none. `secret`: what hands its start over. Its runner listens there.
  virtual void begin(const std::string& pod, const std::string& claim,
                     const std::map<std::string, std::string>& secret, const std::string& endpoint) = 0;
  virtual void end(const std::string& pod, bool orderly) = 0;
};

class SimulatedCluster {
 public:
  using Json = protocol::Json;

  SimulatedCluster();
  ~SimulatedCluster();

  std::string url() const { return server_->url(); }
  /// Where the pods' runners listen, each on an address of its own.
  std::uint16_t runner_port() const { return runner_port_; }

  /// From now on; `programs` must outlive this.
  void run(PodPrograms& programs);

  std::size_t count(const std::string& resource) const;
  Json object(const std::string& resource, const std::string& name) const;  // null when there is none
  /// How often an object was asked for by this method.
  std::size_t asked(const std::string& method, const std::string& resource, const std::string& name) const;
  /// How many requests there were.
  std::size_t requests() const { return server_->requests().size(); }
  /// "verb resource.group" of all that was asked, as rights name it.
  std::set<std::string> rights_used() const;
  /// Workspaces that run as far as the API tells, with nothing behind their addresses.
  void add_running(const std::vector<std::string>& workspaces);
  /// Paths in a claim's home, in order.
  std::vector<std::string> home_files(const std::string& claim) const;

  /// The container of a pod ends, e.g. {"exitCode": 137, "reason": "OOMKilled"}.
  void end_container(const std::string& pod, const Json& terminated);
  /// As `kubectl delete pod`.
  void delete_pod(const std::string& pod);

  // Faults, for what comes next:
  void refuse(int requests);       // that many are answered 503
  void lose_next_answer();         // the next POST is done and not answered
  void cut_watches();              // and whoever resumes is told that its place is forgotten
  void hold_watches(bool held);    // nothing is told any more, as on a dead connection
  void image_is_missing(bool it);  // of pods that are to begin: ErrImagePull
  void node_is_dead(bool it);      // pods neither begin nor end
  void node_tells_late(bool it);   // of pods that begin, their addresses alone
  void claims_bind(bool they);     // claims get their volumes: at once, which is usual, or not
  void hide_secrets(bool it);      // 403 for who reads one
  void keep_claims(bool it);       // 403 for who deletes one
  /// Who asks whether it may is told no; "create pods".
  void deny(const std::string& right);

 private:
  using Key = std::pair<std::string, std::string>;  // resource and name
  struct Event {
    std::int64_t revision;
    std::string resource, line;
  };

  void handle(const ScriptedRequest& request, ScriptedConnection& connection);
  void review(const ScriptedRequest& request, ScriptedConnection& connection);
  void create(const std::string& resource, const ScriptedRequest& request, ScriptedConnection& connection);
  void apply(const Key& key, const ScriptedRequest& request, ScriptedConnection& connection);
  void remove(const Key& key, const ScriptedRequest& request, ScriptedConnection& connection);
  void list(const std::string& resource, ScriptedConnection& connection);
  void watch(const std::string& resource, const std::string& target, ScriptedConnection& connection);

  // With the lock held:
  void store(const Key& key, Json object, const char* event);
  void erase(const Key& key);
  void run_node();
  bool begin_pod(Json pod);
  bool tell_running(Json pod);
  void make_home(const Json& pod, const Json& secret);
  void end_runner(const std::string& pod, bool orderly);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Key, Json> objects_;
  std::map<std::string, std::vector<std::string>> homes_;  // of claims
  std::map<std::string, int> runners_;                     // listening sockets of pods
  PodPrograms* programs_ = nullptr;
  std::set<std::string> denied_;
  std::vector<Event> events_;
  std::int64_t revision_ = 100, oldest_ = 0;
  std::uint64_t cuts_ = 0;
  int refused_ = 0, addresses_ = 0;
  bool lose_ = false, held_ = false, missing_ = false, dead_ = false, hidden_ = false, closing_ = false;
  bool late_ = false, binds_ = true, keeps_ = false;
  std::uint16_t runner_port_ = 0;
  std::jthread node_;
  std::unique_ptr<ScriptedServer> server_;
};

}  // namespace berth::test
