// SPDX-License-Identifier: GPL-3.0-or-later
// Handlers of the administrators' routes: queries and bodies; the rules are in Administration and Accounts.
// What each puts into the audit log beside its ids is said here.
#include <boost/describe/enum_from_string.hpp>
#include <charconv>

#include "server/administration.hpp"
#include "server/application.hpp"
#include "server/email_links.hpp"
#include "server/http_routes.hpp"
#include "server/provider_administration.hpp"

namespace berth::server {
namespace rest = protocol::rest;

namespace {

constexpr std::size_t usual_page = 50;

std::string asked(const RouteContext& context, const std::string& name) {
  const auto found = context.request.query.find(name);
  return found == context.request.query.end() ? std::string() : found->second;
}

Result<std::optional<std::int64_t>> asked_number(const RouteContext& context, const std::string& name,
                                                 std::int64_t least, std::int64_t most) {
  const auto text = asked(context, name);
  if (text.empty()) return std::optional<std::int64_t>();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < least || number > most)
    return failure(ErrorCode::invalid_argument, "query." + name + ": must be a number from " +
                                                    std::to_string(least) + " to " + std::to_string(most));
  return std::optional(number);
}

Result<PageWish> asked_page(const RouteContext& context, std::int64_t most) {
  const auto limit = asked_number(context, "limit", 1, most);
  if (!limit) return std::unexpected(limit.error());
  return PageWish{asked(context, "cursor"), static_cast<std::size_t>(limit->value_or(usual_page))};
}

Result<AuditSearch> asked_audit(const RouteContext& context) {
  constexpr std::int64_t latest = std::int64_t{1} << 52;
  const auto since = asked_number(context, "since", 0, latest);
  if (!since) return std::unexpected(since.error());
  const auto until = asked_number(context, "until", 0, latest);
  if (!until) return std::unexpected(until.error());
  return AuditSearch{.before = {},
                     .actor = asked(context, "actor"),
                     .action = asked(context, "action"),
                     .workspace = asked(context, "workspace"),
                     .since = *since,
                     .until = *until};
}

void note_quota(AuditNote& note, const rest::Quota& quota) {
  const auto say = [&](const char* name, std::optional<std::int64_t> value) {
    note.data[name] = value ? std::to_string(*value) : "default";
  };
  say("quota_workspaces", quota.workspaces);
  say("quota_running", quota.running);
  say("quota_storage", quota.storage);
}

/// One line of 1 to 200 characters, so that a person can read it in a list.
Result<void> check_reason(const std::string& reason) {
  constexpr std::ptrdiff_t longest = 200;
  const auto length = std::ranges::count_if(reason, [](unsigned char c) { return (c & 0xC0) != 0x80; });
  const bool plain = std::ranges::none_of(reason, [](unsigned char c) { return c < ' ' || c == 127; });
  const bool empty = reason.find_first_not_of(' ') == reason.npos;
  if (empty || length > longest || !plain)
    return failure(ErrorCode::invalid_argument, "body.reason: must be 1 to 200 characters on one line");
  return {};
}

}  // namespace

net::Task<Result<rest::ListAudit::Result>> RouteHandlers::handle(rest::ListAudit, rest::NoBody,
                                                                 RouteContext& context) {
  constexpr std::int64_t longest_page = 500;
  auto search = asked_audit(context);
  if (!search) co_return std::unexpected(std::move(search.error()));
  auto page = asked_page(context, longest_page);
  if (!page) co_return std::unexpected(std::move(page.error()));
  co_return co_await application_.administration->audit(std::move(*search), std::move(*page));
}

net::Task<Result<HttpResponse>> RouteHandlers::handle(rest::ExportAudit, rest::NoBody,
                                                      RouteContext& context) {
  auto search = asked_audit(context);
  if (!search) co_return std::unexpected(std::move(search.error()));
  HttpResponse response;
  response.headers = {{"Content-Type", "application/x-ndjson"},
                      {"Content-Disposition", "attachment; filename=\"berth-audit.ndjson\""},
                      {"Cache-Control", "no-store"}};
  response.stream = application_.administration->audit_export(std::move(*search));
  co_return response;
}

net::Task<Result<rest::ListAccounts::Result>> RouteHandlers::handle(rest::ListAccounts, rest::NoBody,
                                                                    RouteContext& context) {
  auto page = asked_page(context, 200);
  if (!page) co_return std::unexpected(std::move(page.error()));
  AccountSearch search{.text = asked(context, "query")};
  if (const auto kind = asked(context, "kind"); kind == "team" || kind == "person")
    search.teams = kind == "team";
  else if (!kind.empty())
    co_return failure(ErrorCode::invalid_argument, "query.kind: must be person or team");
  co_return co_await application_.administration->accounts(std::move(search), std::move(*page));
}

net::Task<Result<rest::AdminAccount>> RouteHandlers::handle(rest::UpdateAccount,
                                                            rest::UpdateAccount::Body body,
                                                            RouteContext& context) {
  auto& data = context.audit.data;
  if (body.disabled) data["disabled"] = *body.disabled ? "true" : "false";
  if (body.administrator) data["administrator"] = *body.administrator ? "true" : "false";
  if (body.quota) note_quota(context.audit, *body.quota);
  auto updated = co_await application_.administration->update(context.id, std::move(body));
  if (updated) data[updated->team ? "team" : "email"] = updated->team ? updated->name : updated->email;
  co_return updated;
}

net::Task<Result<rest::ResetAccount::Result>> RouteHandlers::handle(rest::ResetAccount,
                                                                    rest::ResetAccount::Body body,
                                                                    RouteContext& context) {
  const bool takes_factor = body.remove_second_factor.value_or(false);
  context.audit.data["remove_second_factor"] = takes_factor ? "true" : "false";
  const auto account = co_await net::offload(
      *application_.pool, [&] { return application_.store->accounts().by_id(context.id); });
  if (!account) co_return std::unexpected(account.error());
  context.audit.data["email"] = account->email;
  auto prepared = co_await application_.email_links->reset_by_administrator(account->id, takes_factor);
  if (!prepared) co_return std::unexpected(std::move(prepared.error()));
  context.audit.data["identities"] = prepared->reset.remove_identities ? "removed" : "kept";
  co_return rest::ResetAccount::Result{std::move(prepared->url)};
}

net::Task<Result<rest::SignedIn>> RouteHandlers::handle(rest::Impersonate, rest::Impersonate::Body body,
                                                        RouteContext& context) {
  if (auto good = check_reason(body.reason); !good) co_return std::unexpected(std::move(good.error()));
  context.audit.data["reason"] = body.reason;
  auto tokens = co_await application_.accounts->impersonate(context.principal, context.id, caller(context));
  if (!tokens) co_return std::unexpected(std::move(tokens.error()));
  context.audit.data["email"] = tokens->account.email;
  co_return deliver(std::move(*tokens), context);
}

net::Task<Result<rest::SignedIn>> RouteHandlers::handle(rest::EndImpersonation, rest::NoBody,
                                                        RouteContext& context) {
  const auto proof = context.principal.by_cookie ? context.credentials.refresh_cookie : std::nullopt;
  auto tokens = co_await application_.accounts->end_impersonation(context.principal, proof);
  if (!tokens) co_return std::unexpected(std::move(tokens.error()));
  if (tokens->access_token.empty()) {  // the administrator's own sign-in is wherever it was
    clear_cookies(context);
    co_return rest::SignedIn{tokens->account, {}, {}, 0};
  }
  co_return deliver(std::move(*tokens), context);
}

net::Task<Result<rest::ListAllWorkspaces::Result>> RouteHandlers::handle(rest::ListAllWorkspaces,
                                                                         rest::NoBody,
                                                                         RouteContext& context) {
  auto page = asked_page(context, 200);
  if (!page) co_return std::unexpected(std::move(page.error()));
  WorkspaceSearch search{.text = asked(context, "query"), .state = {}, .after = {}};
  if (const auto state = asked(context, "state"); !state.empty()) {
    rest::WorkspaceState wanted{};
    if (!boost::describe::enum_from_string(state.c_str(), wanted))
      co_return failure(ErrorCode::invalid_argument, "query.state: there is no such state");
    search.state = wanted;
  }
  co_return co_await application_.administration->workspaces(std::move(search), std::move(*page));
}

net::Task<Result<rest::AdminWorkspace>> RouteHandlers::handle(rest::StopAnyWorkspace, rest::NoBody,
                                                              RouteContext& context) {
  co_return co_await application_.administration->stop(context.id);
}

net::Task<Result<rest::GetWorkspaceLog::Result>> RouteHandlers::handle(rest::GetWorkspaceLog, rest::NoBody,
                                                                       RouteContext& context) {
  co_return co_await application_.administration->log(context.id);
}

net::Task<Result<rest::GetWorkspaceLog::Result>> RouteHandlers::handle(rest::GetOwnWorkspaceLog, rest::NoBody,
                                                                       RouteContext& context) {
  co_return co_await application_.administration->log(context.id);
}

net::Task<Result<rest::ListAllTemplates::Result>> RouteHandlers::handle(rest::ListAllTemplates, rest::NoBody,
                                                                        RouteContext&) {
  co_return co_await application_.administration->templates();
}

net::Task<Result<rest::AdminTemplate>> RouteHandlers::handle(rest::UpdateTemplate,
                                                             rest::UpdateTemplate::Body body,
                                                             RouteContext& context) {
  if (body.enabled) context.audit.data["enabled"] = *body.enabled ? "true" : "false";
  if (body.image) context.audit.data["image"] = *body.image;
  co_return co_await application_.administration->update_template(context.id, std::move(body));
}

net::Task<Result<rest::ListProviders::Result>> RouteHandlers::handle(rest::ListProviders, rest::NoBody,
                                                                     RouteContext& context) {
  co_return co_await application_.provider_administration->list(
      application_.origins->own_origin(context.request.header("host")));
}

net::Task<Result<rest::AdminProvider>> RouteHandlers::handle(rest::PutProvider, rest::PutProvider::Body body,
                                                             RouteContext& context) {
  auto& data = context.audit.data;
  data["name"] = body.name;
  data["issuer"] = body.issuer;
  data["client_id"] = body.client_id;
  data["enabled"] = body.enabled ? "true" : "false";
  data["secret"] = !body.client_secret ? "as it was" : body.client_secret->empty() ? "none" : "set";
  co_return co_await application_.provider_administration->put(
      context.id, std::move(body), application_.origins->own_origin(context.request.header("host")));
}

net::Task<Result<rest::NoBody>> RouteHandlers::handle(rest::DeleteProvider, rest::NoBody,
                                                      RouteContext& context) {
  auto removed = co_await application_.provider_administration->remove(context.id);
  if (!removed) co_return std::unexpected(std::move(removed.error()));
  co_return rest::NoBody{};
}

net::Task<Result<rest::GetLoad::Result>> RouteHandlers::handle(rest::GetLoad, rest::NoBody, RouteContext&) {
  co_return co_await application_.administration->load();
}

}  // namespace berth::server
