// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/preview_address.hpp"
#include "server/header_text.hpp"
#include "server/http_message.hpp"

#include <algorithm>
#include <charconv>

namespace berth::server {

namespace {

constexpr std::size_t workspace_length = 10;

std::string_view without_port(std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon == host.npos || host.ends_with(']')) return host;
  return host.substr(0, colon);
}

/// 1..65535 in its one spelling; 0 otherwise.
std::uint16_t parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || text.starts_with('0')) return 0;
  return port;
}

bool is_workspace(std::string_view text) {
  return text.size() == workspace_length &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); });
}

}  // namespace

PreviewHosts::PreviewHosts(std::string preview_host, bool https)
    : host_(ascii_lower(preview_host)), name_(without_port(host_)), https_(https) {}

std::optional<PreviewTarget> PreviewHosts::parse(std::string_view host) const {
  const std::string name = ascii_lower(without_port(host));
  if (name.size() <= name_.size() + 1 || !name.ends_with(name_) ||
      name[name.size() - name_.size() - 1] != '.')
    return std::nullopt;
  const auto label = std::string_view(name).substr(0, name.size() - name_.size() - 1);
  const auto dashes = label.find("--");
  if (dashes == label.npos) return std::nullopt;
  const auto workspace = label.substr(dashes + 2);
  const auto port = parse_port(label.substr(0, dashes));
  if (port == 0 || !is_workspace(workspace)) return std::nullopt;
  return PreviewTarget{std::string(workspace), port};
}

std::string PreviewHosts::origin(const PreviewTarget& target) const {
  return (https_ ? "https://" : "http://") + std::to_string(target.port) + "--" + target.workspace + "." +
         host_;
}

bool PreviewHosts::is_origin_of(std::string_view origin, std::string_view workspace) const {
  const auto slashes = origin.find("://");
  if (slashes == origin.npos) return false;
  const auto target = parse(origin.substr(slashes + 3));
  return target && target->workspace == workspace && ascii_lower(origin) == this->origin(*target);
}

std::optional<PreviewPath> parse_preview_path(std::string_view target) {
  if (!target.starts_with(preview_path_prefix)) return std::nullopt;
  target.remove_prefix(preview_path_prefix.size());
  const auto end = target.find_first_of("/?");
  if (end == target.npos || target[end] != '/' || end == 0) return std::nullopt;
  return PreviewPath{target.substr(0, end), target.substr(end)};
}

std::string safe_destination(std::string_view to) {
  const auto printable = std::ranges::all_of(
      to, [](char c) { return c > 0x20 && c < 0x7f && c != '\\' && c != '"' && c != '<'; });
  if (!printable || !to.starts_with('/') || to.starts_with("//") || to.size() > 4096) return "/";
  return std::string(to);
}

std::optional<std::string> query_value(std::string_view target, std::string_view name) {
  auto query = target.substr(std::min(target.find('?'), target.size() - 1) + 1);
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const auto equals = pair.find('=');
    if (pair.substr(0, equals) == name)
      return percent_decode(equals == pair.npos ? "" : pair.substr(equals + 1), true);
  }
  return std::nullopt;
}

}  // namespace berth::server
