// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/provider_sign_in.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "protocol/codec.hpp"
#include "server/email_address.hpp"
#include "server/random_id.hpp"

namespace berth::server {

namespace rest = protocol::rest;

/// What the browser keeps for us, sealed, while it is at the provider.
struct ProviderSignIn::Flow {
  std::string provider;
  std::string issuer;  // an administrator may have changed it meanwhile: a code goes to nobody else
  std::string to;
  std::string redirect;
  std::string state;
  std::string nonce;
  std::string verifier;
  std::string account;  // to link to; "" to sign in
  std::string sign_in;  // by which the link was asked for
  std::int64_t expires = 0;
  BOOST_DESCRIBE_CLASS(Flow, (),
                       (provider, issuer, to, redirect, state, nonce, verifier, account, sign_in, expires),
                       (), ())
};

namespace {

constexpr const char* flow_purpose = "provider flow";
constexpr const char* link_kind = "link_identity";
constexpr std::size_t longest_to = 1024, longest_code = 4096;
constexpr std::size_t longest_name = 80;  // characters
constexpr std::int64_t most_pending_links = 10;

/// An identity that waits for its account to be proven, in its ticket.
struct PendingLink {
  std::string issuer;
  std::string subject;
  std::string email;
};
BOOST_DESCRIBE_STRUCT(PendingLink, (), (issuer, subject, email))

/// Told to the person by the sign-in page: a word in its address, never a text.
std::unexpected<Error> problem(const char* word, ErrorCode code, std::string detail) {
  Error error{code, "Signing in did not work; try again.", std::move(detail), {}};
  error.data["problem"] = word;
  return std::unexpected(std::move(error));
}

std::string word_of(const Error& error) {
  if (const auto it = error.data.find("problem"); it != error.data.end()) return it->second;
  switch (error.code) {
    case ErrorCode::unavailable:
    case ErrorCode::timeout:
      return "provider_unavailable";
    case ErrorCode::unauthenticated:
      return "provider_refused";
    case ErrorCode::limit_exceeded:
      return "limit";
    case ErrorCode::permission_denied:
      return "disabled";
    default:
      return "failed";
  }
}

/// The provider's name for the person, cut to what we take.
std::string account_name(const ProvenIdentity& identity, const std::string& email) {
  std::string name = identity.name;
  std::erase_if(name, [](unsigned char c) { return c < ' ' || c == 127; });
  std::size_t characters = 0, end = 0;
  for (; end < name.size(); ++end)
    if ((static_cast<unsigned char>(name[end]) & 0xC0) != 0x80 && ++characters > longest_name) break;
  name.resize(end);
  return name.find_first_not_of(' ') == name.npos ? email.substr(0, std::min(email.find('@'), longest_name))
                                                  : name;
}

}  // namespace

std::string path_of_ide(const std::string& to) {
  const bool plain =
      std::ranges::none_of(to, [](unsigned char c) { return c <= ' ' || c == 127 || c == '\\'; });
  // "//host" and "/\host" are other sites to a browser; addresses of the API are no pages.
  if (to.size() > longest_to || !plain || !to.starts_with('/') || to.starts_with("//") ||
      to.starts_with("/api/"))
    return "/";
  return to;
}

std::vector<rest::SignInOptions::Provider> ProviderSignIn::offered() const {
  std::vector<rest::SignInOptions::Provider> all;
  for (const auto& provider : parts_.providers.offered())
    all.push_back({provider->settings().id, provider->settings().name});
  return all;
}

template <class Work>
auto ProviderSignIn::ask(Work work) -> net::Task<decltype(work())> {
  struct Waiting {
    std::atomic<int>& count;
    ~Waiting() { --count; }
  } waiting{waiting_};
  if (++waiting_ > most_waiting)
    co_return failure(ErrorCode::unavailable,
                      "Too many people sign in at the moment; try again in a minute.");
  co_return co_await net::offload(outgoing_, std::move(work));
}

net::Task<Result<ProviderSignIn::Begun>> ProviderSignIn::begin(std::string id, std::string to,
                                                               std::string origin,
                                                               std::optional<Principal> link_to) {
  const auto provider = parts_.providers.find(id);
  if (!provider) co_return problem("provider_unknown", ErrorCode::not_found, "no identity provider " + id);
  const Flow flow{.provider = id,
                  .issuer = provider->issuer(),
                  .to = path_of_ide(to),
                  .redirect = origin + "/api/v1/auth/providers/" + id + "/callback",
                  .state = new_secret(),
                  .nonce = new_secret(),
                  .verifier = new_secret() + new_secret(),
                  .account = link_to ? link_to->account : "",
                  .sign_in = link_to ? link_to->sign_in : "",
                  .expires = parts_.clock() + provider_flow_life};
  auto url = co_await ask(
      [&] { return provider->authorization_url({flow.redirect, flow.state, flow.nonce, flow.verifier}); });
  if (!url) co_return std::unexpected(std::move(url.error()));
  co_return Begun{std::move(*url),
                  parts_.secrets.seal(flow_purpose, protocol::to_text(protocol::encode(flow)))};
}

/// The flow of this browser, once; what comes back must be of it.
net::Task<Result<ProviderSignIn::Flow>> ProviderSignIn::take_flow(const Callback& callback) {
  const auto now = parts_.clock();
  const auto text = parts_.secrets.open(flow_purpose, callback.cookie);
  const auto json = text ? protocol::parse_json(*text) : failure(ErrorCode::not_found, "no cookie");
  if (!json) co_return problem("expired", ErrorCode::unauthenticated, "no flow of this browser");
  auto flow = protocol::decode<Flow>(*json, "flow");
  if (!flow || flow->expires <= now) co_return problem("expired", ErrorCode::unauthenticated, "an old flow");
  if (flow->provider != callback.provider)
    co_return problem("expired", ErrorCode::unauthenticated, "the flow is with another provider");
  if (callback.state.empty() || !same_secret(callback.state, flow->state))
    co_return problem("expired", ErrorCode::unauthenticated, "another state");
  const auto first = co_await net::offload(parts_.pool, [&] {
    return parts_.store.counts().first_use("flow " + parts_.secrets.hash(flow_purpose, flow->state),
                                           flow->expires, now);
  });
  if (!first) co_return std::unexpected(first.error());
  if (!*first) co_return problem("expired", ErrorCode::unauthenticated, "the flow was used before");
  co_return flow;
}

net::Task<ProviderSignIn::Ended> ProviderSignIn::end(Callback callback, Caller caller) {
  const auto failed = [](const std::string& page, const Error& error) {
    spdlog::info("sign-in by a provider: {}: {} {}", word_of(error), error.message, error.detail);
    return Ended{with_query(page, {{"problem", word_of(error)}}), {}, {}};
  };
  auto flow = co_await take_flow(callback);
  if (!flow) co_return failed("/sign-in", flow.error());
  const auto page = flow->account.empty() ? std::string("/sign-in") : flow->to;
  if (!callback.error.empty())
    co_return failed(page,
                     problem(callback.error == "access_denied" ? "denied" : "provider_refused",
                             ErrorCode::unauthenticated, "the provider says " + callback.error.substr(0, 100))
                         .error());
  if (callback.code.empty() || callback.code.size() > longest_code)
    co_return failed(page, problem("provider_refused", ErrorCode::unauthenticated, "no code").error());
  const auto provider = parts_.providers.find(flow->provider);
  if (!provider || provider->issuer() != flow->issuer)
    co_return failed(page, problem("provider_unknown", ErrorCode::not_found, flow->provider).error());
  auto identity = co_await ask([&] {
    return provider->redeem({flow->redirect, flow->state, flow->nonce, flow->verifier},
                            {callback.code, callback.issuer});
  });
  if (!identity) co_return failed(page, identity.error());
  auto ended = co_await accept(*flow, std::move(*identity), std::move(caller));
  if (!ended) co_return failed(page, ended.error());
  co_return std::move(*ended);
}

net::Task<Result<ProviderSignIn::Ended>> ProviderSignIn::accept(Flow flow, ProvenIdentity identity,
                                                                Caller caller) {
  if (!flow.account.empty()) {
    auto location = co_await net::offload(parts_.pool, [&] { return add_to_account(flow, identity); });
    if (!location) co_return std::unexpected(std::move(location.error()));
    co_return Ended{std::move(*location), {}, {}};
  }
  auto found = co_await net::offload(parts_.pool, [&] { return account_of(identity); });
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (found->account.empty())
    co_return co_await net::offload(parts_.pool, [&] { return ask_for_proof(flow, identity, found->owner); });
  auto step = co_await parts_.accounts.begin_sign_in(found->account, std::move(caller));
  if (!step) co_return std::unexpected(std::move(step.error()));
  if (!step->tokens)
    co_return Ended{with_query("/sign-in", {{"pending", step->pending}, {"to", flow.to}}), {}, {}};
  co_return Ended{flow.to, std::move(step->tokens), {}};
}

/// For somebody who is signed in and asked for it; back where they asked.
Result<std::string> ProviderSignIn::add_to_account(const Flow& flow, const ProvenIdentity& identity) {
  const auto sign_in = parts_.store.sign_ins().find(flow.sign_in);
  if (!sign_in || sign_in->account != flow.account)
    return problem("expired", ErrorCode::unauthenticated, "whoever asked for the link has signed out");
  auto linked = parts_.store.identities().insert({.id = random_id(16),
                                                  .account = flow.account,
                                                  .issuer = identity.issuer,
                                                  .subject = identity.subject,
                                                  .email = identity.email,
                                                  .linked = parts_.clock()});
  if (linked) {
    spdlog::info("account {}: an identity of {} was linked", flow.account, identity.issuer);
    return flow.to;
  }
  if (linked.error().code != ErrorCode::already_exists) return std::unexpected(std::move(linked.error()));
  const auto known = parts_.store.identities().find(identity.issuer, identity.subject);
  if (known && known->account == flow.account) return flow.to;
  return problem("identity_taken", ErrorCode::conflict, "the identity is another account's");
}

Result<ProviderSignIn::Found> ProviderSignIn::account_of(const ProvenIdentity& identity) {
  auto& store = parts_.store;
  const auto known = store.identities().find(identity.issuer, identity.subject);
  if (known) {
    if (!identity.email.empty() && identity.email != known->email)
      if (auto told = store.identities().update_email(known->id, identity.email); !told)
        return std::unexpected(std::move(told.error()));
    return Found{known->account, {}};
  }
  if (known.error().code != ErrorCode::not_found) return std::unexpected(known.error());
  if (identity.email.empty())
    return problem("email_missing", ErrorCode::permission_denied, "no e-mail address");
  // Anybody can say any address; one that the provider has not verified proves nothing and links nothing.
  if (!identity.email_verified)
    return problem("email_unverified", ErrorCode::permission_denied, "the e-mail address is not verified");
  const auto email = normal_email(identity.email);
  if (!email)
    return problem("email_missing", ErrorCode::permission_denied, "not an address: " + identity.email);
  const auto owner = store.accounts().by_email(*email);
  if (owner) return Found{{}, owner->id};
  if (owner.error().code != ErrorCode::not_found) return std::unexpected(owner.error());
  return make_account(identity, *email);
}

Result<ProviderSignIn::Found> ProviderSignIn::make_account(const ProvenIdentity& identity,
                                                           const std::string& email) {
  auto& store = parts_.store;
  if (auto open = parts_.accounts.may_register(email); !open)
    return problem("registration_closed", ErrorCode::permission_denied, open.error().message);
  const auto now = parts_.clock();
  AccountRecord account{.id = random_id(account_id_length),
                        .email = email,
                        .name = account_name(identity, email),
                        .password_hash = {},  // nobody's: this account has none
                        .administrator = false,
                        .created = now};
  account.email_verified = true;
  const IdentityRecord record{.id = random_id(16),
                              .account = account.id,
                              .issuer = identity.issuer,
                              .subject = identity.subject,
                              .email = identity.email,
                              .linked = now};
  const auto made = store.identities().insert_account(account, record, parts_.accounts.maximum_accounts());
  if (made) {
    spdlog::info("account {} made, by {}", account.id, identity.issuer);
    return Found{account.id, {}};
  }
  // Somebody was first, a moment ago.
  if (made.error().code == ErrorCode::already_exists || made.error().code == ErrorCode::conflict) {
    if (const auto known = store.identities().find(identity.issuer, identity.subject))
      return Found{known->account, {}};
    if (const auto owner = store.accounts().by_email(email)) return Found{{}, owner->id};
  }
  return std::unexpected(made.error());
}

/// The account of the address must be proven in this browser; the cookie keeps anybody from having others
/// prove theirs for him.
Result<ProviderSignIn::Ended> ProviderSignIn::ask_for_proof(const Flow& flow, const ProvenIdentity& identity,
                                                            const std::string& owner) {
  const auto pending = new_secret(), cookie = new_secret();
  const auto provider = parts_.providers.of_issuer(identity.issuer);
  const auto now = parts_.clock();
  const PendingLink link{identity.issuer, identity.subject, identity.email};
  const TicketRecord ticket{.id = parts_.secrets.hash(link_kind, pending + "." + cookie),
                            .kind = link_kind,
                            .handle = {},
                            .account = owner,
                            .data = protocol::to_text(protocol::encode(link)),
                            .created = now,
                            .expires = now + link_life};
  if (auto kept = parts_.store.tickets().insert(ticket, most_pending_links); !kept)
    return std::unexpected(std::move(kept.error()));
  return Ended{with_query("/link", {{"pending", pending},
                                    {"provider", provider ? provider->name : flow.provider},
                                    {"email", identity.email},
                                    {"to", flow.to}}),
               {},
               cookie};
}

net::Task<Result<Tokens>> ProviderSignIn::link(rest::LinkIdentity::Body body, std::string cookie,
                                               Caller caller) {
  if (auto limited = co_await parts_.accounts.limit_calls(caller.address, "link", 300); !limited)
    co_return std::unexpected(std::move(limited.error()));
  const auto id = parts_.secrets.hash(link_kind, body.pending + "." + cookie);
  const auto over = [] {
    return failure(ErrorCode::not_found,
                   "This has been used, or took too long; sign in at the provider again.");
  };
  const auto ticket = co_await net::offload(
      parts_.pool, [&] { return parts_.store.tickets().find(link_kind, id, parts_.clock()); });
  if (!ticket && ticket.error().code == ErrorCode::not_found) co_return over();
  if (!ticket) co_return std::unexpected(ticket.error());
  const auto matches =
      co_await parts_.accounts.is_password(ticket->account, std::move(body.password), caller.address);
  if (!matches) co_return std::unexpected(matches.error());
  if (!*matches) co_return failure(ErrorCode::unauthenticated, "The password is wrong.");
  if (auto proven =
          co_await parts_.accounts.check_second_factor(ticket->account, std::move(body.code), caller.address);
      !proven)
    co_return std::unexpected(std::move(proven.error()));
  const auto linked = co_await net::offload(parts_.pool, [&]() -> Result<void> {
    const auto taken = parts_.store.tickets().take(link_kind, id, parts_.clock());
    if (!taken) return std::unexpected(taken.error());
    const auto json = protocol::parse_json(taken->data);
    if (!json) return std::unexpected(json.error());
    const auto pending = protocol::decode<PendingLink>(*json, "ticket");
    if (!pending) return std::unexpected(pending.error());
    return parts_.store.identities().insert({.id = random_id(16),
                                             .account = taken->account,
                                             .issuer = pending->issuer,
                                             .subject = pending->subject,
                                             .email = pending->email,
                                             .linked = parts_.clock()});
  });
  if (!linked && linked.error().code == ErrorCode::not_found) co_return over();
  if (!linked) co_return std::unexpected(linked.error());
  spdlog::info("account {}: an identity was linked after proof", ticket->account);
  co_return co_await parts_.accounts.sign_in_proven(ticket->account, std::move(caller));
}

net::Task<Result<rest::ListIdentities::Result>> ProviderSignIn::identities(Principal principal) {
  co_return co_await net::offload(parts_.pool, [&]() -> Result<rest::ListIdentities::Result> {
    const auto account = parts_.store.accounts().by_id(principal.account);
    if (!account) return std::unexpected(account.error());
    const auto all = parts_.store.identities().list_of(principal.account);
    if (!all) return std::unexpected(all.error());
    rest::ListIdentities::Result result{.identities = {}, .password = !account->password_hash.empty()};
    for (const auto& one : *all) {
      const auto provider = parts_.providers.of_issuer(one.issuer);
      result.identities.push_back({.id = one.id,
                                   .provider = provider ? provider->id : "",
                                   .provider_name = provider ? provider->name : one.issuer,
                                   .email = one.email,
                                   .linked = one.linked});
    }
    return result;
  });
}

net::Task<Result<void>> ProviderSignIn::remove(Principal principal, std::string id) {
  co_return co_await net::offload(parts_.pool,
                                  [&] { return parts_.store.identities().remove(principal.account, id); });
}

}  // namespace berth::server
