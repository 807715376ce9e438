// SPDX-License-Identifier: GPL-3.0-or-later
// Handlers of the ways in beside a password: mailed links, identity providers, programs and devices. What
// belongs to one browser travels in its cookies; the rules are in EmailLinks, ProviderSignIn and AppSignIn.
#include "server/app_sign_in.hpp"
#include "server/application.hpp"
#include "server/email_links.hpp"
#include "server/header_text.hpp"
#include "server/http_routes.hpp"
#include "server/provider_sign_in.hpp"

namespace berth::server {
namespace rest = protocol::rest;

namespace {

// The first comes back with a navigation that another site began, so it is Lax; the second never does.
constexpr std::string_view flow_cookie = "berth_flow";
constexpr std::string_view link_cookie = "berth_link";

/// With TLS browsers keep others from setting it: "__Host-".
std::string browser_cookie_name(std::string_view name, bool secure) {
  return (secure ? "__Host-" : "") + std::string(name);
}

void set_browser_cookie(RouteContext& context, std::string_view name, const std::string& value,
                        std::int64_t seconds) {
  const char* same_site = name == flow_cookie ? "Lax" : "Strict";
  context.response_headers.emplace_back(
      "Set-Cookie", browser_cookie_name(name, context.secure) + "=" + value +
                        "; Path=/; Max-Age=" + std::to_string(seconds) + "; HttpOnly; SameSite=" + same_site +
                        (context.secure ? "; Secure" : ""));
}

/// The first of the name; "" when there is none.
std::string browser_cookie(const RouteContext& context, std::string_view name) {
  const auto wanted = browser_cookie_name(name, context.secure);
  auto cookies = context.request.header("cookie");
  while (!cookies.empty()) {
    const auto end = cookies.find(';');
    const auto pair = trimmed(cookies.substr(0, end));
    cookies = end == cookies.npos ? std::string_view{} : cookies.substr(end + 1);
    const auto equals = pair.find('=');
    if (equals != pair.npos && pair.substr(0, equals) == wanted) return std::string(pair.substr(equals + 1));
  }
  return {};
}

std::string queried(const RouteContext& context, const char* name) {
  const auto it = context.request.query.find(name);
  return it == context.request.query.end() ? "" : it->second;
}

HttpResponse see_other(const std::string& location) {
  HttpResponse response;
  response.status = 303;
  // What is in these addresses is for this browser alone, and good once.
  response.headers = {
      {"Location", location}, {"Cache-Control", "no-store"}, {"Referrer-Policy", "no-referrer"}};
  return response;
}

/// Of the IDE, as this request came to it. The host is one that this server answers for.
std::string ide_of(const Application& application, const RouteContext& context) {
  return application.origins->own_origin(context.request.header("host"));
}

}  // namespace

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::SendVerification, rest::NoBody,
                                                      RouteContext& context) {
  auto sent = co_await application_.email_links->send_verification(context.principal);
  if (!sent) co_return std::unexpected(std::move(sent.error()));
  co_return rest::NoBody{};
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::VerifyEmail, rest::VerifyEmail::Body body,
                                                      RouteContext& context) {
  auto verified = co_await application_.email_links->verify(std::move(body.token), caller(context));
  if (!verified) co_return std::unexpected(std::move(verified.error()));
  co_return rest::NoBody{};
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::ForgotPassword, rest::ForgotPassword::Body body,
                                                      RouteContext& context) {
  auto asked = co_await application_.email_links->forgot(std::move(body.email), caller(context));
  if (!asked) co_return std::unexpected(std::move(asked.error()));
  co_return rest::NoBody{};
}

net::Task<Result<rest::SignedIn>> RouteHandlers::handle(rest::ResetPassword, rest::ResetPassword::Body body,
                                                        RouteContext& context) {
  AccountRecord account;
  auto step = co_await application_.email_links->reset(std::move(body.token), std::move(body.password),
                                                       caller(context), account);
  if (!account.id.empty()) {  // the password is set, whatever becomes of signing in
    context.audit.actor = account.id;
    context.audit.actor_email = account.email;
    context.audit.data["password"] = "set";
    context.audit.done = true;
  }
  if (!step) co_return std::unexpected(std::move(step.error()));
  if (!step->tokens) co_return std::unexpected(second_factor_required(step->pending));
  co_return deliver(std::move(*step->tokens), context);
}

net::Task<Result<HttpResponse>> RouteHandlers::handle(rest::BeginProviderSignIn, rest::NoBody,
                                                      RouteContext& context) {
  if (auto limited = co_await application_.accounts->limit_calls(context.request.address, "provider", 1000);
      !limited)
    co_return see_other("/sign-in?problem=limit");
  auto begun = co_await application_.provider_sign_in->begin(context.id, queried(context, "to"),
                                                             ide_of(application_, context), {});
  if (!begun)
    co_return see_other(begun.error().code == ErrorCode::not_found ? "/sign-in?problem=provider_unknown"
                                                                   : "/sign-in?problem=provider_unavailable");
  set_browser_cookie(context, flow_cookie, begun->cookie, provider_flow_life / 1000);
  co_return see_other(begun->url);
}

net::Task<Result<HttpResponse>> RouteHandlers::handle(rest::EndProviderSignIn, rest::NoBody,
                                                      RouteContext& context) {
  context.native = false;  // a browser, whatever it says
  auto ended = co_await application_.provider_sign_in->end({.provider = context.id,
                                                            .code = queried(context, "code"),
                                                            .state = queried(context, "state"),
                                                            .issuer = queried(context, "iss"),
                                                            .error = queried(context, "error"),
                                                            .cookie = browser_cookie(context, flow_cookie)},
                                                           caller(context));
  set_browser_cookie(context, flow_cookie, "", 0);
  if (!ended.link_cookie.empty())
    set_browser_cookie(context, link_cookie, ended.link_cookie, link_life / 1000);
  if (ended.tokens) static_cast<void>(deliver(std::move(*ended.tokens), context));
  co_return see_other(ended.location);
}

net::Task<Result<rest::SignedIn>> RouteHandlers::handle(rest::LinkIdentity, rest::LinkIdentity::Body body,
                                                        RouteContext& context) {
  auto tokens = co_await application_.provider_sign_in->link(
      std::move(body), browser_cookie(context, link_cookie), caller(context));
  if (!tokens) co_return std::unexpected(std::move(tokens.error()));
  set_browser_cookie(context, link_cookie, "", 0);
  co_return deliver(std::move(*tokens), context);
}

net::Task<Result<rest::ListIdentities::Result>> RouteHandlers::handle(rest::ListIdentities, rest::NoBody,
                                                                      RouteContext& context) {
  co_return co_await application_.provider_sign_in->identities(context.principal);
}

net::Task<Result<rest::BeginIdentity::Result>> RouteHandlers::handle(rest::BeginIdentity,
                                                                     rest::BeginIdentity::Body body,
                                                                     RouteContext& context) {
  if (!context.principal.by_cookie)
    co_return failure(ErrorCode::unsupported, "An identity is linked in a browser; open your account there.");
  // An identity is a way in that outlives the session and the password.
  auto proven = co_await application_.accounts->prove_owner(context.principal, body.password.value_or(""),
                                                            std::move(body.code), "password");
  if (!proven) co_return std::unexpected(std::move(proven.error()));
  auto begun = co_await application_.provider_sign_in->begin(
      body.provider, body.to.value_or("/"), ide_of(application_, context), context.principal);
  if (!begun) co_return std::unexpected(std::move(begun.error()));
  set_browser_cookie(context, flow_cookie, begun->cookie, provider_flow_life / 1000);
  co_return rest::BeginIdentity::Result{std::move(begun->url)};
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::DeleteIdentity, rest::NoBody,
                                                      RouteContext& context) {
  auto removed = co_await application_.provider_sign_in->remove(context.principal, context.id);
  if (!removed) co_return std::unexpected(std::move(removed.error()));
  co_return rest::NoBody{};
}

net::Task<Result<rest::BeginNativeSignIn::Result>> RouteHandlers::handle(rest::BeginNativeSignIn,
                                                                         rest::BeginNativeSignIn::Body body,
                                                                         RouteContext& context) {
  auto url = co_await application_.app_sign_in->begin_native(std::move(body), ide_of(application_, context),
                                                             caller(context));
  if (!url) co_return std::unexpected(std::move(url.error()));
  co_return rest::BeginNativeSignIn::Result{std::move(*url)};
}

net::Task<Result<rest::SignedIn>> RouteHandlers::handle(rest::TakeNativeSignIn,
                                                        rest::TakeNativeSignIn::Body body,
                                                        RouteContext& context) {
  auto tokens = co_await application_.app_sign_in->take_native(std::move(body), caller(context));
  if (!tokens) co_return std::unexpected(std::move(tokens.error()));
  co_return deliver(std::move(*tokens), context);
}

net::Task<Result<rest::SignInRequest>> RouteHandlers::handle(rest::GetNativeRequest, rest::NoBody,
                                                             RouteContext& context) {
  co_return co_await application_.app_sign_in->native_request(context.id);
}

net::Task<Result<rest::AnswerNativeRequest::Result>> RouteHandlers::handle(
    rest::AnswerNativeRequest, rest::AnswerNativeRequest::Body body, RouteContext& context) {
  auto redirect = co_await application_.app_sign_in->answer_native(context.principal, context.id, body.allow);
  if (!redirect) co_return std::unexpected(std::move(redirect.error()));
  co_return rest::AnswerNativeRequest::Result{std::move(*redirect)};
}

net::Task<Result<rest::BeginDeviceSignIn::Result>> RouteHandlers::handle(rest::BeginDeviceSignIn,
                                                                         rest::NoBody,
                                                                         RouteContext& context) {
  co_return co_await application_.app_sign_in->begin_device(ide_of(application_, context), caller(context));
}

net::Task<Result<rest::SignedIn>> RouteHandlers::handle(rest::TakeDeviceSignIn,
                                                        rest::TakeDeviceSignIn::Body body,
                                                        RouteContext& context) {
  auto tokens = co_await application_.app_sign_in->take_device(std::move(body.device_code), caller(context));
  if (!tokens) co_return std::unexpected(std::move(tokens.error()));
  co_return deliver(std::move(*tokens), context);
}

net::Task<Result<rest::SignInRequest>> RouteHandlers::handle(rest::GetDeviceRequest, rest::NoBody,
                                                             RouteContext& context) {
  co_return co_await application_.app_sign_in->device_request(context.principal, context.id);
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::AnswerDeviceRequest,
                                                      rest::AnswerDeviceRequest::Body body,
                                                      RouteContext& context) {
  auto answered = co_await application_.app_sign_in->answer_device(context.principal, context.id, body.allow);
  if (!answered) co_return std::unexpected(std::move(answered.error()));
  co_return rest::NoBody{};
}

}  // namespace berth::server
