// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces as OCI containers on this machine, made by an unprivileged berthd. README.md beside has the
// picture.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/backends/local/cgroup_subtree.hpp"
#include "server/backends/local/image_folder.hpp"
#include "server/backends/local/oci_runtime.hpp"
#include "server/backends/local/system_image.hpp"
#include "server/backends/local/user_namespace.hpp"
#include "server/backends/local/workspace_home.hpp"
#include "server/backends/local/workspace_network.hpp"
#include "server/backends/local/workspace_record.hpp"
#include "server/workspace_backend.hpp"

namespace berth::server::local {

struct LocalBackendOptions {
  std::string data;                       // the server's data folder; must belong to this process's user
  std::string runner;                     // the berth-runner program
  std::string templates;                  // folder with a folder per template
  std::string images = {};                // folder of the images that templates name; "": DATA/images
  std::string runtime = {};               // "crun", "runc" or "runsc"; "": the first that works
  std::vector<std::string> allowed = {};  // networks that workspaces may reach though they are private
  std::map<std::string, std::string> environment = {};  // of every terminal, besides the usual
  std::chrono::milliseconds ready_deadline{10'000};     // for a started runner to answer
};

class LocalBackend final : public WorkspaceBackend {
 public:
  /// Tries the runtime on this machine. unsupported, with a sentence that says what to do, where containers
  /// can't be made, and when this process is root: it must have become an ordinary user (start_as_root)
  /// before.
  static Result<std::unique_ptr<LocalBackend>> open(const LocalBackendOptions& options);
  ~LocalBackend() override;

  Result<RunnerAddress> start(const StartRequest& request) override;
  Result<BackendStatus> poll(const std::string& workspace) override;
  Result<void> stop(const std::string& workspace, int grace_ms) override;
  Result<void> forget(const std::string& workspace) override;
  Result<std::vector<std::string>> list() override;
  Result<std::optional<std::filesystem::path>> home(const std::string& workspace,
                                                    const std::string& template_id) override;
  Result<std::string> image_of(const std::string& template_id) override;
  Result<void> check_image(const std::string& image) override { return images_.check(image); }
  std::string describe() const override;
  bool limits_enforced() const override { return cgroups_.enforced(); }

  const std::string& runtime_name() const { return runtime_->name(); }
  bool two_uids() const { return space_.two_uids(); }

 private:
  /// Marks a workspace as starting or stopping while a call works on it; false when another call does.
  class Operation {
   public:
    Operation(LocalBackend& backend, const std::string& workspace, BackendState state);
    Operation(const Operation&) = delete;
    Operation& operator=(const Operation&) = delete;
    ~Operation();
    explicit operator bool() const { return !workspace_.empty(); }
    static std::unexpected<Error> refused();

   private:
    LocalBackend& backend_;
    std::string workspace_;
  };

  LocalBackend(LocalBackendOptions options, UserNamespace space, RuntimeFolder folder, WorkspaceHomes homes,
               WorkspaceNetwork network, CgroupSubtree cgroups);

  Result<void> choose_runtime();
  /// `image`: "" for the template's own.
  Result<SystemImage> system_for(const std::string& template_id, const std::string& image);
  Result<void> write_bundle(const StartRequest& request, const SystemImage& system);
  /// What a runner inherits; the listener only where the runtime passes one on.
  struct HandedOver {
    Descriptor listener;
    std::string start;  // RunnerStart as JSON
    Descriptor log;
  };
  Result<HandedOver> prepare(const StartRequest& request, WorkspaceRecord& record);
  Result<void> launch(const StartRequest& request, WorkspaceRecord& record);
  static Result<RunnerAddress> address(const WorkspaceRecord& record);
  void clear_remains(const std::string& workspace, const WorkspaceRecord* record);
  /// Why a runner that should run does not, in words.
  std::string end_reason(const std::string& workspace, const WorkspaceRecord& record) const;
  std::string memory_reason(const std::string& workspace, const WorkspaceRecord& record) const;

  const LocalBackendOptions options_;
  UserNamespace space_;
  RuntimeFolder folder_;
  WorkspaceHomes homes_;
  ImageFolder images_;
  WorkspaceNetwork network_;
  CgroupSubtree cgroups_;
  std::optional<OciRuntime> runtime_;

  std::mutex mutex_;                                // guards what follows
  std::map<std::string, BackendState> operations_;  // starting or stopping, by workspace
  std::map<std::string, SystemImage> systems_;      // by root of the system
};

}  // namespace berth::server::local
