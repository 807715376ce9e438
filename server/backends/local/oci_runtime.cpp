// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/oci_runtime.hpp"

#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "server/backends/local/process_identity.hpp"

namespace berth::server::local {

namespace {

/// Changes when the outcome of a trial might: another boot, kernel, program or id mapping.
std::string trial_key(const std::string& program, bool two_uids) {
  utsname system{};
  uname(&system);
  struct stat file{};
  stat(program.c_str(), &file);
  return program + " " + std::to_string(file.st_mtime) + " " + std::to_string(file.st_size) + " " +
         system.release + " " + boot_id() + (two_uids ? " two" : " one") + "\n";
}

/// For a message: without control characters, not too long.
std::string first_line(const std::string& text) {
  std::string line = text.substr(0, std::min(text.find('\n'), std::size_t{300}));
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  while (line.ends_with(' ') || line.ends_with(';')) line.pop_back();
  return line;
}

}  // namespace

Command OciRuntime::command(std::vector<std::string> arguments) const {
  std::vector<std::string> all = {program_, "--root", state_folder_};
  if (name_ == "runsc") all.insert(all.end(), {"--network=host", "--ignore-cgroups", "--host-uds=all"});
  all.insert(all.end(), arguments.begin(), arguments.end());
  // "host" is for gVisor the network namespace that it starts in: a fresh one.
  const bool makes = is_gvisor() && (arguments.front() == "create" || arguments.front() == "run");
  return {.arguments = std::move(all),
          .environment = {"PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"},
          .new_network = makes};
}

Result<OciRuntime> OciRuntime::choose(const UserNamespace& space, const std::string& wanted,
                                      const std::string& state_folder, const Trial& trial) {
  const std::vector<std::string> names =
      wanted.empty() ? std::vector<std::string>{"crun", "runc", "runsc"} : std::vector{wanted};
  const std::string known = read_small_file(trial.cache);
  std::string refusals;
  for (const auto& name : names) {
    const std::string program = find_program(name);
    if (program.empty()) {
      refusals += name + ": not installed; ";
      continue;
    }
    OciRuntime runtime(space, name, program, state_folder + "/" + name);
    mkdir(runtime.state_folder_.c_str(), 0700);
    const std::string key = trial_key(program, space.two_uids());
    if (known == key) return runtime;
    const std::string id = "trial-" + std::to_string(getpid());
    runtime.remove(id);  // of a server that was killed here and had the same process id
    auto end = space.run(runtime.command({"run", "--bundle", trial.bundle, id}));
    if (end && end->status == 0) {
      if (auto kept = write_whole_file(trial.cache, key, 0600); !kept) return std::unexpected(kept.error());
      return runtime;
    }
    refusals += name + ": " + (end ? end->output : end.error().message) + "; ";
    runtime.remove(id);
  }
  if (!wanted.empty())
    return failure(ErrorCode::unsupported,
                   "The container runtime " + wanted + " does not work here (" + first_line(refusals) +
                       "). Leave the option `runtime` out to have one chosen that does.",
                   refusals);
  return failure(ErrorCode::unsupported,
                 "No container runtime works here. Install crun or runc, and see that unprivileged user "
                 "namespaces are allowed.",
                 refusals);
}

Result<pid_t> OciRuntime::create(const std::string& id, const Creation& creation) const {
  const std::string pid_file = creation.bundle + "/pid";
  // Made here, so that this user may read what the runtime, another id, writes into it.
  if (auto made = write_whole_file(pid_file, "", 0644); !made) return std::unexpected(made.error());
  std::vector<std::string> arguments = {"create", "--bundle", creation.bundle, "--pid-file", pid_file};
  if (!creation.descriptors.empty())
    arguments.insert(arguments.end(), {"--preserve-fds", std::to_string(creation.descriptors.size())});
  arguments.push_back(id);
  Command create = command(std::move(arguments));
  create.descriptors = creation.descriptors;
  create.input = creation.input;
  create.output = creation.log;
  create.cgroups = creation.cgroups;
  auto end = space_->run(std::move(create));
  if (!end) return std::unexpected(std::move(end.error()));
  if (end->status != 0)
    return failure(ErrorCode::internal, "The workspace's container could not be made.",
                   name_ + " create ended with " + std::to_string(end->status));
  const pid_t pid = static_cast<pid_t>(strtol(read_small_file(pid_file).c_str(), nullptr, 10));
  if (pid <= 0)
    return failure(ErrorCode::internal, "The workspace's container could not be made.",
                   name_ + " told no process");
  return pid;
}

Result<void> OciRuntime::start(const std::string& id) const {
  auto done = space_->run_checked(command({"start", id}), "start");
  if (!done) return std::unexpected(std::move(done.error()));
  return {};
}

bool OciRuntime::knows(const std::string& id) const {
  // runc and crun have a folder of that name, gVisor files whose names begin with it.
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(state_folder_, error))
    if (entry.path().filename().string().starts_with(id)) return true;
  return false;
}

void OciRuntime::remove(const std::string& id) const {
  if (!knows(id)) return;
  std::jthread reaper;
  if (is_gvisor())
    // gVisor waits for seconds for its own processes, which are this server's children by now, to be reaped.
    reaper = std::jthread([](std::stop_token ended) {
      do {
        reap_named("exe");
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      } while (!ended.stop_requested());
      reap_named("exe");
    });
  // Its own words are of no use here: what can't be removed shows up again in the next start.
  (void)space_->run(command({"delete", "--force", id}));
}

}  // namespace berth::server::local
