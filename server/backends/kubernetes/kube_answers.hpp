// SPDX-License-Identifier: GPL-3.0-or-later
// What an API server's answers mean: its Status objects as errors, the lines of a watch, the paths of its
// objects. Pure.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "protocol/codec.hpp"

namespace berth::server::kubernetes {

/// A kind of object as the API's paths name it.
struct Resource {
  std::string_view group;    // "" for the core
  std::string_view version;  // "v1"
  std::string_view plural;   // "pods"
  std::string_view kind;     // "Pod"
  bool namespaced = true;
};

inline constexpr Resource pods{"", "v1", "pods", "Pod"};
inline constexpr Resource secrets{"", "v1", "secrets", "Secret"};
inline constexpr Resource volume_claims{"", "v1", "persistentvolumeclaims", "PersistentVolumeClaim"};
inline constexpr Resource config_maps{"", "v1", "configmaps", "ConfigMap"};
inline constexpr Resource namespaces{"", "v1", "namespaces", "Namespace", false};
inline constexpr Resource network_policies{"networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy"};

/// "v1" or "networking.k8s.io/v1".
std::string api_version_of(const Resource& resource);

/// The path of a collection, or of the object `name` in it. Names are taken as they are: check them before
/// (is_object_name).
std::string path_of(const Resource& resource, std::string_view name_space, std::string_view name = {});

/// A DNS label or subdomain: what Kubernetes takes for names, and safe in a path.
bool is_object_name(std::string_view text);

/// For a query: everything but letters, digits and -._~ as %XX.
std::string percent_escaped(std::string_view text);

/// The server's own words for a person: one line, printable, at most 300 bytes (cut between characters).
std::string readable_message(std::string_view text);

/// What an answer that is no success means. `what` continues "Kubernetes refused to …": "create the pod".
/// data["reason"] is the Status' reason ("AlreadyExists", "Expired", "Forbidden"). Codes:
///   401 unauthenticated, 403 permission_denied (a quota: limit_exceeded), 404 and a gone namespace
///   not_found, 409 already_exists or conflict, 410 stale_base, 413 too_large, other 4xx invalid_argument,
///   408, 429 and 5xx unavailable
Error error_of_status(long http_status, std::string_view body, std::string_view what);

/// Retry-After in seconds, from the header's text or the Status' details; at most a minute.
std::chrono::milliseconds retry_after_of(std::string_view header, std::string_view body);

/// Splits a stream into lines of bounded size.
class LineSplitter {
 public:
  explicit LineSplitter(std::size_t longest) : longest_(longest) {}

  /// Calls `line` for each line that is now whole, without its end; empty ones are left out. False when a
  /// line is longer than allowed (nothing may be fed after that), or when `line` answered false.
  bool feed(std::string_view bytes, const std::function<bool(std::string_view)>& line);

 private:
  const std::size_t longest_;
  std::string begun_;
};

enum class WatchEventType { added, modified, deleted, bookmark, expired, error };

struct WatchEvent {
  WatchEventType type = WatchEventType::error;
  protocol::Json object;         // of error and expired: the Status
  std::string resource_version;  // of the object; "" for errors
};

/// invalid_argument where a line is no event of a watch.
Result<WatchEvent> parse_watch_event(std::string_view line);

/// metadata.<key> as text, "" where there is none.
std::string metadata_text(const protocol::Json& object, const char* key);

}  // namespace berth::server::kubernetes
