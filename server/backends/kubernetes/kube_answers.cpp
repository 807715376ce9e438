// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/kube_answers.hpp"

#include <algorithm>
#include <charconv>

namespace berth::server::kubernetes {

namespace {

constexpr std::size_t longest_message = 300;        // bytes
constexpr std::size_t largest_status = 256u << 10;  // of an error's body that is looked at

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string string_of(const protocol::Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// The Status in an answer; null when there is none.
protocol::Json status_in(std::string_view body) {
  if (body.size() > largest_status) return {};
  auto json = protocol::parse_json(body);
  return json && string_of(*json, "kind") == "Status" ? std::move(*json) : protocol::Json();
}

ErrorCode code_of(long status, const std::string& reason, const std::string& message) {
  switch (status) {
    case 401:
      return ErrorCode::unauthenticated;
    case 403:
      return message.find("exceeded quota") != message.npos ? ErrorCode::limit_exceeded
                                                            : ErrorCode::permission_denied;
    case 404:
      return ErrorCode::not_found;
    case 409:
      return reason == "AlreadyExists" ? ErrorCode::already_exists : ErrorCode::conflict;
    case 410:
      return ErrorCode::stale_base;
    case 413:
      return ErrorCode::too_large;
    case 408:
    case 429:
      return ErrorCode::unavailable;
    default:
      return status >= 400 && status < 500 ? ErrorCode::invalid_argument : ErrorCode::unavailable;
  }
}

std::string sentence_for(long status, std::string_view what) {
  switch (status) {
    case 401:
      return "Kubernetes does not accept the server's credentials; the administrator must check them.";
    case 403:
      return "Kubernetes does not allow the server to " + std::string(what);
    case 429:
      return "Kubernetes has too much to do at the moment.";
    default:
      return status >= 500 ? "Kubernetes does not work at the moment."
                           : "Kubernetes refused to " + std::string(what);
  }
}

}  // namespace

std::string api_version_of(const Resource& resource) {
  return resource.group.empty() ? std::string(resource.version)
                                : std::string(resource.group) + "/" + std::string(resource.version);
}

std::string path_of(const Resource& resource, std::string_view name_space, std::string_view name) {
  std::string path = (resource.group.empty() ? "/api/" : "/apis/") + api_version_of(resource);
  if (resource.namespaced) path += "/namespaces/" + std::string(name_space);
  path += "/" + std::string(resource.plural);
  if (!name.empty()) path += "/" + std::string(name);
  return path;
}

bool is_object_name(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  const auto lower = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (!lower(text.front()) || !lower(text.back()) || text.find("..") != text.npos) return false;
  return std::ranges::all_of(text, [&](char c) { return lower(c) || c == '-' || c == '.'; });
}

std::string percent_escaped(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

std::string readable_message(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (control && (out.empty() || out.back() == ' ')) continue;
    out += control ? ' ' : c;
  }
  while (out.ends_with(' ')) out.pop_back();
  if (out.size() <= longest_message) return out;
  std::size_t end = longest_message;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80) --end;
  return out.substr(0, end) + "…";
}

Error error_of_status(long http_status, std::string_view body, std::string_view what) {
  const auto status = status_in(body);
  const auto reason = readable_message(string_of(status, "reason"));
  const auto said = string_of(status, "message");
  Error error{code_of(http_status, reason, said), sentence_for(http_status, what), {}, {}};
  // Credentials and server faults are the administrator's; all else is about what was asked.
  if (http_status != 401 && http_status != 429 && http_status < 500)
    error.message += said.empty() ? "." : ": " + readable_message(said);
  error.detail = "HTTP " + std::to_string(http_status) + " " + reason + ": " +
                 readable_message(said.empty() ? body.substr(0, 1000) : std::string_view(said));
  if (!reason.empty()) error.data["reason"] = reason;
  return error;
}

std::chrono::milliseconds retry_after_of(std::string_view header, std::string_view body) {
  int seconds = 0;
  std::from_chars(header.data(), header.data() + header.size(), seconds);
  if (header.empty())
    if (const auto status = status_in(body); status.is_object() && status.contains("details")) {
      const auto& details = status["details"];
      if (details.is_object() && details.contains("retryAfterSeconds") &&
          details["retryAfterSeconds"].is_number_integer())
        seconds = static_cast<int>(
            std::clamp<std::int64_t>(details["retryAfterSeconds"].get<std::int64_t>(), 0, 60));
    }
  return std::chrono::seconds(std::clamp(seconds, 0, 60));
}

bool LineSplitter::feed(std::string_view bytes, const std::function<bool(std::string_view)>& line) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const auto part = bytes.substr(0, end);
    if (part.size() > longest_ - begun_.size()) return false;
    if (end == bytes.npos) {
      begun_ += part;
      return true;
    }
    bytes.remove_prefix(end + 1);
    if (begun_.empty()) {
      if (!part.empty() && !line(part)) return false;
    } else {
      begun_ += part;
      const auto whole = std::exchange(begun_, {});
      if (!line(whole)) return false;
    }
  }
  return true;
}

std::string metadata_text(const protocol::Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto metadata = object.find("metadata");
  return metadata == object.end() ? std::string() : string_of(*metadata, key);
}

Result<WatchEvent> parse_watch_event(std::string_view line) {
  const auto wrong = [] {
    return failure(ErrorCode::invalid_argument, "The API server sent something that is no event.");
  };
  auto json = protocol::parse_json(line);
  if (!json || !json->is_object() || !json->contains("object") || !(*json)["object"].is_object())
    return wrong();
  const auto type = string_of(*json, "type");
  WatchEvent event{WatchEventType::error, std::move((*json)["object"]), {}};
  if (type == "ERROR") {
    const auto code = event.object.find("code");
    const bool gone = code != event.object.end() && code->is_number_integer() && *code == 410;
    if (gone || string_of(event.object, "reason") == "Expired") event.type = WatchEventType::expired;
    return event;
  }
  if (type == "ADDED")
    event.type = WatchEventType::added;
  else if (type == "MODIFIED")
    event.type = WatchEventType::modified;
  else if (type == "DELETED")
    event.type = WatchEventType::deleted;
  else if (type == "BOOKMARK")
    event.type = WatchEventType::bookmark;
  else
    return wrong();
  event.resource_version = metadata_text(event.object, "resourceVersion");
  if (event.resource_version.empty()) return wrong();
  return event;
}

}  // namespace berth::server::kubernetes
