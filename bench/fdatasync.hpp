// SPDX-License-Identifier: GPL-3.0-or-later
// What a journal can't do without: 100 bytes appended and on the disk.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "bench/figure.hpp"

namespace berth::bench {

/// ms each, in a file of its own in `folder`.
inline std::vector<double> append_and_sync(const std::filesystem::path& folder, int times) {
  const auto path = folder / "bench-journal";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const std::string entry(100, 'x');
  std::vector<double> samples;
  for (int i = 0; i < times; ++i) {
    const auto begin = Clock::now();
    if (::write(file, entry.data(), entry.size()) < 0 || ::fdatasync(file) != 0)
      throw Failure("the disk does not take bytes");
    samples.push_back(milliseconds_since(begin));
  }
  ::close(file);
  std::filesystem::remove(path);
  return samples;
}

}  // namespace berth::bench
