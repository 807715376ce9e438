// SPDX-License-Identifier: GPL-3.0-or-later
// Handlers of the server's and the accounts' routes: tokens into cookies or bodies; the rules are in
// Accounts.
#include "server/application.hpp"
#include "server/email_links.hpp"
#include "server/http_routes.hpp"
#include "server/provider_sign_in.hpp"

#include "protocol/codec.hpp"
#include "protocol/version.hpp"
#include "server/access_token.hpp"

namespace berth::server {
namespace rest = protocol::rest;

Caller RouteHandlers::caller(const RouteContext& context) const {
  return {context.request.address, std::string(context.request.header("user-agent"))};
}

namespace {

std::string cookie(std::string_view name, const std::string& value, const char* path, std::int64_t seconds,
                   bool secure) {
  return std::string(name) + "=" + value + "; Path=" + (secure ? "/" : path) +  // "__Host-" wants that
         "; Max-Age=" + std::to_string(seconds) + "; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
}

void set_cookies(RouteContext& context, const std::string& access, std::int64_t access_seconds,
                 const std::string& refresh, std::int64_t refresh_seconds) {
  const auto names = cookie_names(context.secure);
  context.response_headers.emplace_back("Set-Cookie",
                                        cookie(names.access, access, "/api", access_seconds, context.secure));
  context.response_headers.emplace_back(
      "Set-Cookie", cookie(names.refresh, refresh, "/api/v1/auth", refresh_seconds, context.secure));
}

}  // namespace

rest::SignedIn RouteHandlers::deliver(Tokens tokens, RouteContext& context) const {
  context.audit.actor = tokens.account.id;  // where nobody was known before
  context.audit.actor_email = tokens.account.email;
  rest::SignedIn answer{tokens.account, {}, {}, tokens.access_expires};
  if (context.native) {
    answer.access_token = std::move(tokens.access_token);
    answer.refresh_token = std::move(tokens.refresh_token);
  } else {
    const auto life = (tokens.refresh_expires - tokens.access_expires) / 1000 + access_token_life;
    set_cookies(context, tokens.access_token, access_token_life, tokens.refresh_token, life);
  }
  return answer;
}

void RouteHandlers::clear_cookies(RouteContext& context) const {
  if (context.native) return;
  set_cookies(context, "", 0, "", 0);
}

net::Task<Result<rest::ServerInfo>> RouteHandlers::handle(rest::GetServer, rest::NoBody,
                                                          RouteContext& context) {
  auto needed = co_await application_.accounts->setup_needed();
  if (!needed) co_return std::unexpected(needed.error());
  rest::SignInOptions ways;
  if (application_.provider_sign_in) ways.providers = application_.provider_sign_in->offered();
  ways.password = application_.settings->current().password_sign_in;
  ways.mail = application_.mailer && application_.mailer->sends();
  co_return rest::ServerInfo{.release = std::string(protocol::release),
                             .setup_needed = *needed,
                             .registration_open = application_.settings->current().registration_open,
                             .preview_host = application_.preview_host,
                             .preview_fallback = application_.preview_fallback,
                             .https = context.secure,
                             .sign_in = std::move(ways)};
}

net::Task<Result<rest::SignedIn>> RouteHandlers::handle(rest::Setup, rest::Setup::Body body,
                                                        RouteContext& context) {
  auto tokens = co_await application_.accounts->set_up(std::move(body), caller(context));
  if (!tokens) co_return std::unexpected(tokens.error());
  co_return deliver(std::move(*tokens), context);
}

net::Task<Result<rest::SignedIn>> RouteHandlers::handle(rest::Register, rest::Register::Body body,
                                                        RouteContext& context) {
  auto tokens = co_await application_.accounts->register_account(std::move(body), caller(context));
  if (!tokens) co_return std::unexpected(tokens.error());
  if (application_.email_links) co_await application_.email_links->address_is_new(tokens->account.id, {});
  co_return deliver(std::move(*tokens), context);
}

net::Task<Result<rest::SignedIn>> RouteHandlers::handle(rest::SignIn, rest::SignIn::Body body,
                                                        RouteContext& context) {
  // What has no @ may be a password that was typed into the wrong field.
  if (body.email.contains('@')) context.audit.data["email"] = body.email;
  auto tokens = co_await application_.accounts->sign_in(std::move(body), caller(context));
  if (!tokens) co_return std::unexpected(tokens.error());
  co_return deliver(std::move(*tokens), context);
}

net::Task<Result<rest::SignedIn>> RouteHandlers::handle(rest::Refresh, rest::Refresh::Body body,
                                                        RouteContext& context) {
  const auto& token = body.refresh_token ? body.refresh_token : context.credentials.refresh_cookie;
  if (!token) co_return failure(ErrorCode::unauthenticated, "Sign in first.");
  auto tokens = co_await application_.accounts->refresh(*token, caller(context));
  if (!body.refresh_token)
    for (const auto& other : context.credentials.other_refresh)
      if (!tokens && tokens.error().code == ErrorCode::unauthenticated)
        tokens = co_await application_.accounts->refresh(other, caller(context));
  if (!tokens) {
    if (tokens.error().code == ErrorCode::unauthenticated && context.credentials.refresh_cookie)
      clear_cookies(context);
    co_return std::unexpected(tokens.error());
  }
  co_return deliver(std::move(*tokens), context);
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::SignOut, rest::NoBody, RouteContext& context) {
  auto done = co_await application_.accounts->sign_out(context.principal);
  if (!done) co_return std::unexpected(done.error());
  clear_cookies(context);
  co_return rest::NoBody{};
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::SignOutEverywhere, rest::NoBody,
                                                      RouteContext& context) {
  auto done = co_await application_.accounts->sign_out_everywhere(context.principal);
  if (!done) co_return std::unexpected(done.error());
  clear_cookies(context);
  co_return rest::NoBody{};
}

net::Task<Result<rest::Account>> RouteHandlers::handle(rest::GetMe, rest::NoBody, RouteContext& context) {
  co_return co_await application_.accounts->profile(context.principal);
}

net::Task<Result<rest::Account>> RouteHandlers::handle(rest::UpdateMe, rest::UpdateMe::Body body,
                                                       RouteContext& context) {
  const auto before = co_await application_.accounts->profile(context.principal);
  if (!before) co_return std::unexpected(before.error());
  if (body.email) context.audit.data["email"] = *body.email;
  auto updated = co_await application_.accounts->update_profile(context.principal, std::move(body));
  if (!updated) co_return updated;
  const bool waits = updated->pending_email && updated->pending_email != before->pending_email;
  if (waits || updated->email != before->email) {
    // Whose address it really was hears of it; an address that nobody has proven gets no mails by that.
    const std::string told = before->email_verified ? before->email : "";
    if (application_.email_links) co_await application_.email_links->address_is_new(updated->id, told);
  }
  co_return updated;
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::ChangePassword, rest::ChangePassword::Body body,
                                                      RouteContext& context) {
  auto done = co_await application_.accounts->change_password(context.principal, std::move(body));
  if (!done) co_return std::unexpected(done.error());
  co_return rest::NoBody{};
}

net::Task<Result<rest::Settings>> RouteHandlers::handle(rest::GetSettings, rest::NoBody, RouteContext&) {
  co_return application_.settings->current();
}

net::Task<Result<rest::Settings>> RouteHandlers::handle(rest::UpdateSettings, rest::UpdateSettings::Body body,
                                                        RouteContext& context) {
  context.audit.data["settings"] = protocol::to_text(protocol::encode(body));
  if (body.password_sign_in == false && application_.provider_sign_in->offered().empty())
    co_return failure(ErrorCode::conflict,
                      "There is no identity provider by which people could sign in; add one first.");
  co_return co_await application_.settings->update(std::move(body), *application_.pool);
}

}  // namespace berth::server
