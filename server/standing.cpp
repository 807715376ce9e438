// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/standing.hpp"

#include "server/metadata_store.hpp"

namespace berth::server {
namespace {

constexpr std::string_view token_prefix = "token:";

}  // namespace

std::string standing_of_token(const std::string& id) { return std::string(token_prefix) + id; }

bool is_token_standing(std::string_view standing) { return standing.starts_with(token_prefix); }

Result<Standing> find_standing(MetadataStore& store, const std::string& standing) {
  if (is_token_standing(standing)) {
    auto token = store.tokens().find(standing.substr(token_prefix.size()));
    if (!token) return std::unexpected(std::move(token.error()));
    return Standing{token->account, token->expires.value_or(0)};
  }
  auto sign_in = store.sign_ins().find(standing);
  if (!sign_in) return std::unexpected(std::move(sign_in.error()));
  return Standing{sign_in->account, sign_in->expires};
}

}  // namespace berth::server
