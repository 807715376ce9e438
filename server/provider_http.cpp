// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/provider_http.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "server/header_text.hpp"
#include "server/percent_encoding.hpp"

namespace berth::server {
namespace {

constexpr std::size_t largest_answer = 1u << 20;  // bytes
constexpr long connect_patience = 5'000;          // ms
constexpr long whole_patience = 10'000;           // ms
constexpr std::size_t longest_provider_url = 2048;

using CurlHandle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using CurlList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

bool on_this_machine(std::string_view authority) {
  const auto bracket = authority.find(']');
  const auto host =
      bracket != authority.npos ? authority.substr(0, bracket + 1) : authority.substr(0, authority.find(':'));
  return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

std::string_view authority_of(std::string_view url) {
  const auto begin = url.find("://") + 3;
  return url.substr(begin, url.find_first_of("/?", begin) - begin);
}

std::unexpected<Error> unreachable_provider(const std::string& detail) {
  return failure(ErrorCode::unavailable, "The identity provider can't be reached at the moment.", detail);
}

std::string form_text(const ProviderRequest& request) {
  std::string text;
  for (const auto& [name, value] : request.form)
    text += (text.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
  return text;
}

std::int64_t freshness(CURL* handle) {
  curl_header* header = nullptr;
  if (curl_easy_header(handle, "cache-control", 0, CURLH_HEADER, -1, &header) != CURLHE_OK) return 0;
  const auto value = ascii_lower(header->value);
  const auto at = value.find("max-age=");
  std::int64_t seconds = 0;
  if (at != value.npos) std::from_chars(value.data() + at + 8, value.data() + value.size(), seconds);
  return std::max<std::int64_t>(seconds, 0);
}

}  // namespace

bool is_provider_url(std::string_view url) {
  const bool plain =
      std::ranges::none_of(url, [](unsigned char c) { return c <= ' ' || c >= 127 || c == '\\'; });
  const bool secure = url.starts_with("https://");
  if (!plain || url.size() > longest_provider_url || url.find('#') != url.npos ||
      (!secure && !url.starts_with("http://")))
    return false;
  const auto authority = authority_of(url);
  return !authority.empty() && authority.find('@') == authority.npos &&
         (secure || on_this_machine(authority));
}

std::string origin_of_url(std::string_view url) {
  return ascii_lower(url.substr(0, url.find("://") + 3)) + ascii_lower(authority_of(url));
}

Result<ProviderAnswer> ask_provider(const ProviderRequest& request) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(ready);
  if (!is_provider_url(request.url)) return unreachable_provider("not a URL to ask: " + request.url);
  const CurlHandle handle(curl_easy_init(), &curl_easy_cleanup);
  if (!handle) return unreachable_provider("no memory");
  const auto set = [&](auto option, auto value) { curl_easy_setopt(handle.get(), option, value); };
  char trouble[CURL_ERROR_SIZE] = {};
  ProviderAnswer answer;
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, connect_patience);
  set(CURLOPT_TIMEOUT_MS, whole_patience);
  set(CURLOPT_ERRORBUFFER, trouble);
  set(CURLOPT_USERAGENT, "berthd");
  if (on_this_machine(authority_of(request.url))) set(CURLOPT_NOPROXY, "*");  // whatever the environment says
  curl_slist* lines = curl_slist_append(nullptr, "Accept: application/json");
  if (!request.bearer.empty())
    lines = curl_slist_append(lines, ("Authorization: Bearer " + request.bearer).c_str());
  const CurlList headers(lines, &curl_slist_free_all);
  set(CURLOPT_HTTPHEADER, headers.get());
  if (!request.user.empty()) {
    set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    set(CURLOPT_USERNAME, request.user.c_str());
    set(CURLOPT_PASSWORD, request.password.c_str());
  }
  const auto form = form_text(request);
  if (!request.form.empty()) {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(form.size()));
    set(CURLOPT_POSTFIELDS, form.c_str());
  }
  set(CURLOPT_WRITEDATA, static_cast<void*>(&answer));
  set(
      CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t, std::size_t size, void* user) -> std::size_t {
        auto& into = *static_cast<ProviderAnswer*>(user);
        if (size > largest_answer - into.body.size()) return CURL_WRITEFUNC_ERROR;
        into.body.append(data, size);
        return size;
      });
  const auto code = curl_easy_perform(handle.get());
  if (code != CURLE_OK)
    return unreachable_provider(request.url + ": " + (*trouble ? trouble : curl_easy_strerror(code)));
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  answer.fresh_for = freshness(handle.get());
  return answer;
}

Result<protocol::Json> ask_provider_for_json(const ProviderRequest& request, std::int64_t* fresh_for) {
  auto answer = ask_provider(request);
  if (!answer) return std::unexpected(std::move(answer.error()));
  const auto where = origin_of_url(request.url);
  if (answer->status < 200 || answer->status > 299)
    return unreachable_provider(where + " answered " + std::to_string(answer->status) + ": " +
                                answer->body.substr(0, 300));
  auto json = protocol::parse_json(answer->body);
  if (!json || (!json->is_object() && !json->is_array()))
    return unreachable_provider(where + " did not answer with JSON");
  if (fresh_for) *fresh_for = answer->fresh_for;
  return std::move(*json);
}

}  // namespace berth::server
