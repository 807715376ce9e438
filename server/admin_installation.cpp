// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin_installation.hpp"

#include <algorithm>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include "protocol/codec.hpp"
#include "server/admin_table.hpp"
#include "server/administration_store.hpp"
#include "server/clock.hpp"
#include "server/image_reference.hpp"
#include "server/maintenance.hpp"
#include "server/opened_metadata.hpp"
#include "server/opened_storage.hpp"
#include "server/pack_store.hpp"
#include "server/provider_administration.hpp"
#include "server/settings.hpp"
#include "server/shared_keys.hpp"
#include "server/template_catalog.hpp"
#include "server/workspace_uses.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using protocol::Json;

constexpr std::int64_t use_is_worth = 120'000;  // ms
constexpr std::size_t longest_secret_file = 4096;

std::vector<std::string> comma_parts(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream words(text);
  for (std::string part; std::getline(words, part, ',');)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

std::string as_people_write(const Json& value) {
  if (!value.is_array()) return value.dump();
  std::string text;
  for (const auto& one : value) text += (text.empty() ? "" : ",") + one.get<std::string>();
  return text;
}

/// By the kind that the setting has now.
Result<Json> setting_value(const Json& now, const std::string& text) {
  if (now.is_boolean() && (text == "true" || text == "false")) return Json(text == "true");
  if (now.is_boolean()) return failure(ErrorCode::invalid_argument, "It must be true or false.");
  if (now.is_array()) return Json(comma_parts(text));
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    return failure(ErrorCode::invalid_argument, "It must be a number.");
  return Json(number);
}

/// Of a file that has nothing else; "-" is standard input.
Result<std::string> secret_in(const std::string& file) {
  std::ifstream opened;
  if (file != "-") opened.open(file);
  std::istream& in = file == "-" ? std::cin : opened;
  std::string text(longest_secret_file + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty() || text.size() > longest_secret_file)
    return failure(ErrorCode::invalid_argument, "There is no secret in " + printable(file) + ".");
  return text;
}

}  // namespace

Result<void> AdminInstallation::show_settings() {
  Settings settings(store_.settings(), first_settings(config_));
  if (auto loaded = settings.load(); !loaded) return loaded;
  std::vector<TableRow> rows = {{"SETTING", "VALUE"}};
  const auto all = protocol::encode(settings.current());
  for (const auto& [name, value] : all.items()) rows.push_back({name, as_people_write(value)});
  print_table(std::move(rows));
  return {};
}

Result<void> AdminInstallation::set_setting(const std::string& name, const std::string& value,
                                            AdminDeed& deed) {
  deed.data["setting"] = name;
  deed.data["value"] = value;
  Settings settings(store_.settings(), first_settings(config_));
  if (auto loaded = settings.load(); !loaded) return loaded;
  const auto now = protocol::encode(settings.current());
  if (!now.contains(name))
    return failure(ErrorCode::invalid_argument,
                   "There is no setting " + printable(name) + "; `berthd admin settings show` has all.");
  auto wanted = setting_value(now.at(name), value);
  if (!wanted) return std::unexpected(std::move(wanted.error()));
  if (name == "password_sign_in" && value == "false" && config_.identity_providers.empty()) {
    auto providers = store_.providers().all();
    if (!providers) return std::unexpected(std::move(providers.error()));
    if (std::ranges::none_of(*providers, &ProviderRecord::enabled))
      return failure(ErrorCode::conflict,
                     "There is no identity provider by which people could sign in; add one first.");
  }
  auto body = protocol::decode<rest::UpdateSettings::Body>(Json{{name, *wanted}}, "body");
  if (!body) return std::unexpected(std::move(body.error()));
  auto updated = settings.update_now(std::move(*body));
  if (!updated) return std::unexpected(std::move(updated.error()));
  if (auto told = store_.administration().raise(); !told) return told;
  std::printf("%s is %s\n", name.c_str(), as_people_write(protocol::encode(*updated).at(name)).c_str());
  return {};
}

namespace {

/// Calls `work` with what providers are looked at and changed with: keys are needed for their secrets.
template <class Work>
auto with_providers(const Config& config, MetadataStore& store, Work work)
    -> decltype(work(std::declval<const ProviderPlace&>())) {
  const auto keys = load_keys(config, uses_postgresql(config) ? &store.settings() : nullptr);
  if (!keys) return std::unexpected(keys.error());
  const SignInSecrets secrets(keys->identity);
  auto origin = config.public_url;
  while (origin.ends_with('/')) origin.pop_back();
  if (origin.empty()) origin = "http://localhost:" + std::to_string(config.listen.port);
  return work(ProviderPlace{store, secrets, config.identity_providers, system_clock_now, origin});
}

std::string state_of_provider(const rest::AdminProvider& one) {
  return one.fixed ? "by the configuration" : one.enabled ? "" : "not offered";
}

/// What is there now with what was chosen in its place.
Result<rest::PutProvider::Body> chosen_provider(const ProviderChoice& choice,
                                                const std::vector<rest::AdminProvider>& all) {
  rest::PutProvider::Body body;
  body.kind = rest::ProviderKind::oidc;
  if (const auto it = std::ranges::find(all, choice.id, &rest::AdminProvider::id); it != all.end())
    body = {.name = it->name,
            .kind = it->kind,
            .issuer = it->issuer,
            .client_id = it->client_id,
            .client_secret = {},
            .scopes = it->scopes,
            .enabled = it->enabled};
  if (choice.kind && !boost::describe::enum_from_string(choice.kind->c_str(), body.kind))
    return failure(ErrorCode::invalid_argument, "--kind: oidc, google or github.");
  body.name = choice.name.value_or(body.name.empty() ? choice.id : body.name);
  body.issuer = choice.issuer.value_or(body.issuer);
  body.client_id = choice.client_id.value_or(body.client_id);
  if (choice.scopes) body.scopes = comma_parts(*choice.scopes);
  body.enabled = choice.enabled.value_or(body.enabled);
  if (choice.no_secret) body.client_secret = "";
  if (choice.secret_file.empty()) return body;
  auto secret = secret_in(choice.secret_file);
  if (!secret) return std::unexpected(std::move(secret.error()));
  body.client_secret = std::move(*secret);
  return body;
}

}  // namespace

Result<void> AdminInstallation::list_providers() {
  return with_providers(config_, store_, [](const ProviderPlace& place) -> Result<void> {
    const auto all = server::list_providers(place);
    if (!all) return std::unexpected(all.error());
    std::vector<TableRow> rows = {
        {"ID", "NAME", "KIND", "ISSUER", "CLIENT", "SECRET", "PEOPLE", "REDIRECT", "STATE"}};
    for (const auto& one : *all)
      rows.push_back({one.id, one.name, boost::describe::enum_to_string(one.kind, ""), one.issuer,
                      one.client_id, one.has_secret ? "set" : "none", std::to_string(one.identities),
                      one.redirect, state_of_provider(one)});
    print_table(std::move(rows));
    return {};
  });
}

Result<void> AdminInstallation::put_provider(const ProviderChoice& choice, AdminDeed& deed) {
  deed.target = choice.id;
  return with_providers(config_, store_, [&](const ProviderPlace& place) -> Result<void> {
    const auto all = server::list_providers(place);
    if (!all) return std::unexpected(all.error());
    auto body = chosen_provider(choice, *all);
    if (!body) return std::unexpected(std::move(body.error()));
    deed.data["name"] = body->name;
    deed.data["issuer"] = body->issuer;
    deed.data["client_id"] = body->client_id;
    deed.data["enabled"] = body->enabled ? "true" : "false";
    deed.data["secret"] = !body->client_secret ? "as it was" : body->client_secret->empty() ? "none" : "set";
    const auto kept = server::put_provider(place, choice.id, std::move(*body));
    if (!kept) return std::unexpected(kept.error());
    std::printf("%s is kept; register %s there\n", kept->id.c_str(), printable(kept->redirect).c_str());
    return {};
  });
}

Result<void> AdminInstallation::remove_provider(const std::string& id, AdminDeed& deed) {
  deed.target = id;
  return with_providers(config_, store_, [&](const ProviderPlace& place) -> Result<void> {
    if (auto gone = server::remove_provider(place, id); !gone) return gone;
    std::printf("%s is taken away\n", printable(id).c_str());
    return {};
  });
}

Result<void> AdminInstallation::list_templates() {
  Settings settings(store_.settings(), first_settings(config_));
  if (auto loaded = settings.load(); !loaded) return loaded;
  const auto catalog = TemplateCatalog::load(config_.templates);
  if (!catalog) return std::unexpected(catalog.error());
  std::vector<TableRow> rows = {{"ID", "NAME", "STATE", "IMAGE"}};
  for (const auto& one : catalog->all()) {
    const auto image = settings.image_of(one.id);
    rows.push_back({one.id, one.name, settings.offers(one.id) ? "" : "not offered",
                    image.empty() ? "the installation's" : image});
  }
  print_table(std::move(rows));
  return {};
}

Result<void> AdminInstallation::set_image(const std::string& template_id, const std::string& image,
                                          AdminDeed& deed) {
  deed.target = template_id;
  deed.data["image"] = image;
  const auto catalog = TemplateCatalog::load(config_.templates);
  if (!catalog) return std::unexpected(catalog.error());
  if (!catalog->find(template_id)) return failure(ErrorCode::not_found, "There is no such template.");
  if (!image.empty() && !is_image_reference(image))
    return failure(ErrorCode::invalid_argument, "An image is named like registry.example.org/team/rust:2.");
  Settings settings(store_.settings(), first_settings(config_));
  if (auto set = settings.set_image_now(template_id, image); !set) return set;
  if (auto told = store_.administration().raise(); !told) return told;
  std::printf("%s: from their next start its workspaces run in %s\n", template_id.c_str(),
              image.empty() ? "the installation's image" : image.c_str());
  return {};
}

Result<void> AdminInstallation::list_uses() {
  const auto rows_told = store_.loads().all();
  if (!rows_told) return std::unexpected(rows_told.error());
  const auto uses = read_uses(*rows_told);
  std::vector<std::string> ids;
  const auto oldest = system_clock_now() - use_is_worth;
  for (const auto& [id, use] : uses)
    if (use.at >= oldest) ids.push_back(id);
  auto workspaces = store_.workspaces().find_some(ids);
  if (!workspaces) return std::unexpected(std::move(workspaces.error()));
  std::erase_if(*workspaces, [](const auto& one) { return one.state != rest::WorkspaceState::running; });
  std::ranges::sort(*workspaces, std::ranges::greater(),
                    [&](const WorkspaceRecord& one) { return uses.at(one.id).memory; });
  std::vector<TableRow> rows = {
      {"ID", "NAME", "OWNER", "MEMORY", "PROCESSOR", "TERMINALS", "WINDOWS", "MEASURED"}};
  for (const auto& one : *workspaces) {
    const auto& use = uses.at(one.id);
    const auto owner = store_.accounts().by_id(one.account);
    const auto known = owner && !owner->email.empty() && owner->email.contains('@');
    rows.push_back({one.id, one.name,
                    known   ? owner->email
                    : owner ? owner->name
                            : one.account,
                    use.memory > 0 ? readable_bytes(static_cast<std::uint64_t>(use.memory)) : "not known",
                    std::to_string(std::lround(use.processor)) + " %", std::to_string(use.terminals),
                    std::to_string(use.windows), readable_time(use.at)});
  }
  print_table(std::move(rows));
  return {};
}

}  // namespace berth::server
