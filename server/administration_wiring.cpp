// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/administration_wiring.hpp"

#include "server/administration.hpp"
#include "server/administration_watch.hpp"
#include "server/application.hpp"
#include "server/audit_log.hpp"
#include "server/http_routes.hpp"
#include "server/provider_administration.hpp"
#include "server/ready_workspaces.hpp"
#include "server/replica.hpp"
#include "server/server_load.hpp"

namespace berth::server {
namespace {

/// What this server carries, under the name that the others know it by.
protocol::rest::ServerLoad own_load(Application& application, std::int64_t since,
                                    const std::string& address) {
  auto load =
      measure_load(application.traffic, application.routes->under_way().count(), since, system_clock_now());
  if (application.replica) load.id = application.replica->id();
  load.address = address;
  return load;
}

/// What administrators may have changed beside accounts, orders and settings. On one thread at a time.
std::function<Result<void>()> follower(Application& application) {
  return [&application, images = application.settings->images()]() mutable -> Result<void> {
    if (auto now = application.settings->images(); now != images) {
      images = std::move(now);
      if (application.config.backend == "kubernetes") keep_ready(application);
    }
    return application.providers->reload();
  };
}

}  // namespace

void wire_administration(Application& application, std::uint16_t port) {
  const auto& config = application.config;
  const auto address = config.replica_address.empty() ? config.listen.host + ":" + std::to_string(port)
                                                      : config.replica_address;
  const std::function<protocol::rest::ServerLoad()> load =
      [&application, since = system_clock_now(), address] { return own_load(application, since, address); };
  application.audit =
      std::make_unique<AuditLog>(application.store->audit(), *application.pool, system_clock_now);
  application.administration_watch = std::make_unique<AdministrationWatch>(
      AdministrationWatch::Parts{.store = *application.store,
                                 .events = application.events,
                                 .settings = *application.settings,
                                 .workspaces = *application.workspaces,
                                 .pool = *application.pool,
                                 .clock = system_clock_now,
                                 .load = application.replica ? load : nullptr,
                                 .uses = *application.uses,
                                 .follow_more = follower(application)});
  application.provider_administration = std::make_unique<ProviderAdministration>(
      ProviderAdministration::Parts{.store = *application.store,
                                    .secrets = *application.sign_in_secrets,
                                    .catalog = *application.providers,
                                    .clock = system_clock_now});
  application.administration = std::make_unique<Administration>(
      Administration::Parts{.store = *application.store,
                            .settings = *application.settings,
                            .templates = application.templates,
                            .pool = *application.pool,
                            .clock = system_clock_now,
                            .look_now = [&watch = *application.administration_watch] { watch.look_now(); },
                            .load = load,
                            .backend = application.backend->describe(),
                            .shared = application.replica != nullptr,
                            .uses = *application.uses,
                            .place = *application.backend});
}

Result<AccountQuota> quota_of(Application& application, const std::string& id) {
  auto account = application.store->accounts().by_id(id);
  if (!account) return std::unexpected(std::move(account.error()));
  if (account->disabled)
    return failure(ErrorCode::permission_denied,
                   account->team ? "This team was disabled by an administrator of this server."
                                 : "Its owner's account was disabled by an administrator of this server.");
  if (account->team) {
    const auto general = application.settings->current();
    auto quota = account->quota;
    quota.workspaces = quota.workspaces.value_or(general.workspaces_per_team);
    quota.running = quota.running.value_or(general.running_per_team);
    quota.storage = quota.storage.value_or(general.storage_per_team);
    return quota;
  }
  // An address of the right domain opens nothing until it is known to be the person's.
  const bool by_domain = !application.settings->current().registration_domains.empty();
  if (by_domain && !application.config.mail.url.empty() && !account->email_verified &&
      !account->administrator)
    return failure(
        ErrorCode::permission_denied,
        "Please confirm your e-mail address first: open the link in the mail that was sent to it.");
  return account->quota;
}

std::uint64_t storage_quota_of(Application& application, const std::string& owner) {
  const auto settings = application.settings->current();
  const auto account = application.store->accounts().by_id(owner);
  if (!account) return static_cast<std::uint64_t>(settings.storage_per_account);
  const auto general = account->team ? settings.storage_per_team : settings.storage_per_account;
  return static_cast<std::uint64_t>(account->quota.storage.value_or(general));
}

}  // namespace berth::server
