// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/workspace_home.hpp"

#include <algorithm>
#include <filesystem>

#include "protocol/codec.hpp"
#include "server/backends/local/child_process.hpp"
#include "server/backends/local/generated_etc.hpp"
#include "server/backends/local/workspace_record.hpp"

namespace berth::server::local {

namespace {

namespace fs = std::filesystem;

bool is_template_id(const std::string& text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::unexpected<Error> disk_failure(const fs::filesystem_error& error) {
  return failure(ErrorCode::internal, "The workspace's home could not be made.", error.what());
}

}  // namespace

Result<WorkspaceHomes> WorkspaceHomes::open(const std::string& folder, const std::string& templates) {
  try {
    fs::create_directories(folder);
    fs::permissions(folder, fs::perms::owner_all);
  } catch (const fs::filesystem_error& error) {
    return disk_failure(error);
  }
  if (auto owned = take_own_group(folder); !owned) return std::unexpected(std::move(owned.error()));
  WorkspaceHomes homes;
  homes.folder_ = folder;
  homes.templates_ = templates;
  return homes;
}

Result<void> WorkspaceHomes::ensure(const std::string& workspace, const std::string& template_id,
                                    bool empty) const {
  if (!is_template_id(template_id) || !fs::is_directory(templates_ + "/" + template_id))
    return failure(ErrorCode::not_found, "There is no template \"" + template_id + "\".");
  try {
    const fs::path place = fs::path(folder_) / workspace;
    fs::create_directories(place / "state");
    for (const auto& part : {place, place / "state"}) fs::permissions(part, fs::perms::owner_all);
    for (const auto& part : {place, place / "state", place / "home"})
      if (auto owned = take_own_group(part); !owned) return owned;
    if (fs::exists(place / "home")) return {};
    const fs::path fresh = place / "home.new";
    fs::remove_all(fresh);
    fs::create_directories(fresh / "project");
    const fs::path files = fs::path(templates_) / template_id / "files";
    if (!empty && fs::is_directory(files))
      fs::copy(files, fresh / "project", fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    // Templates of a package are read-only for their owner too; a home's are the person's.
    for (const auto& entry : fs::recursive_directory_iterator(fresh))
      if (!entry.is_symlink())
        fs::permissions(entry, fs::perms::owner_read | fs::perms::owner_write, fs::perm_options::add);
    for (const auto& [name, file] : empty ? std::map<std::string, GeneratedFile>() : generated_home())
      if (auto written = write_whole_file(fresh / name, file.content, file.mode); !written) return written;
    fs::permissions(fresh, fs::perms(0755));
    fs::rename(fresh, place / "home");
    return {};
  } catch (const fs::filesystem_error& error) {
    return disk_failure(error);
  }
}

Result<void> WorkspaceHomes::forget(const std::string& workspace, const UserNamespace& space) const {
  const std::string place = folder_ + "/" + workspace;
  std::error_code error;
  if (!fs::exists(place, error)) return {};
  // As root of the server's namespace, which has every right over the ids that a workspace can use.
  auto done = space.run_checked({.arguments = {find_program("rm"), "-rf", "--one-file-system", "--", place},
                                 .environment = {"PATH=/usr/bin:/bin"},
                                 .deadline = std::chrono::minutes(10)},
                                "delete the home");
  if (!done)
    return failure(ErrorCode::internal, "The workspace's files could not be deleted.", done.error().detail);
  return {};
}

std::vector<std::string> WorkspaceHomes::workspaces() const {
  std::vector<std::string> ids;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error))
    if (is_workspace_id(entry.path().filename()) && fs::is_directory(entry.path() / "home", error))
      ids.push_back(entry.path().filename());
  return ids;
}

Result<TemplateSystem> WorkspaceHomes::system_of(const std::string& template_id) const {
  if (!is_template_id(template_id))
    return failure(ErrorCode::not_found, "There is no template \"" + template_id + "\".");
  auto json = protocol::parse_json(read_small_file(templates_ + "/" + template_id + "/template.json"));
  if (!json || !json->is_object()) return TemplateSystem{"/", {}};
  if (!json->contains("system")) {
    const auto image = json->find("image");
    if (image == json->end()) return TemplateSystem{"/", {}};
    if (!image->is_string() || image->get<std::string>().empty())
      return failure(ErrorCode::unsupported,
                     "The template \"" + template_id + "\" is damaged: template.json.",
                     "image: " + image->dump());
    return TemplateSystem{{}, image->get<std::string>()};
  }
  const auto& system = (*json)["system"];
  if (!system.is_string() || !fs::is_directory(system.get<std::string>() + "/usr"))
    return failure(ErrorCode::unsupported, "The system of this template is not unpacked on this server.",
                   template_id + ".system: " + system.dump());
  return TemplateSystem{system.get<std::string>(), {}};
}

}  // namespace berth::server::local
