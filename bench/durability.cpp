// SPDX-License-Identifier: GPL-3.0-or-later
// How long a save takes to be stored, what a small change of a large file costs, and how fast many small
// files come back; beside restic, tar and whole-file copies of the same folder on the same disk.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <format>
#include <fstream>
#include <thread>

#include "bench/document.hpp"
#include "protocol/rest_history.hpp"

namespace berth::bench {
namespace {

namespace fs = std::filesystem;
using protocol::Json;
namespace rest = protocol::rest;

/// Runs a command of a peer; its duration in ms. Everything it wrote is on the disk when the clock stops.
double run_peer(const std::string& command, const fs::path& on_disk) {
  const auto begin = Clock::now();
  if (std::system((command + " >/dev/null 2>&1").c_str()) != 0) throw Failure("a peer failed: " + command);
  const int folder = ::open(on_disk.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0 || ::syncfs(folder) != 0) throw Failure("the disk could not be synced");
  ::close(folder);
  return milliseconds_since(begin);
}

bool has(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
}

std::uint64_t bytes_below(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

/// restic with a repository of its own below `work`.
class Restic {
 public:
  explicit Restic(const fs::path& work) : repository_(work / "restic") { run_peer(command("init"), work); }
  void backup(const fs::path& folder) { run_peer(command("backup " + quoted(folder)), repository_); }
  double restore(const fs::path& target) {
    return run_peer(command("restore latest --target " + quoted(target)), target.parent_path());
  }
  std::uint64_t size() const { return bytes_below(repository_); }

 private:
  std::string command(const std::string& rest) const {
    return "RESTIC_PASSWORD=bench restic --no-cache -q -r " + quoted(repository_) + " " + rest;
  }
  fs::path repository_;
};

/// Listens to a window's notifications; the window outlives it.
class StorageWatch {
 public:
  explicit StorageWatch(BerthWindow& window) : window_(window) {
    window.on_notification([this](std::string_view method, const Json& params) {
      if (method == "document/state")
        documents_[params.value("document", "")] = params.value("stored_version", std::uint64_t{0});
    });
  }
  ~StorageWatch() { window_.on_notification({}); }
  StorageWatch(const StorageWatch&) = delete;
  StorageWatch& operator=(const StorageWatch&) = delete;
  /// Until this version of a document is stored.
  void wait_for_document(const std::string& document, std::uint64_t version) {
    window_.read_until([&] { return documents_[document] >= version; });
  }

 private:
  BerthWindow& window_;
  std::map<std::string, std::uint64_t> documents_;
};

/// Each named version is made of what is there now, and its answer means that it is stored.
void store_everything(Setup& setup) {
  setup.berth().server().call<rest::CreateVersion>({"bench"}, setup.berth().workspace());
}

}  // namespace

void measure_stored(Setup& setup) {
  make_file(setup, "bench-stored.txt", 10'000);
  const auto window = setup.berth().open_window();
  StorageWatch watch(*window);
  OpenDocument document(*window, "bench-stored.txt");
  Runs results;
  for (int run = 0; run < setup.times(5, 1); ++run) {
    std::vector<double> samples;
    for (int i = 0; i < setup.times(25, 3); ++i) {
      const auto edit = document.type();
      const auto save = document.save();
      document.wait_for_edit(edit);
      document.wait_for_save(save);
      const auto saved = Clock::now();
      watch.wait_for_document(document.id(), document.version());
      samples.push_back(milliseconds_since(saved));
      // People save now and then, not in a loop.
      std::this_thread::sleep_for(std::chrono::milliseconds(setup.times(1'200, 10)));
    }
    results.add_run(std::move(samples));
  }
  setup.report().add({"stored.p50", results.p50(), "ms", {}, 0, results.count()});
  setup.report().add({"stored.p99", results.p99(), "ms", {}, 0, results.count()});
}

void measure_dedup(Setup& setup) {
  const std::uint64_t size = setup.quick() ? 5'000'000 : 100'000'000;
  {
    auto desk = setup.berth().open(1);
    Screen screen(*desk.terminals[0]);
    prepare_shell(desk, screen);
    run_command(desk, screen, std::format("head -c {} /dev/urandom > large", size));
  }
  const auto copy = setup.places().work / "copy";
  fs::create_directories(copy);
  const auto home = setup.berth().server().data() / "workspaces" / setup.berth().workspace() / "home/project";
  std::optional<Restic> restic;
  if (has("restic")) restic.emplace(setup.places().work);
  const auto used = [&] { return setup.berth().server().call<rest::GetStorage>().used; };
  std::vector<double> ours, theirs;
  store_everything(setup);
  run_peer("cp -a " + quoted(home / "large") + " " + quoted(copy), copy);
  if (restic) restic->backup(copy);
  const int runs = setup.times(5, 1);
  for (int run = 0; run < runs; ++run) {
    const auto at = size / static_cast<std::uint64_t>(runs + 1) * static_cast<std::uint64_t>(run + 1);
    const auto change =
        std::format("printf '%b' '\\{:03o}' | dd conv=notrunc bs=1 seek={} status=none of=", run + 1, at);
    const auto before = used();
    auto desk = setup.berth().open(1);
    Screen screen(*desk.terminals[0]);
    prepare_shell(desk, screen);
    run_command(desk, screen, change + "large");
    store_everything(setup);
    ours.push_back(static_cast<double>(used() - before) / 1024);
    if (!restic) continue;
    const auto size_before = restic->size();
    run_peer(change + quoted(copy / "large"), copy);
    restic->backup(copy);
    theirs.push_back(static_cast<double>(restic->size() - size_before) / 1024);
  }
  setup.report().add(
      {"dedup.stored", median(ours), "KiB", restic ? "restic" : "", restic ? median(theirs) : 0, runs});
  setup.report().add({"dedup.stored_beside_copy", median(ours), "KiB", "whole file",
                      static_cast<double>(size) / 1024, runs});
}

namespace {

/// Ten files a folder of 100 bytes to 9 KB of text, as packages have them, below project/tree.
void make_small_files(Setup& setup, int folders) {
  auto desk = setup.berth().open(1);
  Screen screen(*desk.terminals[0]);
  prepare_shell(desk, screen);
  run_command(desk, screen,
              std::format("seq {} | awk '{{print \"tree/\" $1 % 50 \"/\" $1}}' | xargs mkdir -p", folders),
              std::chrono::minutes(1));
  run_command(desk, screen,
              std::format("awk 'BEGIN {{for (d = 1; d <= {}; ++d) for (f = 1; f <= 10; ++f) {{ "
                          "name = \"tree/\" d % 50 \"/\" d \"/\" f \".js\"; "
                          "for (n = d * f; n <= d * f + (d * 7 + f * 13) % 1500; ++n) print n > name; "
                          "close(name) }}}}'",
                          folders),
              std::chrono::minutes(5));
}

/// A fork starts in a home of its own with everything of the newest version brought back; until it runs, ms.
double measure_fork(BerthServer& server, const std::string& from, std::vector<std::string>& forks) {
  const auto begin = Clock::now();
  auto fork = server.call<rest::CreateWorkspace>({.name = "fork",
                                                  .template_id = "empty",
                                                  .start = true,
                                                  .git_url = {},
                                                  .from_workspace = from,
                                                  .from_version = {}});
  while (fork.state == rest::WorkspaceState::starting) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    fork = server.call<rest::GetWorkspace>({}, fork.id);
  }
  const auto time = milliseconds_since(begin);
  if (fork.state != rest::WorkspaceState::running || !fork.reason.empty())
    throw Failure("the fork: " + fork.reason);
  forks.push_back(fork.id);
  return time;
}

}  // namespace

void measure_restore(Setup& setup) {
  make_small_files(setup, setup.quick() ? 30 : 3'000);
  store_everything(setup);
  auto& server = setup.berth().server();
  const auto work = setup.places().work;
  const auto tree = server.data() / "workspaces" / setup.berth().workspace() / "home/project/tree";
  run_peer("tar -cf " + quoted(work / "tree.tar") + " -C " + quoted(tree.parent_path()) + " tree", work);
  std::optional<Restic> restic;
  if (has("restic")) restic.emplace(work);
  if (restic) restic->backup(tree);
  std::map<std::string, Runs> results;
  std::vector<std::string> forks;
  // Nothing is deleted in between: ext4 looks at every file that was deleted in the last minutes before it
  // takes a new one's number, so whoever came after a deletion would pay for it, many times over.
  for (int run = 0; run < setup.times(5, 1); ++run) {
    const auto fresh = [&](const std::string& peer) {
      auto out = work / ("restored-by-" + peer + "-" + std::to_string(run));
      fs::create_directories(out);
      return out;
    };
    const std::vector<std::pair<std::string, std::function<double()>>> turns = {
        {"berth", [&] { return measure_fork(server, setup.berth().workspace(), forks); }},
        {"tar x",
         [&] {
           const auto out = fresh("tar");
           return run_peer("tar -xf " + quoted(work / "tree.tar") + " -C " + quoted(out), out);
         }},
        {"whole files",
         [&] {
           const auto out = fresh("cp");
           return run_peer("cp -a " + quoted(tree) + " " + quoted(out), out);
         }},
        {"restic", [&] { return restic->restore(fresh("restic")); }}};
    for (std::size_t turn = 0; turn < turns.size(); ++turn) {
      const auto& [name, measure] = turns[(turn + static_cast<std::size_t>(run)) % turns.size()];
      if (name == "restic" && !restic) continue;
      results[name].add_run({measure()});
    }
  }
  for (const auto& fork : forks) server.delete_workspace(fork);
  setup.compare("restore", "ms", results, false);
}

}  // namespace berth::bench
