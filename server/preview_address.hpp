// SPDX-License-Identifier: GPL-3.0-or-later
// Names of previews: which port of which workspace a host stands for, and the other way round. No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/error.hpp"

namespace berth::server {

/// One port of one workspace.
struct PreviewTarget {
  std::string workspace;
  std::uint16_t port = 0;
  bool operator==(const PreviewTarget&) const = default;
};

/// Paths of the proxy itself on a preview's host.
inline constexpr std::string_view preview_session_path = "/.berth/session";  // trades a ticket for the cookie
inline constexpr std::string_view preview_console_path =
    "/.berth/console.js";  // what pages may tell their errors by
inline constexpr std::string_view preview_enter_path = "/.berth/enter";  // sees whether the browser kept it
inline constexpr std::string_view preview_path_prefix = "/p/";  // of the path form, on the preview listener

/// The host form: <port>--<workspace>.<preview_host>.
class PreviewHosts {
 public:
  /// `preview_host`: "localhost:7070", "preview.example.org". `https`: how browsers reach it.
  PreviewHosts(std::string preview_host, bool https);

  /// What a Host header names, in any case and with any port; nullopt when it is no preview.
  std::optional<PreviewTarget> parse(std::string_view host) const;

  /// "http://3000--abcdefghij.localhost:7070"
  std::string origin(const PreviewTarget& target) const;

  /// True when `origin` is a preview of this workspace, on any port.
  bool is_origin_of(std::string_view origin, std::string_view workspace) const;

  /// True when browsers take Secure cookies from previews: over https, and on *.localhost.
  bool trustworthy() const { return https_ || name_ == "localhost" || name_.ends_with(".localhost"); }

 private:
  std::string host_;  // with its port
  std::string name_;  // without, lower case
  bool https_;
};

/// "/p/<capability>/rest?query" split; nullopt when it is no such path. The rest begins with "/".
struct PreviewPath {
  std::string_view capability;
  std::string_view rest;
};
std::optional<PreviewPath> parse_preview_path(std::string_view target);

/// `to` when it is a path on the same origin that can't be taken for a host; "/" otherwise.
std::string safe_destination(std::string_view to);

/// The value of a query parameter, percent-decoded; nullopt when absent or malformed.
std::optional<std::string> query_value(std::string_view target, std::string_view name);

}  // namespace berth::server
