// SPDX-License-Identifier: GPL-3.0-or-later
// Handlers of sign-ins one by one, personal access tokens and the second factor.
#include "server/application.hpp"
#include "server/http_routes.hpp"

namespace berth::server {
namespace rest = protocol::rest;

net::Task<Result<rest::ListSignIns::Result>> RouteHandlers::handle(rest::ListSignIns, rest::NoBody,
                                                                   RouteContext& context) {
  auto items = co_await application_.accounts->sign_ins(context.principal);
  if (!items) co_return std::unexpected(std::move(items.error()));
  co_return rest::ListSignIns::Result{std::move(*items)};
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::EndSignIn, rest::NoBody, RouteContext& context) {
  auto done = co_await application_.accounts->end_sign_in(context.principal, context.id);
  if (!done) co_return std::unexpected(std::move(done.error()));
  if (context.id == context.principal.sign_in) clear_cookies(context);
  co_return rest::NoBody{};
}

net::Task<Result<rest::ListTokens::Result>> RouteHandlers::handle(rest::ListTokens, rest::NoBody,
                                                                  RouteContext& context) {
  auto items = co_await application_.accounts->tokens(context.principal);
  if (!items) co_return std::unexpected(std::move(items.error()));
  co_return rest::ListTokens::Result{std::move(*items)};
}

net::Task<Result<rest::CreateToken::Result>> RouteHandlers::handle(rest::CreateToken,
                                                                   rest::CreateToken::Body body,
                                                                   RouteContext& context) {
  co_return co_await application_.accounts->create_token(context.principal, std::move(body));
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::DeleteToken, rest::NoBody,
                                                      RouteContext& context) {
  auto done = co_await application_.accounts->remove_token(context.principal, context.id);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return rest::NoBody{};
}

net::Task<Result<rest::GetSecondFactor::Result>> RouteHandlers::handle(rest::GetSecondFactor, rest::NoBody,
                                                                       RouteContext& context) {
  co_return co_await application_.accounts->second_factor(context.principal);
}

net::Task<Result<rest::BeginSecondFactor::Result>> RouteHandlers::handle(rest::BeginSecondFactor,
                                                                         rest::BeginSecondFactor::Body body,
                                                                         RouteContext& context) {
  co_return co_await application_.accounts->begin_second_factor(context.principal, std::move(body.password));
}

net::Task<Result<rest::RecoveryCodes>> RouteHandlers::handle(rest::ConfirmSecondFactor,
                                                             rest::ConfirmSecondFactor::Body body,
                                                             RouteContext& context) {
  co_return co_await application_.accounts->confirm_second_factor(context.principal, std::move(body.code));
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::DisableSecondFactor,
                                                      rest::DisableSecondFactor::Body body,
                                                      RouteContext& context) {
  auto done = co_await application_.accounts->disable_second_factor(context.principal, std::move(body));
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return rest::NoBody{};
}

net::Task<Result<rest::RecoveryCodes>> RouteHandlers::handle(rest::RenewRecoveryCodes,
                                                             rest::RenewRecoveryCodes::Body body,
                                                             RouteContext& context) {
  co_return co_await application_.accounts->renew_recovery_codes(context.principal, std::move(body.code));
}

net::Task<Result<rest::SignedIn>> RouteHandlers::handle(rest::FinishSignIn, rest::FinishSignIn::Body body,
                                                        RouteContext& context) {
  auto tokens = co_await application_.accounts->finish_sign_in(std::move(body), caller(context));
  if (!tokens) co_return std::unexpected(std::move(tokens.error()));
  co_return deliver(std::move(*tokens), context);
}

}  // namespace berth::server
