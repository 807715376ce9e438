// SPDX-License-Identifier: GPL-3.0-or-later
// Files and clocks for tests of credentials and templates.
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "server/backends/kubernetes/kube_credentials.hpp"

namespace berth::test {

/// A folder with files, removed at the end.
class KubeFolder {
 public:
  KubeFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "berth-kube-XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~KubeFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string write(const std::string& name, const std::string& text, unsigned mode = 0600) const {
    const auto path = path_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    chmod(path.c_str(), mode);
    return path;
  }
  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Credentials whose clocks stand still until they are moved.
struct Renewal {
  std::chrono::steady_clock::time_point steady{};
  std::chrono::system_clock::time_point wall = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};
  server::kubernetes::KubeCredentials credentials;
  explicit Renewal(server::kubernetes::KubeAccess access)
      : credentials(
            std::move(access), {.deadline = std::chrono::seconds(10)}, [this] { return steady; },
            [this] { return wall; }) {}
};

}  // namespace berth::test
