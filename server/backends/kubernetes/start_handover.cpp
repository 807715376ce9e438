// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/start_handover.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include "protocol/codec.hpp"
#include "protocol/net/file_descriptor.hpp"
#include "protocol/runner_start.hpp"
#include "server/backends/inside_workspace.hpp"

namespace berth::server::kubernetes {

using protocol::Json;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_secret = 900u << 10;  // bytes; a secret holds 1 MiB with its names
constexpr std::size_t largest_template = 64u << 10;

bool is_template_name(const std::string& id) {
  return !id.empty() && id.size() <= 63 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

/// A shell that knows who it is: bash, git and ssh look their user up.
std::string passwd_of(std::uint32_t id) {
  const auto number = std::to_string(id);
  return "root:x:0:0:root:/root:/usr/sbin/nologin\nberth:x:" + number + ":" + number +
         ":berth:" + home_inside_pod +
         ":/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n";
}

std::string group_of(std::uint32_t id) {
  return "root:x:0:\ntty:x:5:\nberth:x:" + std::to_string(id) + ":\nnogroup:x:65534:\n";
}

Json home_file(const std::string& path, unsigned mode, const std::string& content) {
  return {{"path", path}, {"mode", mode}, {"content", protocol::encode_base64url(content)}};
}

std::unexpected<Error> unreadable_template(const std::string& id, std::string detail) {
  return failure(ErrorCode::internal,
                 "The template \"" + id + "\" can't be read; the log says which file, for the administrator.",
                 std::move(detail));
}

std::unexpected<Error> too_large_template(const std::string& id, std::string detail = {}) {
  return failure(ErrorCode::too_large,
                 "The template \"" + id +
                     "\" is too large for Kubernetes (about 600 KiB in all); put its files into its image or "
                     "import them from git.",
                 std::move(detail));
}

/// Content of a template's file; nullopt where there is none, too_large beyond `limit` bytes.
Result<std::optional<std::string>> read_template_file(const std::string& id, const fs::path& path,
                                                      std::size_t limit) {
  const net::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file && errno == ENOENT) return std::nullopt;
  std::string text;
  char part[16'384];
  ssize_t got = file ? 0 : -1;
  while (file && (got = ::read(file.get(), part, sizeof part)) != 0) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) break;
    text.append(part, static_cast<std::size_t>(got));
    if (text.size() > limit) return too_large_template(id, path.string());
  }
  if (got < 0) return unreadable_template(id, path.string() + ": " + std::strerror(errno));
  return text;
}

/// The template's own files, below project/. All of them or an error: a home is made once, and what is
/// missing then stays missing.
Result<void> add_starters(Json& files, const std::string& id, const fs::path& starters) {
  std::error_code error;
  std::size_t size = 0;
  auto path = starters;
  fs::recursive_directory_iterator entry(starters, error);
  if (error == std::errc::no_such_file_or_directory) return {};
  for (const fs::recursive_directory_iterator end; !error && entry != end; entry.increment(error)) {
    path = entry->path();
    const auto status = entry->symlink_status(error);
    if (error) break;
    if (!fs::is_regular_file(status)) continue;
    auto content = read_template_file(id, path, largest_secret);
    if (!content) return std::unexpected(std::move(content.error()));
    if (!*content) return unreadable_template(id, path.string() + ": it went away");
    size += (*content)->size();
    if (size > largest_secret) return too_large_template(id);
    const bool runs = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
    files.push_back(
        home_file("project/" + path.lexically_relative(starters).string(), runs ? 0755u : 0644u, **content));
  }
  if (error) return unreadable_template(id, path.string() + ": " + error.message());
  return {};
}

/// What a new home begins with; a project folder alone where it is to be empty.
Result<std::string> home_of(const StartRequest& request, const std::string& templates) {
  Json files = Json::array();
  if (!request.empty_home) {
    for (const auto& [name, file] : generated_home())
      files.push_back(home_file(name, file.mode, file.content));
    if (auto added =
            add_starters(files, request.template_id, fs::path(templates) / request.template_id / "files");
        !added)
      return std::unexpected(std::move(added.error()));
  }
  return protocol::to_text({{"files", std::move(files)}});
}

}  // namespace

StartKeys new_start_keys(const std::string& workspace) {
  static constexpr char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
  std::string mark(8, '\0');
  randombytes_buf(mark.data(), mark.size());
  for (auto& c : mark) c = letters[static_cast<unsigned char>(c) & 31u];
  return {protocol::generate_key_pair(), pod_name(workspace) + "-" + mark};
}

Result<PodTemplate> read_pod_template(const std::string& templates, const std::string& id,
                                      const std::string& default_image) {
  const auto unknown = failure(ErrorCode::not_found, "There is no template \"" + id + "\".");
  if (!is_template_name(id)) return unknown;
  const auto folder = fs::path(templates) / id;
  std::error_code error;
  const auto status = fs::status(folder, error);
  if (!fs::status_known(status)) return unreadable_template(id, folder.string() + ": " + error.message());
  if (!fs::is_directory(status)) return unknown;
  PodTemplate chosen{id, default_image, false};
  auto text = read_template_file(id, folder / "template.json", largest_template);
  if (!text) return std::unexpected(std::move(text.error()));
  if (*text) {
    const auto json = protocol::parse_json(**text);
    if (!json || !json->is_object())
      return failure(ErrorCode::unsupported, "The template \"" + id + "\" is damaged: template.json.");
    if (const auto image = json->find("image"); image != json->end() && image->is_string())
      chosen.image = image->get<std::string>();
    if (const auto closed = json->find("read_only_root"); closed != json->end() && closed->is_boolean())
      chosen.read_only_root = closed->get<bool>();
  }
  if (chosen.image.empty())
    return failure(ErrorCode::unsupported, "The template \"" + id +
                                               "\" names no image, and there is no default image; the "
                                               "administrator must set one.");
  return chosen;
}

Result<std::map<std::string, std::string>> start_files(
    const StartRequest& request, const StartKeys& keys, const std::string& templates,
    const PodSettings& settings, const std::map<std::string, std::string>& environment) {
  auto home = home_of(request, templates);
  if (!home) return std::unexpected(std::move(home.error()));
  const auto& secret_key = keys.runner.secret_key;
  protocol::RunnerStart start{.workspace = request.workspace,
                              .server_public_key = protocol::encode_key(request.server_key),
                              .runner_secret_key = protocol::encode_base64url(
                                  {reinterpret_cast<const char*>(secret_key.data()), secret_key.size()}),
                              .home = home_inside_pod,
                              .project = "project",
                              .state_directory = state_inside_pod,
                              .person_name = "berth",
                              .person_uid = settings.person_id,
                              .person_gid = settings.person_id,
                              .runner_uid = settings.person_id,
                              .listen_fd = {},
                              .listen_tcp = "0.0.0.0:" + std::to_string(settings.runner_port),
                              .shell = "/bin/bash",
                              .environment = workspace_environment("", environment)};
  std::map<std::string, std::string> files{{"start.json", protocol::to_text(protocol::encode(start))},
                                           {"home.json", std::move(*home)},
                                           {"passwd", passwd_of(settings.person_id)},
                                           {"group", group_of(settings.person_id)}};
  std::size_t size = 0;
  for (const auto& [name, content] : files) size += content.size();
  if (size > largest_secret) return too_large_template(request.template_id);
  return files;
}

}  // namespace berth::server::kubernetes
