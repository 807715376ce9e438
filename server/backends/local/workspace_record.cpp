// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/workspace_record.hpp"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>

#include "protocol/codec.hpp"
#include "server/backends/local/child_process.hpp"
#include "server/backends/local/user_namespace.hpp"

namespace berth::server::local {

namespace {

namespace fs = std::filesystem;

/// Makes the folder private to this user; refuses one that somebody else has made.
Result<void> make_private(const std::string& path) {
  struct stat status{};
  if ((mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) || lstat(path.c_str(), &status) != 0)
    return failure(ErrorCode::internal, "The server could not make its runtime folder.",
                   path + ": " + strerror(errno));
  if (!S_ISDIR(status.st_mode) || status.st_uid != geteuid())
    return failure(ErrorCode::internal, "The server's runtime folder belongs to somebody else.", path);
  if ((status.st_mode & 077) != 0) chmod(path.c_str(), 0700);
  return take_own_group(path);
}

}  // namespace

Result<RuntimeFolder> RuntimeFolder::open(const std::string& data) {
  RuntimeFolder folder;
  folder.path_ = data + "/run";
  if (folder.socket_folder("aaaaaaaaaa").size() + sizeof "/runner.sock" > sizeof(sockaddr_un{}.sun_path)) {
    // The same data folder always leads to the same place, for the next server.
    const char* base = getenv("XDG_RUNTIME_DIR");
    char name[40];
    snprintf(name, sizeof name, "/berth-%u-%012zx", geteuid(),
             std::hash<std::string>{}(data) & 0xffffffffffff);
    folder.path_ = std::string(base && strlen(base) < 40 ? base : "/tmp") + name;
  }
  for (const std::string& part : {folder.path_, folder.path_ + "/ws", folder.path_ + "/oci"})
    if (auto made = make_private(part); !made) return std::unexpected(made.error());
  return folder;
}

std::optional<WorkspaceRecord> RuntimeFolder::load(const std::string& workspace) const {
  const std::string text = read_small_file(of(workspace) + "/record.json");
  if (text.empty()) return std::nullopt;
  auto json = protocol::parse_json(text);
  auto record = json ? protocol::decode<WorkspaceRecord>(*json, "record") : std::unexpected(json.error());
  // A damaged record still says that something may be left of a start.
  return record ? std::move(*record) : WorkspaceRecord{};
}

Result<void> RuntimeFolder::save(const std::string& workspace, const WorkspaceRecord& record) const {
  return write_whole_file(of(workspace) + "/record.json", protocol::to_text(protocol::encode(record)), 0600);
}

void RuntimeFolder::remove(const std::string& workspace) const {
  std::error_code ignored;
  fs::remove_all(of(workspace), ignored);
}

std::vector<std::string> RuntimeFolder::workspaces() const {
  std::vector<std::string> ids;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path_ + "/ws", error))
    if (is_workspace_id(entry.path().filename())) ids.push_back(entry.path().filename());
  return ids;
}

}  // namespace berth::server::local
