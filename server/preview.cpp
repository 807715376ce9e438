// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/preview.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include "server/access_watch.hpp"
#include "server/application.hpp"
#include "server/backends/inside_workspace.hpp"
#include "server/percent_encoding.hpp"
#include "server/port_sharing.hpp"
#include "server/preview_exchange.hpp"
#include "server/runner_dial.hpp"
#include "server/splice.hpp"

namespace berth::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::beast::iequals;
using namespace std::chrono_literals;

namespace {

constexpr auto preview_deadline = 10s;
constexpr int look_again_seconds = 2;

/// A small answer of the proxy's own; false (close the connection) while the request has a body that nobody
/// read.
net::Task<bool> answer(HttpConnection& connection, RequestParser& parser, unsigned status, std::string fields,
                       std::string body) {
  const bool keep = parser.get().keep_alive() && parser.is_done();
  const bool head = parser.get().method() == http::verb::head;
  const auto text = "HTTP/1.1 " + std::to_string(status) + " " +
                    std::string(http::obsolete_reason(http::int_to_status(status))) + "\r\n" + fields +
                    "Content-Length: " + std::to_string(body.size()) +
                    "\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nReferrer-Policy: "
                    "no-referrer\r\nConnection: " +
                    (keep ? "keep-alive" : "close") + "\r\n\r\n" + (head ? "" : body);
  connection.stream.expires_after(preview_deadline);
  const auto [error, size] =
      co_await asio::async_write(connection.stream, asio::buffer(text), asio::as_tuple(asio::use_awaitable));
  connection.stream.expires_never();
  if (error) co_return false;
  if (!keep) co_await linger(connection);
  co_return keep;
}

bool wants_page(const http::request_header<>& request) {
  return request[http::field::accept].contains("text/html");
}

/// A person's own visit in a tab of its own, not a frame's or a script's. Browsers say so on trustworthy
/// origins; elsewhere anything that asks for a page is taken for one.
bool is_visit(const http::request_header<>& request) {
  if (request.method() != http::verb::get && request.method() != http::verb::head) return false;
  const auto destination = request["Sec-Fetch-Dest"];
  return destination.empty() ? wants_page(request)
                             : destination == "document" && request["Sec-Fetch-Mode"] == "navigate";
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

/// Requests that a page elsewhere made with this person's session: WebSockets know no CORS, so the proxy must
/// look.
bool is_foreign_upgrade(const http::request_header<>& request, const PreviewHosts& hosts,
                        const PreviewTarget& target) {
  const auto origin = request[http::field::origin];
  return is_upgrade(request) && !origin.empty() && !hosts.is_origin_of(origin, target.workspace);
}

}  // namespace

Preview::Preview(Application& application)
    : application_(application),
      hosts_(application.preview_host, application.origins->https()),
      access_(
          application.keys.preview,
          [&store = *application.store](const std::string& standing) {
            return find_standing(store, standing);
          },
          application.events, *application.pool, system_clock_now,
          application.replica ? &application.store->counts() : nullptr) {}

bool Preview::claims(std::string_view host) const { return hosts_.parse(host).has_value(); }

std::string Preview::ide_origin() const {
  return application_.config.public_url.empty() ? "http://" + application_.preview_host
                                                : application_.config.public_url;
}

std::string Preview::cookie_attributes() const {
  // Inside the IDE's page the preview is a third party: only a partitioned cookie gets there, and only a
  // Secure one may be.
  return hosts_.trustworthy() ? "; Path=/; HttpOnly; Secure; SameSite=None; Partitioned"
                              : "; Path=/; HttpOnly; SameSite=Lax";
}

net::Task<Result<protocol::rest::CreatePreview::Result>> Preview::hand_over(
    Principal principal, std::string workspace, protocol::rest::CreatePreview::Body body, std::string host) {
  if (body.port == 0) co_return failure(ErrorCode::invalid_argument, "port: out of range");
  const auto to = safe_destination(body.to.value_or("/"));
  const PreviewTarget target{workspace, body.port};
  PreviewGrant grant{.workspace = workspace,
                     .port = body.port,
                     .account = principal.account,
                     .name = principal.name,
                     .sign_in = principal.sign_in,
                     .ide = application_.origins->own_origin(host),
                     .nonce = {}};
  if (body.path_form.value_or(false)) {
    if (application_.preview_fallback.empty())
      co_return failure(ErrorCode::unsupported,
                        "This server has no preview address of its own for browsers without *.localhost.");
    const auto base = application_.preview_fallback + std::string(preview_path_prefix) +
                      access_.issue(std::move(grant), PreviewTokenKind::capability);
    co_return protocol::rest::CreatePreview::Result{base + to, base + to};
  }
  const auto origin = hosts_.origin(target);
  const auto ticket = access_.issue(std::move(grant), PreviewTokenKind::ticket);
  co_return protocol::rest::CreatePreview::Result{
      origin + std::string(preview_session_path) + "?ticket=" + ticket + "&to=" + percent_encoded(to, "/"),
      origin + to};
}

std::string Preview::address(const std::string& workspace, std::uint16_t port) const {
  return hosts_.origin({workspace, port}) + "/";
}

PreviewGrant Preview::guest(const PreviewTarget& target) const {
  return {.workspace = target.workspace,
          .port = target.port,
          .account = {},
          .name = {},
          .sign_in = {},
          .ide = ide_origin(),
          .nonce = {}};
}

std::string Preview::port_link(std::string workspace, std::uint16_t port, std::int64_t generation,
                               std::int64_t expires, std::string host) {
  const PreviewTarget target{std::move(workspace), port};
  auto grant = guest(target);
  grant.ide = application_.origins->own_origin(host);
  grant.expires = expires;
  grant.link = generation;
  return hosts_.origin(target) + std::string(preview_session_path) +
         "?ticket=" + access_.issue(std::move(grant), PreviewTokenKind::link) + "&to=%2F";
}

net::Task<bool> Preview::shown_to_all(PreviewTarget target) {
  if (!is_workspace_id(target.workspace)) co_return false;
  const auto pass = co_await application_.ports->pass(target.workspace, target.port, PortVisitor{});
  co_return pass.has_value();
}

net::Task<bool> Preview::handle(HttpConnection& connection, RequestParser& parser) {
  parser.body_limit(boost::none);
  if (path_of(parser.get().target()) == preview_console_path)
    co_return co_await answer(connection, parser, 200,
                              "Content-Type: text/javascript; charset=utf-8\r\n"
                              "Cross-Origin-Resource-Policy: cross-origin\r\n",
                              console_script(ide_origin()));
  if (const auto target = hosts_.parse(parser.get()[http::field::host]))
    co_return co_await handle_host_form(connection, parser, *target);
  co_return co_await handle_path_form(connection, parser);
}

// ---- host form
// -------------------------------------------------------------------------------------------------------

net::Task<bool> Preview::handle_host_form(HttpConnection& connection, RequestParser& parser,
                                          PreviewTarget target) {
  const auto& request = parser.get();
  const auto path = path_of(request.target());
  if (path == preview_session_path) co_return co_await take_ticket(connection, parser, target);
  if (path == preview_enter_path) co_return co_await enter(connection, parser, target);
  auto grant = co_await access_.check_cookies(request[http::field::cookie], target);
  if (!grant) {
    const bool open = co_await shown_to_all(target);
    if (!open) co_return co_await ask_to_sign_in(connection, parser, target);
    grant = guest(target);
  }
  if (is_foreign_upgrade(request, hosts_, target))
    co_return co_await answer_page(connection, parser,
                                   {403, "Refused", "Connections from other sites are refused."});
  PreviewRoute route{target.port, hosts_.origin(target),        request[http::field::host], "",
                     grant->ide,  application_.origins->https()};
  co_return co_await pass(connection, parser, std::move(*grant), std::move(route));
}

net::Task<bool> Preview::take_ticket(HttpConnection& connection, RequestParser& parser,
                                     PreviewTarget target) {
  const std::string url = parser.get().target();
  const auto to = safe_destination(query_value(url, "to").value_or("/"));
  auto grant =
      co_await access_.check(query_value(url, "ticket").value_or(""), PreviewTokenKind::ticket, target);
  auto kept_as = PreviewTokenKind::cookie;
  std::int64_t kept_for = preview_cookie_life;
  if (!grant) {
    auto link =
        co_await access_.check(query_value(url, "ticket").value_or(""), PreviewTokenKind::link, target);
    Result<PortPass> pass = std::unexpected(Error{});
    if (link)
      pass = co_await application_.ports->pass(target.workspace, target.port,
                                               PortVisitor{.account = {}, .link = link->link});
    if (pass) {
      kept_as = PreviewTokenKind::guest;
      kept_for = std::max<std::int64_t>(1000, link->expires - system_clock_now());
      grant = std::move(link);
    }
  }
  if (!grant) {
    // A reloaded or shared link: who has the cookie goes on, anyone else asks the IDE.
    if (co_await access_.check_cookies(parser.get()[http::field::cookie], target))
      co_return co_await answer(connection, parser, 303, "Location: " + to + "\r\n", "");
    co_return co_await ask_to_sign_in(connection, parser, target);
  }
  const auto cookie = std::string(preview_cookie) + "=" + access_.issue(std::move(*grant), kept_as) +
                      cookie_attributes() + "; Max-Age=" + std::to_string(kept_for / 1000);
  co_return co_await answer(connection, parser, 303,
                            "Location: " + std::string(preview_enter_path) +
                                "?to=" + percent_encoded(to, "/") + "\r\nSet-Cookie: " + cookie + "\r\n",
                            "");
}

net::Task<bool> Preview::enter(HttpConnection& connection, RequestParser& parser, PreviewTarget target) {
  const auto to = safe_destination(query_value(parser.get().target(), "to").value_or("/"));
  if (co_await access_.check_cookies(parser.get()[http::field::cookie], target))
    co_return co_await answer(connection, parser, 303, "Location: " + to + "\r\n", "");
  co_return co_await answer_page(connection, parser,
                                 {401, "This browser keeps no cookie here",
                                  "The preview needs one to know you. Open it in a tab of its own, allow "
                                  "cookies for this address, or use the sandboxed form "
                                  "from the workspace's preview menu.",
                                  hosts_.origin(target) + to, "Open in a new tab"});
}

net::Task<bool> Preview::ask_to_sign_in(HttpConnection& connection, RequestParser& parser,
                                        PreviewTarget target) {
  const std::string url = parser.get().target();
  const bool own_path = url.starts_with("/.berth/");
  const auto to = own_path ? safe_destination(query_value(url, "to").value_or("/")) : safe_destination(url);
  const auto sign_in = ide_origin() + std::string(preview_sign_in_path) + "?workspace=" + target.workspace +
                       "&port=" + std::to_string(target.port) + "&to=" + percent_encoded(to, "/");
  if (is_visit(parser.get()))
    co_return co_await answer(connection, parser, 302, "Location: " + sign_in + "\r\n", "");
  co_return co_await answer_page(
      connection, parser,
      {401, "This preview is private", "Open it from its workspace, or sign in in a tab of its own.", sign_in,
       "Sign in"});
}

// ---- path form
// -------------------------------------------------------------------------------------------------------

net::Task<bool> Preview::handle_path_form(HttpConnection& connection, RequestParser& parser) {
  const auto& request = parser.get();
  const auto path = parse_preview_path(request.target());
  if (!path || !connection.on_preview_listener)
    co_return co_await answer_page(
        connection, parser, {404, "No preview here", "Previews are opened from their workspace."}, true);
  const std::string capability(path->capability);
  auto grant = co_await access_.check(capability, PreviewTokenKind::capability, std::nullopt);
  if (!grant)
    co_return co_await answer_page(
        connection, parser,
        {401, "This preview link has ended", "Open the preview again from its workspace.", ide_origin(),
         "Go to Berth"},
        true);
  if (request.method() == http::verb::options &&
      !request[http::field::access_control_request_method].empty()) {
    // The sandbox makes every fetch a cross-origin one, asked for first; the program need not know.
    const std::string fields = "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: " +
                               std::string(request[http::field::access_control_request_method]) +
                               "\r\nAccess-Control-Allow-Headers: " +
                               std::string(request[http::field::access_control_request_headers]) +
                               "\r\nContent-Security-Policy: " + std::string(preview_sandbox) + "\r\n";
    co_return co_await answer(connection, parser, 200, fields, "");
  }
  PreviewRoute route{grant->port,
                     application_.preview_fallback,
                     request[http::field::host],
                     std::string(preview_path_prefix) + capability,
                     grant->ide,
                     application_.preview_fallback.starts_with("https:")};
  co_return co_await pass(connection, parser, std::move(*grant), std::move(route));
}

// ---- both
// ------------------------------------------------------------------------------------------------------------

net::Task<bool> Preview::pass(HttpConnection& connection, RequestParser& parser, PreviewGrant grant,
                              PreviewRoute route) {
  const bool sandboxed = route.path_form();
  // Until it is known what it stands on, on all that it may.
  SessionEvents::Scope scope{grant.sign_in, grant.account, grant.workspace, grant.stands_until,
                             port_share(grant.port)};
  AccessWatch watch(application_.events, scope);
  auto pass = co_await application_.ports->pass(grant.workspace, grant.port,
                                                PortVisitor{.account = grant.account, .link = grant.link});
  if (!pass) co_return co_await answer_page(connection, parser, page_for(pass.error(), grant), sandboxed);
  scope.role = pass->role;
  if (!pass->by_share) scope.share.clear();
  watch.watch(std::move(scope));
  Principal visitor{.account = grant.account, .name = grant.name, .email = {}, .sign_in = grant.sign_in};
  visitor.in = Principal::InWorkspace{grant.workspace, pass->role.value_or(protocol::Role::viewer)};
  auto target = co_await application_.workspaces->runner_target(std::move(visitor), grant.workspace);
  if (!target) co_return co_await answer_page(connection, parser, page_for(target.error(), grant), sandboxed);
  const auto port = std::to_string(route.port);
  auto program = co_await dial_runner(target->address,
                                      {"/tunnel?port=" + port,
                                       "berth-tunnel",
                                       {.workspace = grant.workspace,
                                        .user = grant.account,
                                        .user_name = grant.name,
                                        .role = target->role,
                                        .capabilities = {"tunnel:" + port},
                                        .nonce = {}},
                                       {}},
                                      application_.keys.connect.secret_key);
  if (!program)
    co_return co_await answer_page(connection, parser, page_for(program.error(), grant), sandboxed);

  PreviewExchange exchange(connection, parser, std::move(route), std::move(program->socket));
  watch.guard(exchange.handle());
  switch (co_await exchange.run()) {
    case PreviewExchange::Outcome::complete:
      co_return true;
    case PreviewExchange::Outcome::closed:
      co_return false;
    case PreviewExchange::Outcome::no_answer:
      co_return co_await answer_page(
          connection, parser,
          {502, "No answer", "The program on port " + port + " ended the connection without an answer."},
          sandboxed);
    case PreviewExchange::Outcome::upgraded:
      break;
  }
  auto rest = exchange.take_program();
  std::string early(static_cast<const char*>(connection.buffer.data().data()), connection.buffer.size());
  connection.buffer = {};
  const bool websocket = iequals(parser.get()[http::field::upgrade], "websocket");
  Splice splice(StreamSocket(connection.stream.release_socket()), std::move(rest.socket), websocket,
                application_.traffic.preview);
  watch.guard(splice.handle());
  co_await splice.run(std::move(early), std::move(rest.early));
  co_return false;
}

PreviewPage Preview::page_for(const Error& error, const PreviewGrant& grant) const {
  if (!error.detail.empty())
    spdlog::info("preview of {}: {} ({})", grant.workspace, error.message, error.detail);
  const auto workspace = grant.ide + "/w/" + grant.workspace;
  if (error.code == ErrorCode::not_found && error.data.contains("port"))
    return {502,
            "Nothing listens on port " + std::to_string(grant.port) + " yet",
            "Start your program; this page opens it as soon as it listens.",
            "",
            "",
            look_again_seconds};
  if (error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout)
    return {503,       "The workspace does not run", error.message,
            workspace, "Open the workspace",         look_again_seconds * 2};
  return {static_cast<unsigned>(http_status(error.code)), "The preview can't be opened", error.message,
          workspace, "Open the workspace"};
}

net::Task<bool> Preview::answer_page(HttpConnection& connection, RequestParser& parser, PreviewPage page,
                                     bool sandboxed) {
  const auto policy = std::string("Content-Security-Policy: ") + std::string(page_policy) +
                      (sandboxed ? "; sandbox allow-popups allow-popups-to-escape-sandbox" : "") + "\r\n";
  if (wants_page(parser.get()))
    co_return co_await answer(connection, parser, page.status,
                              "Content-Type: text/html; charset=utf-8\r\n" + policy, page_html(page));
  co_return co_await answer(connection, parser, page.status,
                            "Content-Type: text/plain; charset=utf-8\r\n" + policy,
                            page.title + ". " + page.text + "\n");
}

std::unique_ptr<PreviewHandler> make_preview(Application& application) {
  return std::make_unique<Preview>(application);
}

}  // namespace berth::server
