// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/preferences.hpp"

#include <algorithm>
#include <set>

#include "protocol/codec.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;

std::unexpected<Error> wrong_field(std::size_t index, const std::string& problem) {
  return failure(ErrorCode::invalid_argument, "body.preferences[" + std::to_string(index) + "]" + problem);
}

bool is_preference_name(const std::string& name) {
  return !name.empty() && name.size() <= 100 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

Result<rest::Preferences> visible_preferences(Result<std::vector<PreferenceRecord>> records) {
  if (!records) return std::unexpected(std::move(records.error()));
  rest::Preferences all;
  for (auto& record : *records)
    all.preferences.push_back({std::move(record.name), std::move(record.value), record.changed});
  return all;
}

}  // namespace

Result<std::vector<PreferenceRecord>> checked_preferences(
    const std::vector<rest::UpdatePreferences::Change>& changes, std::int64_t now) {
  std::vector<PreferenceRecord> records;
  std::set<std::string> names;
  for (const auto& change : changes) {
    const auto index = records.size();
    if (!is_preference_name(change.name))
      return wrong_field(index, ".name: must be 1 to 100 characters a-z 0-9 . _ -");
    if (!names.insert(change.name).second) return wrong_field(index, ".name: is there twice");
    const auto limit = change.name == "terminal.profiles" ? profiles_value_limit : preference_value_limit;
    if (change.value.size() > limit)
      return wrong_field(index, ".value: longer than " + std::to_string(limit) + " bytes");
    if (!protocol::parse_json(change.value)) return wrong_field(index, ".value: must be JSON");
    if (change.age < 0 || change.age > now) return wrong_field(index, ".age: must be a time in the past");
    records.push_back({change.name, change.value, now - change.age});
  }
  return records;
}

net::Task<Result<rest::Preferences>> Preferences::list(Principal principal) {
  co_return co_await net::offload(
      pool_, [this, account = principal.account] { return visible_preferences(store_.list(account)); });
}

net::Task<Result<rest::Preferences>> Preferences::merge(Principal principal,
                                                        rest::UpdatePreferences::Body body) {
  auto changes = checked_preferences(body.preferences, clock_());
  if (!changes) co_return std::unexpected(std::move(changes.error()));
  co_return co_await net::offload(pool_, [this, account = principal.account, changes = std::move(*changes)] {
    return visible_preferences(store_.merge(account, changes, most_preferences));
  });
}

}  // namespace berth::server
