// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of 10,000 files: the first page of its listing, beside readdir and lstat of them all and a server
// that sends all.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>

#include "bench/setup.hpp"

namespace berth::bench {
namespace {

constexpr int entries = 10'000;

double read_folder(const std::filesystem::path& folder) {
  const auto begin = Clock::now();
  DIR* open = ::opendir(folder.c_str());
  if (open == nullptr) throw Failure("a folder of the bench is gone");
  std::size_t count = 0;
  while (const dirent* entry = ::readdir(open)) {
    struct stat status{};
    if (::fstatat(::dirfd(open), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) ++count;
  }
  ::closedir(open);
  if (count < entries) throw Failure("a folder of the bench lacks files");
  return milliseconds_since(begin);
}

}  // namespace

void measure_list(Setup& setup) {
  {
    auto desk = setup.berth().open(1);
    Screen screen(*desk.terminals[0]);
    prepare_shell(desk, screen);
    run_command(desk, screen,
                "mkdir -p bench-list && seq -f 'bench-list/file-%05g.txt' " + std::to_string(entries) +
                    " | xargs touch");
  }
  const auto folder = setup.places().work / "bench-list";
  std::filesystem::create_directories(folder);
  for (int i = 1; i <= entries; ++i) std::ofstream(folder / std::format("file-{:05}.txt", i));
  const auto window = setup.berth().open_window();
  std::unique_ptr<SocketIoClient> peer;
  if (setup.socket_io() != nullptr)
    peer = std::make_unique<SocketIoClient>(socket_io_port(*setup.socket_io()));

  std::map<std::string, Runs> first_page;
  std::map<std::string, Runs> all;
  double page_bytes = 0;
  const int times = setup.times(20, 2);
  for (int run = 0; run < setup.times(6, 1); ++run)
    for (int turn = 0; turn < 3; ++turn) {
      std::vector<double> samples;
      std::vector<double> all_samples;
      const int whose = (run + turn) % 3;
      for (int i = 0; i < times; ++i) {
        const auto begin = Clock::now();
        if (whose == 0) {
          const auto received = window->socket().bytes_received();
          auto page = window->call<protocol::FileList>({"project/bench-list", {}, {}});
          samples.push_back(milliseconds_since(begin));
          page_bytes = static_cast<double>(window->socket().bytes_received() - received) / 1024;
          auto count = page.entries.size();
          while (page.cursor) {
            page = window->call<protocol::FileList>({"project/bench-list", page.cursor, {}});
            count += page.entries.size();
          }
          all_samples.push_back(milliseconds_since(begin));
          if (count != entries) throw Failure("a listing of 10,000 files has " + std::to_string(count));
        } else if (whose == 1) {
          samples.push_back(read_folder(folder));
        } else if (peer) {
          peer->call("file:list", "\"bench-list\"");
          samples.push_back(milliseconds_since(begin));
        }
      }
      if (whose == 0) {
        first_page["berth"].add_run(std::move(samples));
        all["berth"].add_run(std::move(all_samples));
      } else if (!samples.empty()) {
        const std::string name = whose == 1 ? "readdir" : "socket.io";
        first_page[name].add_run(samples);
        all[name].add_run(std::move(samples));
      }
    }
  setup.compare("list.first_page", "ms", first_page);
  setup.compare("list.all", "ms", all);
  setup.report().add({"list.first_page_size", page_bytes, "KiB"});
}

}  // namespace berth::bench
