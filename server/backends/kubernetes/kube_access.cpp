// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/kube_access.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "protocol/net/file_descriptor.hpp"
#include "server/backends/kubernetes/base64.hpp"

namespace berth::server::kubernetes {

namespace {

constexpr std::size_t largest_kubeconfig = 1u << 20;  // bytes
constexpr std::size_t most_files = 32;

std::unexpected<Error> wrong_config(const std::string& where, const std::string& what) {
  return failure(ErrorCode::invalid_argument, "The kubeconfig can't be used: " + where + " " + what + ".");
}

/// The entry called `name` of the list `clusters`, `users` or `contexts`, and the file that it stands in.
struct NamedEntry {
  YAML::Node node;
  std::string folder;
};

struct ParsedFile {
  YAML::Node root;
  std::string folder;
};

std::string scalar(const YAML::Node& node, const char* key) {
  if (!node.IsMap()) return {};
  const auto value = node[key];
  return value && value.IsScalar() ? value.Scalar() : std::string();
}

bool is_true(const YAML::Node& node, const char* key) { return scalar(node, key) == "true"; }

std::string absolute(const std::string& path, const std::string& folder) {
  if (path.empty()) return {};
  return (std::filesystem::path(folder) / path).lexically_normal().string();
}

std::optional<NamedEntry> find_entry(const std::vector<ParsedFile>& files, const char* list, const char* key,
                                     const std::string& name) {
  for (const auto& file : files) {
    if (!file.root.IsMap()) continue;
    const auto entries = file.root[list];
    if (!entries || !entries.IsSequence()) continue;
    for (const auto& entry : entries)
      if (scalar(entry, "name") == name && entry[key] && entry[key].IsMap())
        return NamedEntry{entry[key], file.folder};
  }
  return std::nullopt;
}

/// Inline base64 text has precedence over the file of the same meaning.
Result<Material> material_of(const NamedEntry& entry, const char* data_key, const char* file_key) {
  Material found;
  if (const auto data = scalar(entry.node, data_key); !data.empty()) {
    auto text = decode_base64(data);
    if (!text) return wrong_config(data_key, "is not base64");
    found.text = std::move(*text);
    return found;
  }
  found.file = absolute(scalar(entry.node, file_key), entry.folder);
  return found;
}

bool is_loopback_host(const std::string& server) {
  auto host = server.substr(server.find("://") + 3);
  host = host.substr(0, host.find('/'));
  if (const auto colon = host.rfind(':'); colon != host.npos && !host.ends_with(']')) host.resize(colon);
  const bool digits = host.find_first_not_of("0123456789.") == host.npos;
  return host == "localhost" || host == "[::1]" || (digits && host.starts_with("127."));
}

Result<void> take_server(KubeAccess& access, std::string server, bool allow_insecure) {
  while (server.ends_with('/')) server.pop_back();
  const bool plain = server.starts_with("http://");
  const auto begin = plain ? 7u : 8u;
  const bool printable = std::ranges::all_of(server, [](char c) { return c > ' ' && c < '\x7f'; });
  if ((!plain && !server.starts_with("https://")) || server.size() <= begin || !printable ||
      server.find_first_of("@?#", begin) != server.npos)
    return wrong_config("the cluster's server", "is not an address such as https://host:6443");
  access.server = std::move(server);
  access.direct = is_loopback_host(access.server);
  if (plain && !access.direct && !allow_insecure)
    return wrong_config("the cluster's server", "is without TLS on another machine");
  return {};
}

Result<void> take_cluster(KubeAccess& access, const NamedEntry& cluster, const KubeconfigChoice& choice) {
  if (auto taken = take_server(access, scalar(cluster.node, "server"), choice.allow_insecure); !taken)
    return taken;
  auto authority = material_of(cluster, "certificate-authority-data", "certificate-authority");
  if (!authority) return std::unexpected(std::move(authority.error()));
  access.authority = std::move(*authority);
  access.insecure = is_true(cluster.node, "insecure-skip-tls-verify");
  if (access.insecure && !choice.allow_insecure)
    return wrong_config("insecure-skip-tls-verify",
                        "is set, and this server was not told to accept that (give certificate-authority)");
  if (access.insecure && access.authority.given())
    return wrong_config("insecure-skip-tls-verify", "and certificate-authority exclude each other");
  access.server_name = scalar(cluster.node, "tls-server-name");
  access.proxy = scalar(cluster.node, "proxy-url");
  if (!access.proxy.empty()) access.direct = false;
  return {};
}

Result<ExecPlugin> exec_of(const YAML::Node& node, const std::string& folder) {
  ExecPlugin plugin;
  plugin.api_version = scalar(node, "apiVersion");
  if (plugin.api_version != "client.authentication.k8s.io/v1" &&
      plugin.api_version != "client.authentication.k8s.io/v1beta1")
    return wrong_config("exec.apiVersion", "is neither client.authentication.k8s.io/v1 nor v1beta1");
  plugin.command = scalar(node, "command");
  if (plugin.command.empty()) return wrong_config("exec.command", "is missing");
  // As client-go: with a slash it is relative to the file, without one it is looked for in PATH.
  if (plugin.command.find('/') != plugin.command.npos) plugin.command = absolute(plugin.command, folder);
  if (const auto list = node["args"]; list && list.IsSequence())
    for (const auto& argument : list) plugin.arguments.push_back(argument.Scalar());
  if (const auto list = node["env"]; list && list.IsSequence())
    for (const auto& variable : list)
      plugin.environment[scalar(variable, "name")] = scalar(variable, "value");
  if (plugin.environment.contains("")) return wrong_config("exec.env", "has an entry without a name");
  if (scalar(node, "interactiveMode") == "Always")
    return failure(ErrorCode::unsupported,
                   "The kubeconfig's sign-in program needs a person at a terminal; a server has none.");
  plugin.provide_cluster_info = is_true(node, "provideClusterInfo");
  plugin.install_hint = scalar(node, "installHint").substr(0, 500);
  return plugin;
}

Result<void> take_user(KubeAccess& access, const NamedEntry& user) {
  for (const char* dropped : {"username", "password", "auth-provider"})
    if (user.node[dropped])
      return failure(ErrorCode::unsupported, std::string("The kubeconfig's user signs in by ") + dropped +
                                                 ", which Kubernetes no longer has. Use a client "
                                                 "certificate, a token or an exec plugin.");
  for (const char* foreign : {"as", "as-groups", "as-uid", "as-user-extra"})
    if (user.node[foreign])
      return failure(ErrorCode::unsupported,
                     "The kubeconfig's user impersonates another; give the server a user of its own.");
  auto certificate = material_of(user, "client-certificate-data", "client-certificate");
  auto key = material_of(user, "client-key-data", "client-key");
  if (!certificate) return std::unexpected(std::move(certificate.error()));
  if (!key) return std::unexpected(std::move(key.error()));
  if (certificate->given() != key->given())
    return wrong_config("the user", "has a client certificate or a key without the other");
  access.certificate = std::move(*certificate);
  access.key = std::move(*key);
  // A file wins over the value, which then is only what it once held (as client-go).
  access.token.file = absolute(scalar(user.node, "tokenFile"), user.folder);
  if (access.token.file.empty()) access.token.text = scalar(user.node, "token");
  if (const auto exec = user.node["exec"]; exec && exec.IsMap()) {
    auto plugin = exec_of(exec, user.folder);
    if (!plugin) return std::unexpected(std::move(plugin.error()));
    access.exec = std::move(*plugin);
  }
  return {};
}

Result<KubeAccess> access_of(const std::vector<ParsedFile>& files, const KubeconfigChoice& choice) {
  auto name = choice.context;
  for (const auto& file : files)
    if (name.empty()) name = scalar(file.root, "current-context");
  if (name.empty()) return wrong_config("current-context", "is not set, and no context was named");
  const auto context = find_entry(files, "contexts", "context", name);
  if (!context) return wrong_config("the context \"" + name + "\"", "is not in it");
  const auto cluster = find_entry(files, "clusters", "cluster", scalar(context->node, "cluster"));
  if (!cluster) return wrong_config("the cluster of the context \"" + name + "\"", "is not in it");
  KubeAccess access;
  access.name_space = scalar(context->node, "namespace");
  if (access.name_space.empty()) access.name_space = "default";
  if (auto taken = take_cluster(access, *cluster, choice); !taken)
    return std::unexpected(std::move(taken.error()));
  const auto user_name = scalar(context->node, "user");
  if (user_name.empty()) return access;  // anonymous
  const auto user = find_entry(files, "users", "user", user_name);
  if (!user) return wrong_config("the user of the context \"" + name + "\"", "is not in it");
  if (auto taken = take_user(access, *user); !taken) return std::unexpected(std::move(taken.error()));
  return access;
}

}  // namespace

Result<KubeAccess> parse_kubeconfig(const std::vector<KubeconfigText>& files,
                                    const KubeconfigChoice& choice) {
  // yaml-cpp throws on what is not YAML and where a node is of another kind than it was taken for.
  try {
    std::vector<ParsedFile> parsed;
    for (const auto& file : files) {
      if (file.text.size() > largest_kubeconfig)
        return failure(ErrorCode::too_large, "The kubeconfig is larger than 1 MiB.");
      parsed.push_back({YAML::Load(file.text), file.folder});
      if (!parsed.back().root.IsMap()) return wrong_config("its content", "is no YAML map");
    }
    return access_of(parsed, choice);
  } catch (const YAML::ParserException& error) {
    // The message names what was found there, which may be a secret; the place is enough.
    return wrong_config("line " + std::to_string(error.mark.line + 1), "is not YAML");
  } catch (const YAML::Exception&) {
    return wrong_config("an entry", "is of another kind than it should be");
  }
}

Result<std::string> read_access_file(const std::string& path, std::size_t limit) {
  const net::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  std::string text;
  char part[4096];
  ssize_t got = file ? 0 : -1;
  while (file && (got = ::read(file.get(), part, sizeof part)) > 0) {
    text.append(part, static_cast<std::size_t>(got));
    if (text.size() > limit)
      return failure(ErrorCode::unavailable, "The server can't sign in to Kubernetes: a file is too large.",
                     path);
  }
  if (got < 0)
    return failure(ErrorCode::unavailable,
                   "The server can't sign in to Kubernetes: a file can't be read; the log names it.",
                   path + ": " + std::strerror(errno));
  return text;
}

Result<KubeAccess> read_kubeconfig(const std::string& paths, const KubeconfigChoice& choice) {
  std::vector<KubeconfigText> files;
  for (std::size_t begin = 0; begin <= paths.size() && files.size() < most_files;) {
    const auto end = std::min(paths.find(':', begin), paths.size());
    const auto path = paths.substr(begin, end - begin);
    begin = end + 1;
    if (path.empty() || !std::filesystem::exists(path)) continue;
    auto text = read_access_file(path, largest_kubeconfig);
    if (!text) return std::unexpected(std::move(text.error()));
    files.push_back({std::move(*text), std::filesystem::absolute(path).parent_path().string()});
  }
  if (files.empty())
    return failure(ErrorCode::not_found,
                   "There is no kubeconfig at " + paths + ". Name one, or run the server in the cluster.");
  return parse_kubeconfig(files, choice);
}

ServiceAccountPlace own_service_account() {
  ServiceAccountPlace place;
  if (const char* host = std::getenv("KUBERNETES_SERVICE_HOST")) place.host = host;
  if (const char* port = std::getenv("KUBERNETES_SERVICE_PORT")) place.port = port;
  return place;
}

Result<KubeAccess> service_account_access(const ServiceAccountPlace& place) {
  const auto token = place.folder + "/token";
  if (place.host.empty() || place.port.empty() || !std::filesystem::exists(token))
    return failure(ErrorCode::not_found,
                   "The server does not run in a pod with a service account. Name a kubeconfig.");
  KubeAccess access;
  const bool ip6 = place.host.find(':') != place.host.npos;
  if (auto taken = take_server(
          access, "https://" + (ip6 ? "[" + place.host + "]" : place.host) + ":" + place.port, false);
      !taken)
    return std::unexpected(std::move(taken.error()));
  access.direct = true;
  access.token.file = token;
  access.authority.file = place.folder + "/ca.crt";
  auto name_space = read_access_file(place.folder + "/namespace", 253);
  if (!name_space) return std::unexpected(std::move(name_space.error()));
  while (!name_space->empty() && name_space->back() <= ' ') name_space->pop_back();
  access.name_space = name_space->empty() ? "default" : *name_space;
  return access;
}

}  // namespace berth::server::kubernetes
