// SPDX-License-Identifier: GPL-3.0-or-later
// Whether settings make objects that Kubernetes takes and that mean what they should.
#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "server/backends/kubernetes/kube_answers.hpp"
#include "server/backends/kubernetes/pod_spec.hpp"

namespace berth::server::kubernetes {

namespace {

constexpr std::uint64_t least_scratch = 512u << 20;  // the volume of the runner alone may take half

std::unexpected<Error> wrong_setting(const char* name, const std::string& value, const char* what) {
  return failure(ErrorCode::invalid_argument, std::string("kubernetes.") + name + ": \"" +
                                                  readable_message(value) + "\" is " + what + ".");
}

bool is_address(const std::string& text) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 || inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

bool is_network(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == text.npos || !is_address(text.substr(0, slash))) return false;
  unsigned bits = 0;
  const char* end = text.data() + text.size();
  const auto [rest, status] = std::from_chars(text.data() + slash + 1, end, bits);
  return status == std::errc() && rest == end && bits <= (text.find(':') == text.npos ? 32u : 128u);
}

/// A label's value: at most 63 letters, digits, '-', '_', '.', beginning and ending in a letter or digit.
bool is_label_value(const std::string& text) {
  const auto alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  if (text.empty()) return true;
  if (text.size() > 63 || !alphanumeric(text.front()) || !alphanumeric(text.back())) return false;
  return std::ranges::all_of(text,
                             [&](char c) { return alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

bool is_label_name(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == text.npos) return !text.empty() && is_label_value(text);
  return is_object_name(text.substr(0, slash)) && slash + 1 < text.size() &&
         is_label_value(text.substr(slash + 1));
}

bool is_image(const std::string& text) {
  return !text.empty() && text.size() <= 512 &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

Result<void> check_labels(const char* setting, const std::map<std::string, std::string>& labels) {
  for (const auto& [name, value] : labels)
    if (!is_label_name(name) || !is_label_value(value))
      return wrong_setting(setting, name + "=" + value, "no label");
  return {};
}

Result<void> check_names(const PodSettings& settings) {
  if (!is_object_name(settings.name_space))
    return wrong_setting("namespace", settings.name_space, "no name of a namespace");
  const std::pair<const char*, const std::string*> optional[] = {
      {"server_namespace", &settings.server_name_space},
      {"storage_class", &settings.storage_class},
      {"runtime_class", &settings.runtime_class}};
  for (const auto& [name, value] : optional)
    if (!value->empty() && !is_object_name(*value)) return wrong_setting(name, *value, "no name");
  for (const auto& secret : settings.pull_secrets)
    if (!is_object_name(secret)) return wrong_setting("pull_secrets", secret, "no name of a secret");
  if (!is_image(settings.runner_image))
    return wrong_setting("runner_image", settings.runner_image, "no image");
  if (settings.pull_policy != "Always" && settings.pull_policy != "IfNotPresent" &&
      settings.pull_policy != "Never")
    return wrong_setting("pull_policy", settings.pull_policy, "none of Always, IfNotPresent, Never");
  return {};
}

}  // namespace

Result<void> check_pod_settings(const PodSettings& settings) {
  if (auto names = check_names(settings); !names) return names;
  if (auto labels = check_labels("labels", settings.labels); !labels) return labels;
  if (auto labels = check_labels("node_selector", settings.node_selector); !labels) return labels;
  if (auto labels = check_labels("server_labels", settings.server_labels); !labels) return labels;
  const std::pair<const char*, const std::vector<std::string>*> networks[] = {
      {"server_networks", &settings.server_networks},
      {"allowed_networks", &settings.allowed_networks},
      {"refused_networks", &settings.refused_networks}};
  for (const auto& [name, list] : networks)
    for (const auto& network : *list)
      if (!is_network(network)) return wrong_setting(name, network, "no network such as 192.0.2.0/24");
  for (const auto& address : settings.nameservers)
    if (!is_address(address)) return wrong_setting("nameservers", address, "no address");
  if (!settings.tolerations.is_array())
    return wrong_setting("tolerations", protocol::to_text(settings.tolerations), "no list");
  if (settings.person_id == 0) return wrong_setting("person_id", "0", "root, which no workspace may be");
  if (settings.runner_port < 1024)
    return wrong_setting("runner_port", std::to_string(settings.runner_port), "a port of root's");
  if (!(settings.requested_share > 0 && settings.requested_share <= 1))
    return wrong_setting("requested_share", std::to_string(settings.requested_share),
                         "not above 0 and up to 1");
  if (settings.home_size < (16u << 20))
    return wrong_setting("home_size", std::to_string(settings.home_size), "less than 16 MiB");
  if (settings.scratch_size < least_scratch)
    return wrong_setting("scratch_size", std::to_string(settings.scratch_size), "less than 512 MiB");
  return {};
}

}  // namespace berth::server::kubernetes
