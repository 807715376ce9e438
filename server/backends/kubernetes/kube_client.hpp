// SPDX-License-Identifier: GPL-3.0-or-later
// Objects of an API server: read, listed, made, applied, deleted, watched; tried again as long as that can
// help. Knows the API's manners, nothing of workspaces. May be used from any thread; calls block.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "server/backends/kubernetes/kube_answers.hpp"
#include "server/backends/kubernetes/kube_transport.hpp"

namespace berth::server::kubernetes {

using protocol::Json;

struct KubeClientSettings {
  KubeAccess access;
  ExecLimits exec = {};
  std::string field_manager = "berthd";
  std::chrono::milliseconds connect_deadline{10'000};
  std::chrono::milliseconds deadline{30'000};   // of one attempt
  std::chrono::milliseconds retry_for{20'000};  // no new attempt of a call begins after this
  std::chrono::milliseconds first_delay{100};   // between attempts; doubles, with jitter
  std::chrono::milliseconds longest_delay{5'000};
  std::chrono::seconds watch_life{290};  // that the server is asked to keep a watch open for
  // Without a byte, after which a watch is cut and resumed: bookmarks come each minute.
  std::chrono::seconds watch_idle{130};
  std::size_t page = 500;               // objects of a list's page
  std::size_t longest_line = 8u << 20;  // bytes, of a watch's events
};

struct Selection {
  std::string labels = {};  // "berth.dev/workspace,managed-by=berth"
  std::string fields = {};  // "metadata.name=x"
};

struct ObjectList {
  std::vector<Json> items;
  std::string resource_version;  // where a watch goes on
};

struct DeleteOptions {
  std::string uid = {};               // "": whichever is there
  std::string resource_version = {};  // "": in whatever state
  std::optional<std::int64_t> grace_seconds = {};
  std::string propagation = "Background";
};

struct ApplyOptions {
  bool force = true;     // takes over fields that somebody else set
  bool dry_run = false;  // validated and answered, not stored
};

/// What a watch tells; called on the thread of watch(). `listed` is the whole truth at its moment: what it
/// does not name is gone. Between two of them changes come in order, some perhaps twice.
struct WatchObserver {
  std::function<void(const ObjectList& list)> listed;
  std::function<void(const Json& object)> changed;
  std::function<void(const Json& object)> removed;
  std::function<void(const Error& error)> trouble = {};  // it goes on by itself; for the log
  std::function<void()> alive = {};                      // the server was heard: an event or a bookmark
};

class KubeClient {
 public:
  explicit KubeClient(KubeClientSettings settings);

  /// Errors of all: those of error_of_status; unavailable when the server can't be reached, is not trusted or
  /// the server's own credentials can't be had; cancelled after `stop`.
  Result<Json> get(const Resource& resource, const std::string& name_space, const std::string& name,
                   std::stop_token stop = {});
  /// All pages, objects without metadata.managedFields. When the pages' snapshot expires in between it begins
  /// once more.
  Result<ObjectList> list(const Resource& resource, const std::string& name_space,
                          const Selection& selection = {}, std::stop_token stop = {});
  /// Not tried again once the server may have seen it: what became of it is to be looked up then.
  Result<Json> create(const Resource& resource, const std::string& name_space, const Json& object,
                      std::stop_token stop = {});
  /// Server-side apply of `object`, which must have a name. conflict when another manager owns a field and
  /// `force` is off.
  Result<Json> apply(const Resource& resource, const std::string& name_space, const Json& object,
                     ApplyOptions options = {}, std::stop_token stop = {});
  /// False when there was none. conflict when a precondition does not hold. What has finalizers or a grace
  /// period is there for some time yet.
  Result<bool> remove(const Resource& resource, const std::string& name_space, const std::string& name,
                      const DeleteOptions& options = {}, std::stop_token stop = {});
  /// GET of any path, e.g. "/version".
  Result<Json> read(const std::string& path, std::stop_token stop = {});

  /// Lists, then tells every change, until `stop`; survives whatever becomes of the connection.
  void watch(const Resource& resource, const std::string& name_space, const Selection& selection,
             const WatchObserver& observer, std::stop_token stop);

  const KubeAccess& access() const { return settings_.access; }
  const KubeClientSettings& settings() const { return settings_; }

 private:
  struct Call {
    HttpCall http;
    bool repeatable = true;  // also when the server may have seen it
    std::string what;        // continues "Kubernetes refused to …"
  };
  friend class WatchLoop;

  Result<Json> send(const Call& call, std::stop_token stop);
  /// One attempt with credentials, and a second one with new ones when they were refused.
  Result<HttpOutcome> attempt(const HttpCall& http, std::stop_token stop);
  static Error error_of(const HttpOutcome& outcome, const std::string& what);
  Result<ObjectList> list_once(const Resource& resource, const std::string& name_space,
                               const Selection& selection, std::stop_token stop);

  const KubeClientSettings settings_;
  KubeCredentials credentials_;
  KubeTransport transport_;
};

/// Waits; false when stopped before.
bool pause_for(std::chrono::milliseconds pause, std::stop_token stop);

}  // namespace berth::server::kubernetes
