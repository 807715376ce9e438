// SPDX-License-Identifier: GPL-3.0-or-later
// Requests to identity providers, by libcurl: bounded in size and time, without redirects, TLS but for a
// provider on this machine. Calls block; safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/codec.hpp"

namespace berth::server {

struct ProviderRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> form = {};  // sent by POST when there is any
  std::string user = {}, password = {};                        // HTTP Basic when `user` is not empty
  std::string bearer = {};
};

struct ProviderAnswer {
  long status = 0;
  std::string body;
  std::int64_t fresh_for = 0;  // seconds, by Cache-Control; 0: it does not say
};

/// unavailable when there is no whole answer in time.
Result<ProviderAnswer> ask_provider(const ProviderRequest& request);
/// The same for an answer of 2xx that is a JSON object or array; unavailable, with a detail, for everything
/// else.
Result<protocol::Json> ask_provider_for_json(const ProviderRequest& request,
                                             std::int64_t* fresh_for = nullptr);

/// https://…, or http:// to this machine. No user, no fragment, nothing but plain characters.
bool is_provider_url(std::string_view url);

/// The scheme, host and port: "https://host:1".
std::string origin_of_url(std::string_view url);

}  // namespace berth::server
