// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/settings.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "server/config.hpp"

namespace berth::server {
namespace {

struct Range {
  const char* field;
  std::int64_t protocol::rest::Settings::* value;
  std::optional<std::int64_t> protocol::rest::UpdateSettings::Body::* change;
  std::int64_t least;
  std::int64_t most;
};

using Now = protocol::rest::Settings;
using Change = protocol::rest::UpdateSettings::Body;
constexpr Range ranges[] = {
    {"idle_stop_minutes", &Now::idle_stop_minutes, &Change::idle_stop_minutes, 0, 60 * 24 * 365},
    {"maximum_life_minutes", &Now::maximum_life_minutes, &Change::maximum_life_minutes, 0, 60 * 24 * 365},
    {"workspaces_per_account", &Now::workspaces_per_account, &Change::workspaces_per_account, 0, 10'000},
    {"running_per_account", &Now::running_per_account, &Change::running_per_account, 0, 10'000},
    {"storage_per_account", &Now::storage_per_account, &Change::storage_per_account, 0,
     std::int64_t{1} << 50},
    {"workspaces_per_team", &Now::workspaces_per_team, &Change::workspaces_per_team, 0, 10'000},
    {"running_per_team", &Now::running_per_team, &Change::running_per_team, 0, 10'000},
    {"storage_per_team", &Now::storage_per_team, &Change::storage_per_team, 0, std::int64_t{1} << 50},
    {"teams_per_account", &Now::teams_per_account, &Change::teams_per_account, 0, 10'000},
    {"audit_days", &Now::audit_days, &Change::audit_days, 0, 36'500},
};

struct Switch {
  const char* field;
  bool protocol::rest::Settings::* value;
  std::optional<bool> protocol::rest::UpdateSettings::Body::* change;
};
constexpr Switch switches[] = {
    {"registration_open", &Now::registration_open, &Change::registration_open},
    {"password_sign_in", &Now::password_sign_in, &Change::password_sign_in},
};

constexpr std::string_view template_prefix = "template_offered/", image_prefix = "template_image/";
constexpr std::size_t most_domains = 100, longest_domain = 253;

/// Lower case, letters, digits, '-' and '.', as DNS has them; an international one in its xn-- form.
Result<std::string> checked_domain(std::string domain) {
  std::ranges::transform(domain, domain.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (domain.starts_with('@')) domain.erase(0, 1);
  const bool plain = std::ranges::all_of(domain, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  if (!plain || domain.empty() || domain.size() > longest_domain || domain.starts_with('.') ||
      domain.ends_with('.') || domain.find("..") != domain.npos)
    return failure(ErrorCode::invalid_argument, "body.registration_domains: \"" + domain + "\" is no domain");
  return domain;
}

std::string joined_domains(const std::vector<std::string>& domains) {
  std::string text;
  for (const auto& domain : domains) text += (text.empty() ? "" : ",") + domain;
  return text;
}

std::vector<std::string> split_domains(const std::string& text) {
  std::vector<std::string> domains;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');)
    if (!part.empty()) domains.push_back(part);
  return domains;
}

/// What is to be stored for a change; `body` gets what is meant by it.
Result<std::map<std::string, std::string>> checked_changes(Change& body) {
  std::map<std::string, std::string> changes;
  for (const auto& one : switches)
    if (const auto value = body.*one.change) changes[one.field] = *value ? "true" : "false";
  if (body.registration_domains) {
    if (body.registration_domains->size() > most_domains)
      return failure(ErrorCode::invalid_argument, "body.registration_domains: more than 100");
    for (auto& domain : *body.registration_domains) {
      auto checked = checked_domain(std::move(domain));
      if (!checked) return std::unexpected(std::move(checked.error()));
      domain = std::move(*checked);
    }
    changes["registration_domains"] = joined_domains(*body.registration_domains);
  }
  for (const auto& range : ranges) {
    const auto value = body.*range.change;
    if (!value) continue;
    if (*value < range.least || *value > range.most)
      return failure(ErrorCode::invalid_argument, "body." + std::string(range.field) + ": must be " +
                                                      std::to_string(range.least) + " to " +
                                                      std::to_string(range.most));
    changes[range.field] = std::to_string(*value);
  }
  if (body.audit_days && *body.audit_days != 0 && *body.audit_days < least_audit_days)
    return failure(ErrorCode::invalid_argument,
                   "body.audit_days: must be 0, or " + std::to_string(least_audit_days) + " at least");
  return changes;
}

}  // namespace

Now first_settings(const Config& config) {
  return {.registration_open = config.registration_open,
          .idle_stop_minutes = config.idle_stop_minutes,
          .maximum_life_minutes = config.maximum_life_minutes,
          .workspaces_per_account = config.workspaces_per_account,
          .running_per_account = config.running_per_account,
          .storage_per_account = config.storage_per_account};
}

Result<void> Settings::may_register(const std::string& email) const {
  const auto domains = current().registration_domains;
  const auto domain = email.substr(std::min(email.rfind('@') + 1, email.size()));
  if (domains.empty() || std::ranges::contains(domains, domain)) return {};
  return failure(ErrorCode::permission_denied, "Registration on this server is for addresses at " +
                                                   joined_domains(domains) + " only; ask its administrator.");
}

bool Settings::offers(const std::string& template_id) const {
  const std::lock_guard lock(mutex_);
  return !withdrawn_.contains(template_id);
}

net::Task<Result<void>> Settings::offer(std::string template_id, bool offered,
                                        boost::asio::thread_pool& pool) {
  auto stored = co_await net::offload(pool, [&] {
    return store_.put({{std::string(template_prefix) + template_id, offered ? "true" : "false"}});
  });
  if (!stored) co_return stored;
  const std::lock_guard lock(mutex_);
  if (offered)
    withdrawn_.erase(template_id);
  else
    withdrawn_.insert(template_id);
  co_return Result<void>{};
}

std::string Settings::image_of(const std::string& template_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = images_.find(template_id);
  return found == images_.end() ? std::string() : found->second;
}

std::map<std::string, std::string> Settings::images() const {
  const std::lock_guard lock(mutex_);
  return images_;
}

Result<void> Settings::set_image_now(const std::string& template_id, const std::string& image) {
  auto stored = store_.put({{std::string(image_prefix) + template_id, image}});
  if (!stored) return stored;
  const std::lock_guard lock(mutex_);
  if (image.empty())
    images_.erase(template_id);
  else
    images_[template_id] = image;
  return {};
}

net::Task<Result<void>> Settings::set_image(std::string template_id, std::string image,
                                            boost::asio::thread_pool& pool) {
  co_return co_await net::offload(pool, [&] { return set_image_now(template_id, image); });
}

Result<void> Settings::load() {
  auto stored = store_.all();
  if (!stored) return std::unexpected(stored.error());
  const std::lock_guard lock(mutex_);
  for (const auto& one : switches)
    if (const auto it = stored->find(one.field); it != stored->end())
      current_.*one.value = it->second == "true";
  if (const auto it = stored->find("registration_domains"); it != stored->end())
    current_.registration_domains = split_domains(it->second);
  withdrawn_.clear();
  images_.clear();
  for (const auto& [name, value] : *stored) {
    if (name.starts_with(template_prefix) && value == "false")
      withdrawn_.insert(name.substr(template_prefix.size()));
    if (name.starts_with(image_prefix) && !value.empty()) images_[name.substr(image_prefix.size())] = value;
  }
  for (const auto& range : ranges) {
    const auto it = stored->find(range.field);
    if (it == stored->end()) continue;
    std::int64_t value = 0;
    const auto [end, error] =
        std::from_chars(it->second.data(), it->second.data() + it->second.size(), value);
    if (error == std::errc{} && value >= range.least && value <= range.most) current_.*range.value = value;
  }
  return {};
}

Now Settings::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

Result<Now> Settings::update_now(Change body) {
  auto changes = checked_changes(body);
  if (!changes) return std::unexpected(std::move(changes.error()));
  if (auto stored = store_.put(*changes); !stored) return std::unexpected(std::move(stored.error()));
  const std::lock_guard lock(mutex_);
  for (const auto& one : switches)
    if (const auto value = body.*one.change) current_.*one.value = *value;
  if (body.registration_domains) current_.registration_domains = *body.registration_domains;
  for (const auto& range : ranges)
    if (const auto value = body.*range.change) current_.*range.value = *value;
  return current_;
}

net::Task<Result<Now>> Settings::update(Change body, boost::asio::thread_pool& pool) {
  co_return co_await net::offload(pool, [&] { return update_now(std::move(body)); });
}

}  // namespace berth::server
