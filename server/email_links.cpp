// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/email_links.hpp"

#include <spdlog/spdlog.h>

#include "protocol/codec.hpp"
#include "server/email_address.hpp"

namespace berth::server {
namespace {

constexpr int free_questions = 100;  // an hour from one address

/// What a link is about, in its ticket.
struct LinkedAddress {
  std::string email;  // the account's when it was made
  bool by_mail;       // whoever has the link has read a mail to that address
};
BOOST_DESCRIBE_STRUCT(LinkedAddress, (), (email, by_mail))

std::unexpected<Error> used_up() {
  return failure(ErrorCode::not_found, "This link has been used, or is too old; ask for a new one.");
}

Result<LinkedAddress> address_in(const TicketRecord& ticket) {
  const auto json = protocol::parse_json(ticket.data);
  if (!json) return std::unexpected(json.error());
  return protocol::decode<LinkedAddress>(*json, "ticket");
}

std::string host_of(const std::string& origin) { return origin.substr(origin.find("://") + 3); }

struct MadeLink {
  TicketRecord ticket;
  std::string url;
};

/// Not in the store yet.
MadeLink make_link(const LinkMaking& making, const AccountRecord& account, const char* kind,
                   const LinkedAddress& about) {
  const auto secret = new_secret();
  const bool reset = std::string_view(kind) == reset_ticket;
  return {.ticket = {.id = making.secrets.hash(kind, secret),
                     .kind = kind,
                     .handle = {},
                     .account = account.id,
                     .data = protocol::to_text(protocol::encode(about)),
                     .created = making.now,
                     .expires = making.now + (reset ? reset_link_life : verification_link_life)},
          .url = making.ide + (reset ? "/reset-password?token=" : "/verify-email?token=") + secret};
}

}  // namespace

Result<PreparedReset> prepare_reset(const LinkMaking& making, const AccountRecord& account,
                                    bool remove_second_factor, bool by_password) {
  if (account.team) return failure(ErrorCode::conflict, "A team has no password.");
  auto link = make_link(making, account, reset_ticket, {.email = account.email, .by_mail = false});
  return PreparedReset{.reset = {.account = account.id,
                                 .link = std::move(link.ticket),
                                 .remove_second_factor = remove_second_factor,
                                 .remove_identities = by_password},
                       .url = std::move(link.url)};
}

Result<void> EmailLinks::mail_verification(const std::string& id) {
  auto account = parts_.store.accounts().by_id(id);
  if (!account) return std::unexpected(std::move(account.error()));
  if (account->email_verified && account->pending_email.empty()) return {};
  const auto& email = account->pending_email.empty() ? account->email : account->pending_email;
  const auto link = make_link(making(), *account, verification_ticket, {.email = email, .by_mail = true});
  // The newest counts: whoever asks again has not got the others.
  if (auto kept = parts_.store.tickets().insert(link.ticket, most_open_links, FullTickets::forget_oldest);
      !kept)
    return kept;
  return parts_.mailer.post(
      {.to = email,
       .subject = "Please confirm your e-mail address",
       .text = "Hello " + account->name + ",\n\nthis address was given for an account at " +
               host_of(parts_.ide) + ". If that was you, please open this link within three days:\n\n" +
               link.url + "\n\nIf it was not, you need do nothing.\n"},
      verification_link_life);
}

void EmailLinks::tell_change(const AccountRecord& account, const std::string& before) {
  const auto what = account.pending_email.empty()
                        ? std::string(" has another e-mail address now.")
                        : " is to have the e-mail address " + account.pending_email +
                              ": from when the link in a mail to it is opened.";
  const auto sent = parts_.mailer.post(
      {.to = before,
       .subject = "The e-mail address of your account changes",
       .text = "Hello,\n\nyour account at " + host_of(parts_.ide) + what +
               " If that was not you, change your password at once, and tell the administrator of that "
               "server: somebody else is signed in to your account.\n"},
      verification_link_life);
  if (!sent)
    spdlog::warn("account {}: the old address is not told of a change: {} {}", account.id,
                 sent.error().message, sent.error().detail);
}

net::Task<void> EmailLinks::address_is_new(std::string id, std::string before) {
  co_await net::offload(parts_.pool, [&] {
    if (!before.empty()) {
      if (const auto account = parts_.store.accounts().by_id(id))
        tell_change(*account, before);
      else
        spdlog::warn("account {}: the old address is not told of a change: {}", id, account.error().message);
    }
    if (auto sent = mail_verification(id); !sent)
      spdlog::warn("account {} gets no mail about its address: {} {}", id, sent.error().message,
                   sent.error().detail);
  });
}

net::Task<Result<void>> EmailLinks::send_verification(Principal principal) {
  if (auto limited = co_await parts_.accounts.limit_calls(principal.account, "verification mail",
                                                          free_verification_mails);
      !limited)
    co_return limited;
  co_return co_await net::offload(parts_.pool, [&] { return mail_verification(principal.account); });
}

net::Task<Result<void>> EmailLinks::verify(std::string token, Caller caller) {
  if (auto limited = co_await parts_.accounts.limit_calls(caller.address, "verify", 300); !limited)
    co_return limited;
  co_return co_await net::offload(parts_.pool, [&]() -> Result<void> {
    const auto ticket = parts_.store.tickets().take(
        verification_ticket, parts_.secrets.hash(verification_ticket, token), parts_.clock());
    if (!ticket)
      return ticket.error().code == ErrorCode::not_found ? used_up() : std::unexpected(ticket.error());
    const auto address = address_in(*ticket);
    if (!address) return std::unexpected(address.error());
    auto verified = parts_.store.identities().verify_email(ticket->account, address->email);
    if (!verified && verified.error().code == ErrorCode::not_found) return used_up();
    if (verified) static_cast<void>(parts_.store.tickets().remove_all(ticket->account, verification_ticket));
    return verified;
  });
}

void EmailLinks::mail_reset(const std::string& email) {
  const auto account = parts_.store.accounts().by_email(email);
  if (!account) {
    if (account.error().code != ErrorCode::not_found) spdlog::warn("a reset: {}", account.error().detail);
    return;
  }
  if (account->disabled || !parts_.accounts.takes_password_of(*account)) {
    spdlog::info("account {} gets no link to set its password: {}", account->id,
                 account->disabled ? "it is disabled" : "its password opens nothing here");
    return;
  }
  const auto link = make_link(making(), *account, reset_ticket, {.email = account->email, .by_mail = true});
  // Those that it has are good, and stay so: whoever asks in its owner's stead must not end them.
  if (auto kept = parts_.store.tickets().insert(link.ticket, most_open_links); !kept) {
    spdlog::info("account {} gets no more links to set its password: {}", account->id, kept.error().message);
    return;
  }
  const auto sent = parts_.mailer.post(
      {.to = account->email,
       .subject = "Set a new password",
       .text = "Hello " + account->name + ",\n\nsomebody asked to set a new password for your account at " +
               host_of(parts_.ide) + ". If that was you, please open this link within half an hour:\n\n" +
               link.url + "\n\nIf it was not, you need do nothing: your password stays as it is.\n"},
      reset_link_life);
  if (!sent) spdlog::warn("a mail: {} {}", sent.error().message, sent.error().detail);
}

net::Task<Result<void>> EmailLinks::forgot(std::string given, Caller caller) {
  auto email = normal_email(given);
  if (!email) co_return std::unexpected(std::move(email.error()));
  if (auto limited = co_await parts_.accounts.limit_calls(caller.address, "forgot", free_questions); !limited)
    co_return limited;
  if (!parts_.mailer.do_later([this, address = std::move(*email)] { mail_reset(address); }))
    co_return failure(ErrorCode::unavailable, "Too many mails are asked for; try again in a minute.");
  co_return Result<void>{};
}

net::Task<Result<SignInStep>> EmailLinks::reset(std::string token, std::string password, Caller caller,
                                                AccountRecord& account) {
  if (auto limited = co_await parts_.accounts.limit_calls(caller.address, "reset", 300); !limited)
    co_return std::unexpected(std::move(limited.error()));
  const auto id = parts_.secrets.hash(reset_ticket, token);
  // It is used up when all else is known to be good: a password that is too short costs nothing.
  const auto ticket = co_await net::offload(
      parts_.pool, [&] { return parts_.store.tickets().find(reset_ticket, id, parts_.clock()); });
  if (!ticket && ticket.error().code == ErrorCode::not_found) co_return used_up();
  if (!ticket) co_return std::unexpected(ticket.error());
  const auto address = address_in(*ticket);
  if (!address) co_return std::unexpected(address.error());
  auto done = co_await parts_.accounts.reset_password(
      ticket->account, address->email, std::move(password), address->by_mail, [&]() -> Result<void> {
        const auto taken = parts_.store.tickets().take(reset_ticket, id, parts_.clock());
        if (!taken) return std::unexpected(taken.error());
        return {};
      });
  if (!done && done.error().code == ErrorCode::not_found) co_return used_up();
  if (!done) co_return std::unexpected(std::move(done.error()));
  account.id = ticket->account;
  account.email = address->email;
  co_return co_await parts_.accounts.begin_sign_in(ticket->account, std::move(caller));
}

net::Task<Result<PreparedReset>> EmailLinks::reset_by_administrator(std::string id,
                                                                    bool remove_second_factor) {
  auto prepared = co_await net::offload(parts_.pool, [&]() -> Result<PreparedReset> {
    const auto account = parts_.store.accounts().by_id(id);
    if (!account) return std::unexpected(account.error());
    return prepare_reset(making(), *account, remove_second_factor,
                         parts_.accounts.takes_password_of(*account));
  });
  if (!prepared) co_return prepared;
  if (auto done = co_await parts_.accounts.reset_account(prepared->reset); !done)
    co_return std::unexpected(std::move(done.error()));
  co_return prepared;
}

}  // namespace berth::server
