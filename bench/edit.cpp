// SPDX-License-Identifier: GPL-3.0-or-later
// One key's edit until it is journalled, in a small and in a 64 MiB document, beside one fdatasync on the
// same disk.
#include "bench/document.hpp"
#include "bench/fdatasync.hpp"

namespace berth::bench {
namespace {

std::vector<double> type_keys(OpenDocument& document, int keys) {
  std::vector<double> samples;
  for (int i = 0; i < keys; ++i) {
    const auto begin = Clock::now();
    document.wait_for_edit(document.type());
    samples.push_back(milliseconds_since(begin));
  }
  return samples;
}

}  // namespace

void measure_edit(Setup& setup) {
  const std::uint64_t large_size = static_cast<std::uint64_t>(setup.times(63, 1))
                                   << 20;  // 64 MiB with room to type in
  make_file(setup, "bench-small.txt", 1000);
  make_file(setup, "bench-large.txt", large_size);
  const auto window = setup.berth().open_window();
  OpenDocument small(*window, "bench-small.txt");
  const auto opening = Clock::now();
  OpenDocument large(*window, "bench-large.txt");
  const auto opened = milliseconds_since(opening);

  std::map<std::string, Runs> small_results;
  std::map<std::string, Runs> large_results;
  double small_payload = 0;
  double large_payload = 0;
  const int keys = setup.times(100, 10);
  for (int run = 0; run < setup.times(5, 1); ++run)
    for (int turn = 0; turn < 3; ++turn) {
      switch ((run + turn) % 3) {
        case 0:
          small_results["berth"].add_run(type_keys(small, keys));
          small_payload = static_cast<double>(window->last_request_size());
          break;
        case 1:
          large_results["berth"].add_run(type_keys(large, keys));
          large_payload = static_cast<double>(window->last_request_size());
          break;
        default:
          small_results["fdatasync"].add_run(append_and_sync(setup.berth().server().data(), keys));
      }
    }
  large_results["fdatasync"] = small_results["fdatasync"];
  setup.report().add({"edit.small_payload", small_payload, "bytes"});
  setup.report().add({"edit.large_payload", large_payload, "bytes"});
  setup.compare("edit.small", "ms", small_results);
  setup.compare("edit.large", "ms", large_results);
  setup.report().add({"edit.large_open", opened, "ms"});
}

}  // namespace berth::bench
