// SPDX-License-Identifier: GPL-3.0-or-later
// From the server's settings to its local backend.
#include <arpa/inet.h>
#include <netdb.h>
#include <pwd.h>
#include <sys/socket.h>

#include <cstdlib>

#include "server/backends/backends.hpp"
#include "server/backends/local/cgroup_subtree.hpp"
#include "server/backends/local/local_backend.hpp"

namespace berth::server {

namespace {

/// The host part of "http://proxy.example:3128/".
std::string host_of(std::string url) {
  if (const auto scheme = url.find("://"); scheme != std::string::npos) url.erase(0, scheme + 3);
  if (url.starts_with("[")) return url.substr(1, url.find(']') - 1);
  return url.substr(0, url.find_first_of(":/"));
}

std::vector<std::string> addresses_of(const std::string& host) {
  std::vector<std::string> found;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) return found;
  for (const addrinfo* one = list; one; one = one->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0)
      found.emplace_back(text);
  }
  freeaddrinfo(list);
  return found;
}

/// Behind a company's proxy workspaces need it too, and it mostly lies in a private network. One with a
/// password in its address stays outside: no secret enters a workspace.
void pass_proxy(local::LocalBackendOptions& options) {
  for (const char* name :
       {"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"}) {
    const char* value = getenv(name);
    if (!value || !*value || std::string_view(value).find('@') != std::string_view::npos) continue;
    options.environment[name] = value;
    if (std::string_view(name).starts_with("no") || std::string_view(name).starts_with("NO")) continue;
    for (auto& address : addresses_of(host_of(value)))
      if (local::parse_network(address)) options.allowed.push_back(std::move(address));
  }
}

}  // namespace

Result<std::unique_ptr<WorkspaceBackend>> make_local_backend(const Config& config) {
  local::LocalBackendOptions options{.data = std::filesystem::absolute(config.data).string(),
                                     .runner = std::filesystem::absolute(config.runner).string(),
                                     .templates = std::filesystem::absolute(config.templates).string(),
                                     .images = config.images.string(),
                                     .runtime = config.runtime,
                                     .allowed = config.workspace_allow};
  pass_proxy(options);
  auto backend = local::LocalBackend::open(options);
  if (!backend) return std::unexpected(std::move(backend.error()));
  return std::move(*backend);
}

Result<void> prepare_local_backend_as_root(const std::string& user) {
  const passwd* entry = getpwnam(user.c_str());
  if (!entry)
    return failure(ErrorCode::not_found, "There is no user \"" + user +
                                             "\" on this machine. Make one, or name another with --user.");
  return local::prepare_cgroups_as_root(entry->pw_uid, entry->pw_gid);
}

}  // namespace berth::server
