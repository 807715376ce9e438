// SPDX-License-Identifier: GPL-3.0-or-later
// A 1-byte edit of a 1 MiB file until it stands in the file, and the bytes a client sends for it.
#include "bench/document.hpp"

namespace berth::bench {

void measure_save(Setup& setup) {
  constexpr std::uint64_t size = 1u << 20;
  make_file(setup, "bench-save.txt", size);
  const auto window = setup.berth().open_window();
  OpenDocument document(*window, "bench-save.txt");
  std::unique_ptr<SocketIoClient> peer;
  if (setup.socket_io() != nullptr)
    peer = std::make_unique<SocketIoClient>(socket_io_port(*setup.socket_io()));
  std::string text;
  while (text.size() < size) text += std::string(79, '0') + "\n";
  text.resize(size);

  std::map<std::string, Runs> results;
  std::map<std::string, double> bytes;
  const int saves = setup.times(30, 3);
  for (int run = 0; run < setup.times(5, 1); ++run)
    for (int turn = 0; turn < 2; ++turn) {
      std::vector<double> samples;
      if ((run + turn) % 2 == 0) {
        const auto sent = window->socket().bytes_sent();
        for (int i = 0; i < saves; ++i) {
          const auto begin = Clock::now();
          const auto edit = document.type();
          const auto save = document.save();
          document.wait_for_edit(edit);
          document.wait_for_save(save);
          samples.push_back(milliseconds_since(begin));
        }
        bytes["berth"] = static_cast<double>(window->socket().bytes_sent() - sent) / saves;
        results["berth"].add_run(std::move(samples));
      } else if (peer) {
        const auto sent = peer->socket().bytes_sent();
        for (int i = 0; i < saves; ++i) {
          text.insert(text.size() / 2, "x");
          const auto begin = Clock::now();
          peer->call("file:save", "\"bench-save.txt\"," + nlohmann::json(text).dump());
          samples.push_back(milliseconds_since(begin));
        }
        bytes["socket.io"] = static_cast<double>(peer->socket().bytes_sent() - sent) / saves;
        results["socket.io"].add_run(std::move(samples));
      }
    }
  setup.compare("save", "ms", results);
  setup.report().add({"save.sent", bytes.at("berth"), "bytes", peer ? "socket.io" : "", bytes["socket.io"],
                      results.at("berth").count()});
}

}  // namespace berth::bench
