// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sign_in_wiring.hpp"

#include <spdlog/spdlog.h>

#include "server/app_sign_in.hpp"
#include "server/application.hpp"
#include "server/email_links.hpp"
#include "server/provider_sign_in.hpp"
#include "server/sharing.hpp"

namespace berth::server {
namespace {

/// Where links in mails lead: never what a request says of its host.
std::string ide_origin(const Config& config, std::uint16_t port) {
  if (!config.public_url.empty())
    return config.public_url.substr(0, config.public_url.find_last_not_of('/') + 1);
  const auto& host = config.listen.host;
  const bool any = host == "0.0.0.0" || host == "::";
  const auto name = any ? std::string("localhost") : host.find(':') == host.npos ? host : "[" + host + "]";
  return "http://" + name + ":" + std::to_string(port);
}

}  // namespace

void wire_sign_in(Application& application, std::uint16_t port) {
  const auto& config = application.config;
  auto& store = *application.store;
  application.sign_in_secrets = std::make_unique<SignInSecrets>(application.keys.identity);
  const auto& secrets = *application.sign_in_secrets;
  if (!config.mail.url.empty() && config.public_url.empty())
    spdlog::warn("mails: there is no public_url, so their links lead to {}", ide_origin(config, port));
  application.mailer =
      std::make_unique<Mailer>(store.outbox(), secrets, config.mail, system_clock_now, Mailer::Options{});
  application.email_links = std::make_unique<EmailLinks>(EmailLinks::Parts{.store = store,
                                                                           .accounts = *application.accounts,
                                                                           .mailer = *application.mailer,
                                                                           .secrets = secrets,
                                                                           .pool = *application.pool,
                                                                           .clock = system_clock_now,
                                                                           .ide = ide_origin(config, port)});
  for (const auto& one : config.identity_providers)
    spdlog::info("identity provider {}: {}", one.id, one.issuer);
  application.providers = std::make_unique<ProviderCatalog>(store.providers(), secrets, system_clock_now,
                                                            config.identity_providers);
  if (auto loaded = application.providers->reload(); !loaded)  // tried again by the administration's watch
    spdlog::warn("identity providers can't be read: {} {}", loaded.error().message, loaded.error().detail);
  application.provider_sign_in =
      std::make_unique<ProviderSignIn>(ProviderSignIn::Parts{.store = store,
                                                             .accounts = *application.accounts,
                                                             .secrets = secrets,
                                                             .pool = *application.pool,
                                                             .clock = system_clock_now,
                                                             .providers = *application.providers});
  application.app_sign_in = std::make_unique<AppSignIn>(AppSignIn::Parts{.store = store,
                                                                         .accounts = *application.accounts,
                                                                         .secrets = secrets,
                                                                         .pool = *application.pool,
                                                                         .clock = system_clock_now});
}

std::function<void(const InvitationLetter&)> invitation_sender(Application& application) {
  return [links = application.email_links.get()](const InvitationLetter& letter) {
    // Whoever invites says which host they see; the mail's link leads to ours.
    const auto path = letter.url.find('/', letter.url.find("://") + 3);
    const auto deed = letter.to_team ? " invites you into the team \"" + letter.workspace + "\"."
                                     : " shares the workspace \"" + letter.workspace + "\" with you.";
    const auto sent = links->send(
        {.to = letter.to,
         .subject = letter.inviter + " invites you to " + letter.workspace,
         .text = "Hello,\n\n" + letter.inviter + deed + " To join, open this link within two weeks:\n\n" +
                 links->ide() + letter.url.substr(std::min(path, letter.url.size())) + "\n"},
        invitation_life);
    if (!sent) spdlog::warn("an invitation is not sent: {} {}", sent.error().message, sent.error().detail);
  };
}

}  // namespace berth::server
