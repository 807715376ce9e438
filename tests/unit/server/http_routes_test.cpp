// SPDX-License-Identifier: GPL-3.0-or-later
// The router without a socket: matching, origins, bodies, credentials, errors.
#include "server/http_routes.hpp"

#include <fstream>

#include "harness.hpp"
#include "protocol/codec.hpp"
#include "server/application.hpp"
#include "server/http_session.hpp"
#include "server/port_sharing.hpp"
#include "server/request_forward.hpp"
#include "server/sharing.hpp"
#include "server/static_files.hpp"
#include "server/stores/sqlite_store.hpp"

namespace berth::server {
namespace {

using testing::await;

class NoPreview : public PreviewHandler {
 public:
  bool claims(std::string_view) const override { return false; }
  net::Task<bool> handle(HttpConnection&, RequestParser&) override { co_return false; }
  net::Task<Result<protocol::rest::CreatePreview::Result>> hand_over(Principal, std::string workspace,
                                                                     protocol::rest::CreatePreview::Body body,
                                                                     std::string) override {
    co_return protocol::rest::CreatePreview::Result{"http://once/" + workspace,
                                                    "http://plain/" + std::to_string(body.port)};
  }
  std::string port_link(std::string workspace, std::uint16_t, std::int64_t, std::int64_t,
                        std::string) override {
    return "http://link/" + workspace;
  }
  std::string address(const std::string& workspace, std::uint16_t) const override {
    return "http://plain/" + workspace;
  }
};

class HttpRoutesTest : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  Application app;

  void SetUp() override {
    app.keys = derive_server_keys({3});
    app.home = io.get_executor();
    app.pool = std::make_unique<boost::asio::thread_pool>(2);
    app.store = std::move(*open_sqlite_store(folder.path() / "berth.sqlite"));
    app.settings =
        std::make_unique<Settings>(app.store->settings(), protocol::rest::Settings{true, 30, 0, 20, 5, 0});
    app.origins = std::make_unique<Origins>("", std::vector<std::string>{"https://other.example"});
    app.templates = TemplateCatalog({{.id = "empty",
                                      .name = "Empty",
                                      .description = {},
                                      .run_command = {},
                                      .port = {},
                                      .open_file = {}}});
    auto backend = std::make_unique<testing::GatedBackend>();
    backend->homes = folder.path() / "homes";
    app.backend = std::move(backend);
    app.runners = std::make_unique<testing::FakeRunners>();
    app.accounts = std::make_unique<Accounts>(*app.store, app.keys, app.events, *app.settings, *app.pool,
                                              system_clock_now, Accounts::Options{});
    app.workspaces = std::make_unique<Workspaces>(io.get_executor(), app.store->workspaces(), *app.backend,
                                                  *app.runners, app.events, *app.settings, app.templates,
                                                  *app.pool, system_clock_now, Workspaces::Options{});
    app.sharing = std::make_unique<Sharing>(Sharing::Parts{.store = *app.store,
                                                           .workspaces = *app.workspaces,
                                                           .events = app.events,
                                                           .pool = *app.pool,
                                                           .clock = system_clock_now});
    app.ports = std::make_unique<PortSharing>(*app.store, app.events, *app.pool);
    app.preview = std::make_unique<NoPreview>();
    app.routes = std::make_unique<HttpRoutes>(app);
  }
  void TearDown() override { await(io, app.workspaces->shutdown()); }

  HttpResponse send(const std::string& method, const std::string& target, Headers headers = {},
                    std::string body = {}, std::string from = "192.0.2.1") {
    HttpRequest request;
    request.method = method;
    EXPECT_TRUE(parse_target(target, request));
    request.headers = std::move(headers);
    request.headers.emplace_back("Host", "localhost:7070");
    request.body = std::move(body);
    request.address = std::move(from);
    return await(io, app.routes->serve(request));
  }
  static Headers native(Headers more = {}) {
    more.emplace_back("Berth-Client", "native");
    return more;
  }
  static protocol::Json json(const HttpResponse& response) { return *protocol::parse_json(response.body); }
  static std::string message(const HttpResponse& response) { return json(response)["error"]["message"]; }
  static constexpr auto person = R"({"email":"ann@example.org","name":"Ann","password":"a long password"})";
};

TEST_F(HttpRoutesTest, UnknownAddressesAndMethodsAreToldApart) {
  EXPECT_EQ(send("GET", "/api/v1/nothing").status, 404);
  EXPECT_EQ(send("GET", "/api/nothing").status, 404);
  const auto wrong_method = send("DELETE", "/api/v1/workspaces", native());
  EXPECT_EQ(wrong_method.status, 405);
  EXPECT_EQ(find_header(wrong_method.headers, "allow"), "GET, POST");
  EXPECT_EQ(send("GET", "/api/v1/workspaces//start").status, 404);
}

TEST_F(HttpRoutesTest, FiguresAreForThisMachineAndForAdministrators) {
  app.traffic.gateway.opened = 12;
  app.traffic.preview.bytes_to_client = 345;
  EXPECT_EQ(send("GET", "/metrics").status, 401);
  EXPECT_EQ(send("GET", "/metrics", {{"X-Forwarded-For", "192.0.2.7"}}, {}, "127.0.0.1").status, 401)
      << "a proxy on this machine that nobody told us of";
  const auto near = send("GET", "/metrics", {}, {}, "127.0.0.1");
  ASSERT_EQ(near.status, 200);
  EXPECT_EQ(find_header(near.headers, "content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(near.body.find("# TYPE berth_connections_opened_total counter\n"
                           "berth_connections_opened_total{through=\"gateway\"} 12\n"
                           "berth_connections_opened_total{through=\"preview\"} 0\n"),
            std::string::npos)
      << near.body;
  EXPECT_NE(near.body.find("berth_sent_bytes_total{through=\"preview\"} 345\n"), std::string::npos);
  EXPECT_EQ(near.body.back(), '\n');
  const auto token = json(send("POST", "/api/v1/auth/register", native(), person))["access_token"];
  EXPECT_EQ(send("GET", "/metrics", {{"Authorization", "Bearer " + token.get<std::string>()}}).status, 403)
      << "an ordinary account";
}

TEST_F(HttpRoutesTest, WhoBringsTheTokenOfItsFileReadsTheFiguresAndNothingElse) {
  const auto file = folder.path() / "metrics.token";
  const Headers collector{{"Authorization", "Bearer a-long-random-token"}};
  EXPECT_EQ(send("GET", "/metrics", collector).status, 401) << "no file is configured";
  app.config.metrics_token_file = file;
  EXPECT_EQ(send("GET", "/metrics", collector).status, 401) << "it is not there";
  const auto write = [&](const std::string& text) { std::ofstream(file, std::ios::trunc) << text; };
  write("a-long-random-token\n");
  EXPECT_EQ(send("GET", "/metrics", collector).status, 200);
  EXPECT_EQ(send("GET", "/api/v1/workspaces", collector).status, 401);
  for (const char* wrong :
       {"Bearer a-long-random-toke", "Bearer ", "a-long-random-token", "Basic a-long-random-token"})
    EXPECT_EQ(send("GET", "/metrics", {{"Authorization", wrong}}).status, 401) << wrong;
  write("another-random-token");
  EXPECT_EQ(send("GET", "/metrics", collector).status, 401) << "it was replaced";
  for (const std::string useless : {std::string(), std::string("short"), std::string(5000, 'x')}) {
    write(useless);
    EXPECT_EQ(send("GET", "/metrics", {{"Authorization", "Bearer " + useless}}).status, 401)
        << useless.size();
  }
}

TEST_F(HttpRoutesTest, AnAdministratorWhoSignsInGetsEveryFigureFromElsewhere) {
  const auto setup = app.accounts->setup_token();
  ASSERT_TRUE(setup && *setup);
  const auto made = send("POST", "/api/v1/setup", native(),
                         R"({"token":")" + **setup +
                             R"(","email":"root@example.org","name":"Root","password":"a long password"})");
  ASSERT_EQ(made.status, 200) << made.body;
  const auto signed_in = send("POST", "/api/v1/auth/sign_in", native(),
                              R"({"email":"root@example.org","password":"a long password"})");
  ASSERT_EQ(signed_in.status, 200) << signed_in.body;
  const Headers bearer{{"Authorization", "Bearer " + json(signed_in)["access_token"].get<std::string>()}};
  const auto figures = send("GET", "/metrics", bearer);
  ASSERT_EQ(figures.status, 200) << figures.body;
  for (const std::string figure : {"berth_connections", "berth_connections_opened_total",
                                   "berth_received_bytes_total", "berth_sent_bytes_total"})
    for (const std::string through : {"gateway", "preview"})
      EXPECT_NE(figures.body.find("\n" + figure + "{through=\"" + through + "\"} 0\n"), std::string::npos)
          << figure << " " << through << "\n"
          << figures.body;
  EXPECT_NE(figures.body.find("\nberth_build_info{version=\""), std::string::npos);
  for (const std::string figure : {"berth_damaged_objects_total", "berth_scrubbed_packs_total",
                                   "berth_scrubbed_bytes_total", "berth_scrub_ended_seconds"})
    EXPECT_NE(figures.body.find("\n" + figure + " 0\n"), std::string::npos) << figure;
  EXPECT_EQ(send("GET", "/metrics", {{"Authorization", "Bearer none"}}).status, 401);
  const auto ann = send("POST", "/api/v1/auth/register", native(), person);
  const Headers ordinary{{"Authorization", "Bearer " + json(ann)["access_token"].get<std::string>()}};
  EXPECT_EQ(send("GET", "/metrics", ordinary).status, 403);
}

TEST_F(HttpRoutesTest, AWrongFieldIsNamed) {
  const auto response =
      send("POST", "/api/v1/auth/register", native(), R"({"email":"a@b.c","name":7,"password":"x"})");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(message(response), "body.name: not a string");
  EXPECT_EQ(message(send("POST", "/api/v1/auth/register", native(), R"({"email":"a@b.c"})")),
            "body.name: missing");
  EXPECT_EQ(send("POST", "/api/v1/auth/register", native(), "{").status, 400);
  EXPECT_EQ(message(send("POST", "/api/v1/auth/register", native(), "[]")), "body: not an object");
  EXPECT_EQ(send("POST", "/api/v1/auth/register", native({{"Content-Type", "text/plain"}}), person).status,
            400);
}

TEST_F(HttpRoutesTest, ACrossOriginPostIsRefused) {
  for (const auto* origin :
       {"http://evil.example", "http://localhost:7071", "http://3000--abc.localhost:7070", "null"})
    EXPECT_EQ(send("POST", "/api/v1/auth/register", native({{"Origin", origin}}), person).status, 403)
        << origin;
  EXPECT_EQ(send("POST", "/api/v1/auth/register", {}, person).status, 403) << "neither Origin nor native";
  EXPECT_EQ(send("POST", "/api/v1/auth/register", {{"Origin", "http://localhost:7070"}}, person).status, 200);
}

TEST_F(HttpRoutesTest, BrowsersGetCookiesAndNoTokens) {
  const auto response = send("POST", "/api/v1/auth/register", {{"Origin", "http://localhost:7070"}}, person);
  EXPECT_EQ(response.body.find("token"), std::string::npos);
  std::vector<std::string> cookies;
  for (const auto& [name, value] : response.headers)
    if (name == "Set-Cookie") cookies.push_back(value);
  ASSERT_EQ(cookies.size(), 2u);
  for (const auto& cookie : cookies) {
    EXPECT_NE(cookie.find("HttpOnly"), std::string::npos);
    EXPECT_NE(cookie.find("SameSite=Strict"), std::string::npos);
    EXPECT_EQ(cookie.find("Secure"), std::string::npos);
  }
  EXPECT_NE(cookies[0].find("Path=/api;"), std::string::npos);
  EXPECT_NE(cookies[1].find("Path=/api/v1/auth;"), std::string::npos);
  const auto access = cookies[0].substr(0, cookies[0].find(';'));
  EXPECT_EQ(send("GET", "/api/v1/me", {{"Cookie", access}}).status, 200);
  EXPECT_EQ(send("PATCH", "/api/v1/me", {{"Cookie", access}}, R"({"name":"A"})").status, 403) << "no Origin";
  EXPECT_EQ(
      send("PATCH", "/api/v1/me", {{"Cookie", access}, {"Origin", "http://evil.example"}}, R"({"name":"A"})")
          .status,
      403);
  EXPECT_EQ(send("PATCH", "/api/v1/me", {{"Cookie", access}, {"Origin", "http://localhost:7070"}},
                 R"({"name":"A"})")
                .status,
            200);
  EXPECT_EQ(send("GET", "/api/v1/me", {{"Cookie", access}, {"Sec-Fetch-Site", "cross-site"}}).status, 401);
}

TEST_F(HttpRoutesTest, TheNativeHeaderDoesNotLetCookiesThroughWithoutOrigin) {
  const auto made = send("POST", "/api/v1/auth/register", {{"Origin", "http://localhost:7070"}}, person);
  const std::string access(
      find_header(made.headers, "set-cookie").substr(0, find_header(made.headers, "set-cookie").find(';')));
  EXPECT_EQ(send("PATCH", "/api/v1/me", native({{"Cookie", access}}), R"({"name":"A"})").status, 401);
}

TEST_F(HttpRoutesTest, NativeClientsGetTokensAndNoCookies) {
  const auto response = send("POST", "/api/v1/auth/register", native(), person);
  EXPECT_EQ(find_header(response.headers, "set-cookie"), "");
  const std::string token = json(response)["access_token"];
  EXPECT_EQ(json(send("GET", "/api/v1/me", {{"Authorization", "Bearer " + token}}))["email"],
            "ann@example.org");
  EXPECT_EQ(send("GET", "/api/v1/me", {{"Authorization", "Bearer " + token + "x"}}).status, 401);
  EXPECT_EQ(send("GET", "/api/v1/me").status, 401);
}

TEST_F(HttpRoutesTest, AdministratorsOnlyMeansThat) {
  const std::string token = json(send("POST", "/api/v1/auth/register", native(), person))["access_token"];
  EXPECT_EQ(send("GET", "/api/v1/settings", {{"Authorization", "Bearer " + token}}).status, 403);
}

TEST_F(HttpRoutesTest, CorsIsForTheListAndWithoutCookies) {
  const auto token =
      std::string(json(send("POST", "/api/v1/auth/register", native(), person))["access_token"]);
  const auto allowed =
      send("GET", "/api/v1/me", {{"Origin", "https://other.example"}, {"Authorization", "Bearer " + token}});
  EXPECT_EQ(allowed.status, 200);
  EXPECT_EQ(find_header(allowed.headers, "access-control-allow-origin"), "https://other.example");
  EXPECT_EQ(find_header(allowed.headers, "access-control-allow-credentials"), "");
  EXPECT_EQ(
      send("GET", "/api/v1/me", {{"Origin", "https://other.example"}, {"Cookie", "berth_access=" + token}})
          .status,
      401);
  EXPECT_EQ(send("OPTIONS", "/api/v1/me", {{"Origin", "https://other.example"}}).status, 204);
  EXPECT_EQ(send("OPTIONS", "/api/v1/me", {{"Origin", "https://evil.example"}}).status, 403);
  EXPECT_EQ(find_header(send("GET", "/api/v1/server", {{"Origin", "https://evil.example"}}).headers,
                        "access-control-allow-origin"),
            "");
}

TEST_F(HttpRoutesTest, EveryRouteThatNeedsAnAccountRefusesStrangers) {
  int checked = 0;
  boost::mp11::mp_for_each<protocol::rest::Routes>([&]<class R>(R) {
    if (R::access == protocol::rest::Access::anyone) return;
    std::string path(R::path);
    if (const auto at = path.find("{id}"); at != path.npos) path.replace(at, 4, "abcdefghij");
    EXPECT_EQ(send(std::string(R::method), path, native()).status, 401) << R::method << " " << path;
    ++checked;
  });
  EXPECT_GT(checked, 15);
}

TEST_F(HttpRoutesTest, TheOpenApiDocumentNamesEveryRoute) {
  const auto document = json(send("GET", "/api/openapi.json"));
  EXPECT_EQ(document["openapi"].get<std::string>().substr(0, 3), "3.1");
  boost::mp11::mp_for_each<protocol::rest::Routes>(
      [&]<class R>(R) { EXPECT_TRUE(document["paths"].contains(std::string(R::path))) << R::path; });
}

TEST_F(HttpRoutesTest, HealthAndReadiness) {
  EXPECT_EQ(send("GET", "/healthz").status, 200);
  EXPECT_EQ(send("GET", "/readyz").status, 200);
  EXPECT_EQ(send("POST", "/healthz", native()).status, 404);
}

/// So that a server that ends can wait for it.
TEST_F(HttpRoutesTest, ARequestIsUnderWayUntilItsAnswerIsOut) {
  using boost::asio::ip::tcp;
  auto& backend = dynamic_cast<testing::GatedBackend&>(*app.backend);
  const auto token = json(send("POST", "/api/v1/auth/register", native(), person))["access_token"];
  const struct Opened {
    testing::Gate& gate;
    explicit Opened(testing::Gate& closed) : gate(closed) { gate.close(); }
    ~Opened() { gate.open(); }
  } opened{backend.start_gate};
  tcp::acceptor acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  tcp::socket client(io);
  client.connect(acceptor.local_endpoint());
  HttpConnection connection{boost::beast::tcp_stream(acceptor.accept()), boost::beast::flat_buffer(64u << 10),
                            boost::asio::ip::address_v4::loopback(), false};
  auto served =
      boost::asio::co_spawn(io, serve_connection(app, std::move(connection)), boost::asio::use_future);
  auto& under_way = app.routes->under_way();
  const std::string body = R"({"name":"work","template_id":"empty"})";
  boost::asio::write(
      client, boost::asio::buffer("POST /api/v1/workspaces HTTP/1.1\r\nHost: localhost:7070\r\n"
                                  "Berth-Client: native\r\nAuthorization: Bearer " +
                                  token.get<std::string>() +
                                  "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
  ASSERT_TRUE(testing::run_until(io, [&] { return backend.starts == 1; }));
  EXPECT_EQ(under_way.count(), 1u);
  under_way.end();
  backend.start_gate.open();
  ASSERT_TRUE(testing::run_until(io, [&] {
    return served.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  })) << "its connection ends with it";
  EXPECT_EQ(under_way.count(), 0u);
  std::string answer;
  boost::system::error_code end;
  boost::asio::read(client, boost::asio::dynamic_buffer(answer), end);
  EXPECT_EQ(end, boost::asio::error::eof);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_NE(answer.find("Connection: close\r\n"), answer.npos) << answer;
}

TEST(DividedWorkspaceTest, OnlyWhatCanBeAWorkspaceIsLookedForAmongServers) {
  const auto of = [](const std::string& id) {
    return divided_workspace("POST", "/api/v1/workspaces/" + id + "/stop");
  };
  const auto in_body = [](const std::string& id) {
    return divided_workspace_in_body(R"({"from_workspace":")" + id + "\"}");
  };
  EXPECT_EQ(of("abcdefg234"), "abcdefg234");
  EXPECT_EQ(in_body("abcdefg234"), "abcdefg234");
  for (const auto& odd : {std::string("nothing"), std::string("ABCDEFG234"), std::string(10'000, 'a')}) {
    EXPECT_EQ(of(odd), "");
    EXPECT_EQ(in_body(odd), "");
  }
  for (const auto* target : {"/api/v1/workspaces", "/api/v1/workspaces?again", "/api/v1/%77orkspaces"})
    EXPECT_TRUE(body_names_workspace("POST", target)) << target;
  EXPECT_FALSE(body_names_workspace("GET", "/api/v1/workspaces"));
  EXPECT_FALSE(body_names_workspace("POST", "/api/v1/workspaces/import"));
}

TEST(ReplicaProofTest, OnlyTheReplicaThatIsMeantProvesIt) {
  std::array<unsigned char, 32> seed{};
  const auto keys = derive_server_keys(seed);
  seed[0] = 1;
  const auto others = derive_server_keys(seed);
  const auto proof = replica_proof(keys, "me", "me.nonce");
  EXPECT_EQ(proof.size(), 64u);
  EXPECT_EQ(replica_proof(keys, "me", "me.nonce"), proof);
  EXPECT_NE(replica_proof(keys, "me", "me.another"), proof);
  EXPECT_NE(replica_proof(others, "me", "me.nonce"), proof);
  for (const auto* not_me : {"you.nonce", "me", "menonce", ".nonce", "", "m.e.nonce"})
    EXPECT_EQ(replica_proof(keys, "me", not_me), "") << not_me;
  EXPECT_EQ(replica_proof(keys, "", ".nonce"), "") << "one that does not live proves nothing";
}

}  // namespace
}  // namespace berth::server
