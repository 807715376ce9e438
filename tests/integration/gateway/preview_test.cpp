// SPDX-License-Identifier: GPL-3.0-or-later
// Previews of a real program through server and runner: who sees them, what the program and the browser get.
#include <gtest/gtest.h>

#include <thread>

#include "gateway_fixture.hpp"
#include "recording_app.hpp"

namespace berth::test {
namespace {

using protocol::Json;
using namespace std::chrono_literals;

class Preview : public GatewayTest {
 protected:
  static void SetUpTestSuite() {
    GatewayTest::SetUpTestSuite();
    app_ = std::make_unique<RecordingApp>();
    cookie_ = enter(owner(), workspace(), app_->port());
  }
  static void TearDownTestSuite() {
    app_.reset();
    GatewayTest::TearDownTestSuite();
  }

  static std::string host_of(const std::string& workspace, std::uint16_t port) {
    return std::to_string(port) + "--" + workspace + "." + server().host();
  }
  static std::string host() { return host_of(workspace(), app_->port()); }
  static RecordingApp& app() { return *app_; }

  static Json hand_over(const Person& who, const std::string& workspace, std::uint16_t port,
                        bool path_form = false, const std::string& to = "/") {
    const auto made = api("POST", "/workspaces/" + workspace + "/previews", who,
                          {{"port", port}, {"to", to}, {"path_form", path_form}});
    if (made.status != 200) throw std::runtime_error(made.head + made.body);
    return *protocol::parse_json(made.body);
  }
  /// The path of a URL.
  static std::string path_of(const std::string& url) {
    return url.substr(url.find('/', url.find("://") + 3));
  }

  /// Trades a ticket for the preview's cookie, as a browser does.
  static std::string enter(const Person& who, const std::string& workspace, std::uint16_t port) {
    const std::string url = hand_over(who, workspace, port).at("url");
    const auto reply = fetch(server().port(), "GET", path_of(url), {{"Host", host_of(workspace, port)}});
    if (reply.status != 303) throw std::runtime_error(reply.head + reply.body);
    const auto cookie = reply.field("Set-Cookie");
    return cookie.substr(0, cookie.find(';'));
  }

  static Fields signed_in(Fields more = {}) {
    more.insert(more.begin(), {{"Host", host()}, {"Cookie", cookie_}});
    return more;
  }
  static Reply get(const std::string& path, Fields more = {}, std::string_view method = "GET",
                   std::string_view body = {}) {
    return fetch(server().port(), method, path, signed_in(std::move(more)), body);
  }

  static inline std::unique_ptr<RecordingApp> app_;
  static inline std::string cookie_;
};

TEST_F(Preview, ShowsTheProgramWithItsOwnHost) {
  const auto reply = get("/?a=1", {{"Origin", "http://" + host()}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "hello");
  const auto head = app().last_head();
  EXPECT_TRUE(head.starts_with("GET /?a=1 HTTP/1.1\r\n")) << head;
  EXPECT_TRUE(head.contains("Host: localhost:" + std::to_string(app().port()) + "\r\n")) << head;
  EXPECT_TRUE(head.contains("Origin: http://localhost:" + std::to_string(app().port()) + "\r\n")) << head;
  get("/");
  EXPECT_TRUE(app().last_head().contains("X-Forwarded-Host: " + host() + "\r\n")) << app().last_head();
  EXPECT_TRUE(app().last_head().contains("X-Forwarded-Proto: http\r\n"));
}

TEST_F(Preview, NeverShowsTheProgramOurSecrets) {
  get("/", {{"Cookie", owner().cookies + "; mine=1"},
            {"Authorization", "Bearer " + owner().token},
            {"Berth-Client", "native"}});
  const auto head = app().last_head();
  EXPECT_TRUE(head.contains("mine=1")) << head;
  for (const auto* secret : {"berth_", "Bearer", "Berth-", "eyJ"})
    EXPECT_FALSE(head.contains(secret)) << secret << " in " << head;
}

TEST_F(Preview, TicketsWorkOnceAndOnTheirHostOnly) {
  const std::string url = hand_over(owner(), workspace(), app().port(), false, "/page?x=1").at("url");
  EXPECT_TRUE(url.starts_with("http://" + host() + "/.berth/session?ticket=")) << url;
  const auto other = host_of(workspace(), static_cast<std::uint16_t>(app().port() ^ 1));
  EXPECT_EQ(fetch(server().port(), "GET", path_of(url), {{"Host", other}}).status, 401);
  const auto first = fetch(server().port(), "GET", path_of(url), {{"Host", host()}});
  EXPECT_EQ(first.status, 303);
  const auto cookie = first.field("Set-Cookie");
  for (const auto* attribute : {"HttpOnly", "Secure", "SameSite=None", "Partitioned", "Path=/"})
    EXPECT_TRUE(cookie.contains(attribute)) << cookie;
  EXPECT_FALSE(cookie.contains("Domain")) << cookie;
  const auto entered = fetch(server().port(), "GET", first.field("Location"),
                             {{"Host", host()}, {"Cookie", cookie.substr(0, cookie.find(';'))}});
  EXPECT_EQ(entered.status, 303);
  EXPECT_EQ(entered.field("Location"), "/page?x=1");
  const auto second = fetch(server().port(), "GET", path_of(url), {{"Host", host()}});
  EXPECT_EQ(second.status, 401) << "used before";
  EXPECT_EQ(second.field("Set-Cookie"), "");
}

TEST_F(Preview, TellsABrowserThatKeepsNoCookieInsteadOfTurningInCircles) {
  const auto reply =
      fetch(server().port(), "GET", "/.berth/enter?to=%2F", {{"Host", host()}, {"Accept", "text/html"}});
  EXPECT_EQ(reply.status, 401);
  EXPECT_TRUE(reply.body.contains("cookie")) << reply.body;
}

TEST_F(Preview, HasTheScriptByWhichPagesTellTheIdeTheirErrors) {
  const auto before = app().heads().size();
  const auto script = fetch(server().port(), "GET", "/.berth/console.js?v=1", {{"Host", host()}});
  EXPECT_EQ(script.status, 200);
  EXPECT_TRUE(script.field("Content-Type").starts_with("text/javascript")) << script.field("Content-Type");
  EXPECT_TRUE(script.body.ends_with("(\"" + server().origin() + "\");\n"))
      << "told to the IDE's origin alone";
  EXPECT_EQ(app().heads().size(), before) << "it is no file of the program's";
}

TEST_F(Preview, IsPrivate) {
  const auto before = app().heads().size();
  const auto anonymous = fetch(server().port(), "GET", "/", {{"Host", host()}});
  EXPECT_EQ(anonymous.status, 401);
  const auto visit = fetch(server().port(), "GET", "/deep?x=1",
                           {{"Host", host()},
                            {"Accept", "text/html"},
                            {"Sec-Fetch-Mode", "navigate"},
                            {"Sec-Fetch-Dest", "document"}});
  EXPECT_EQ(visit.status, 302);
  EXPECT_EQ(visit.field("Location"), server().origin() + "/preview-sign-in?workspace=" + workspace() +
                                         "&port=" + std::to_string(app().port()) + "&to=/deep%3Fx%3D1");
  EXPECT_EQ(fetch(server().port(), "GET", "/",
                  {{"Host", host()},
                   {"Accept", "text/html"},
                   {"Sec-Fetch-Mode", "navigate"},
                   {"Sec-Fetch-Dest", "iframe"}})
                .status,
            401);
  EXPECT_EQ(fetch(server().port(), "GET", "/", {{"Host", host()}, {"Cookie", owner().cookies}}).status, 401)
      << "the IDE's cookie is not the preview's";
  EXPECT_EQ(fetch(server().port(), "GET", "/", {{"Host", host()}, {"Cookie", "berth_preview=a.b"}}).status,
            401);
  const auto refused =
      api("POST", "/workspaces/" + workspace() + "/previews", stranger(), {{"port", app().port()}});
  EXPECT_EQ(refused.status, 404) << "another account";
  EXPECT_EQ(app().heads().size(), before) << "nothing of it reached the program";
}

TEST_F(Preview, ACookieHoldsForItsPortOnlyAndAForgedOneBesideItDoesNoHarm) {
  RecordingApp other;
  EXPECT_EQ(
      fetch(server().port(), "GET", "/", {{"Host", host_of(workspace(), other.port())}, {"Cookie", cookie_}})
          .status,
      401);
  EXPECT_EQ(
      fetch(server().port(), "GET", "/", {{"Host", host()}, {"Cookie", "berth_preview=forged; " + cookie_}})
          .status,
      200);
}

TEST_F(Preview, EndsWithTheSignIn) {
  const auto person = sign_in("owner@example.test");
  const Fields as_browser{{"Host", server().host()},
                          {"Origin", server().origin()},
                          {"Cookie", person.cookies},
                          {"Content-Type", "application/json"}};
  const auto made = fetch(server().port(), "POST", "/api/v1/workspaces/" + workspace() + "/previews",
                          as_browser, Json{{"port", app().port()}}.dump());
  ASSERT_EQ(made.status, 200) << made.body;
  const std::string url = protocol::parse_json(made.body)->at("url");
  const auto set = fetch(server().port(), "GET", path_of(url), {{"Host", host()}}).field("Set-Cookie");
  const auto cookie = set.substr(0, set.find(';'));
  EXPECT_EQ(fetch(server().port(), "GET", "/", {{"Host", host()}, {"Cookie", cookie}}).status, 200);
  auto events = Wire::connect_tcp(server().port());
  events.send(request_text("GET", "/sse", {{"Host", host()}, {"Cookie", cookie}}));
  events.receive_until("data: 0\n\n");
  auto wire = Wire::connect_tcp(server().port());
  wire.send(request_text("GET", "/socket",
                         websocket_fields(host(), {{"Cookie", cookie}, {"Origin", "http://" + host()}})));
  ASSERT_EQ(read_reply(wire).status, 101);
  ASSERT_LT(fetch(server().port(), "POST", "/api/v1/auth/sign_out", as_browser).status, 300);
  EXPECT_TRUE(events.ends_within(1s));
  EXPECT_TRUE(wire.ends_within(1s));
  EXPECT_EQ(fetch(server().port(), "GET", "/", {{"Host", host()}, {"Cookie", cookie}}).status, 401);
}

TEST_F(Preview, LeadsRedirectsBackAndConfinesCookies) {
  EXPECT_EQ(get("/redirect").field("Location"), "http://" + host() + "/there");
  EXPECT_EQ(get("/cookie").field("Set-Cookie"), "app=1; Path=/");
}

TEST_F(Preview, MindsMethodsAndStatusesWithoutBodies) {
  auto wire = Wire::connect_tcp(
      server().port());  // all on one kept connection: a wrong framing would break the next answer
  const auto ask = [&](std::string_view method, const std::string& path, std::string_view body = {}) {
    wire.send(request_text(method, path, signed_in(), body));
    return read_reply(wire, method == "HEAD");
  };
  const auto head = ask("HEAD", "/");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.field("Content-Length"), "5");
  EXPECT_EQ(ask("GET", "/empty").status, 204);
  const auto same = ask("GET", "/same");
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.field("ETag"), "\"x\"");
  EXPECT_EQ(ask("POST", "/echo", "body").body, "body");
  EXPECT_EQ(ask("GET", "/unframed").body, "until the end")
      << "what only the connection's end framed comes chunked";
  EXPECT_EQ(ask("DELETE", "/").body, "hello");
}

TEST_F(Preview, CarriesChunkedBodies) {
  auto wire = Wire::connect_tcp(server().port());
  wire.send(request_text("POST", "/echo", signed_in({{"Transfer-Encoding", "chunked"}})) +
            "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\n\r\n");
  const auto reply = read_reply(wire);
  EXPECT_EQ(reply.field("Transfer-Encoding"), "chunked");
  EXPECT_EQ(reply.body, "hello world");
}

TEST_F(Preview, PassesOn100Continue) {
  auto wire = Wire::connect_tcp(server().port());
  wire.send(
      request_text("POST", "/expect", signed_in({{"Expect", "100-continue"}, {"Content-Length", "4"}})));
  EXPECT_EQ(read_reply(wire).status, 100);
  wire.send("data");
  EXPECT_EQ(read_reply(wire).body, "got data");
}

TEST_F(Preview, PassesOnAnAnswerThatComesBeforeTheBodyWasRead) {
  auto wire = Wire::connect_tcp(server().port());
  wire.send(request_text("POST", "/early", signed_in({{"Content-Length", "100000000"}})));
  wire.send(std::string(100000, 'x'));
  const auto reply = read_reply(wire);
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(reply.field("Connection"), "close");
}

TEST_F(Preview, StreamsEventsAsTheyComeAndTellsTheProgramThatTheBrowserLeft) {
  {
    auto wire = Wire::connect_tcp(server().port());
    wire.send(request_text("GET", "/sse", signed_in()));
    const auto head = wire.receive_until("\r\n\r\n");
    EXPECT_TRUE(head.contains("text/event-stream")) << head;
    wire.receive_until("data: 0\n\n");
    app().release();
    wire.receive_until("data: 1\n\n");
  }
  EXPECT_TRUE(eventually([&] { return app().last_head() == "events: the browser left"; }));
}

TEST_F(Preview, CarriesWebSocketsFromItsOwnPagesOnly) {
  auto wire = Wire::connect_tcp(server().port());
  wire.send(request_text("GET", "/socket",
                         websocket_fields(host(), {{"Cookie", cookie_},
                                                   {"Origin", "http://" + host()},
                                                   {"Sec-WebSocket-Protocol", "vite-hmr"}})));
  const auto reply = read_reply(wire);
  ASSERT_EQ(reply.status, 101) << reply.body;
  EXPECT_EQ(reply.field("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_TRUE(app().last_head().contains("Origin: http://localhost:" + std::to_string(app().port()) + "\r\n"))
      << app().last_head();
  EXPECT_TRUE(app().last_head().contains("Sec-WebSocket-Protocol: vite-hmr\r\n"));
  EXPECT_TRUE(app().last_head().contains("Host: localhost:" + std::to_string(app().port()) + "\r\n"));
  WebSocket socket(std::move(wire));
  for (const auto* text : {"ping", "", "another"}) {
    socket.send(1, text);
    const auto message = socket.receive();
    ASSERT_TRUE(message);
    EXPECT_EQ(message->payload, text);
  }
  for (const auto& origin :
       {std::string("http://evil.test"), "http://3000--bbbbbbbbbb." + server().host(), std::string("null")}) {
    auto other = Wire::connect_tcp(server().port());
    other.send(
        request_text("GET", "/socket", websocket_fields(host(), {{"Cookie", cookie_}, {"Origin", origin}})));
    EXPECT_EQ(read_reply(other).status, 403) << origin;
  }
}

TEST_F(Preview, Carries300MegabytesBothWaysInConstantMemory) {
  constexpr std::size_t total = 300u << 20;
  const auto before = server().memory();
  auto wire = Wire::connect_tcp(server().port());
  wire.send(request_text("POST", "/echo", signed_in({{"Content-Length", std::to_string(total)}})));
  std::thread sender([&] {
    const std::string piece(1u << 20, 'b');
    for (std::size_t sent = 0; sent < total; sent += piece.size()) wire.send(piece);
  });
  Wire reader(::dup(wire.descriptor()));
  const auto head = reader.receive_until("\r\n\r\n");
  EXPECT_TRUE(head.contains("200")) << head;
  std::size_t got = 0;
  std::uint64_t highest = 0;
  for (std::size_t next = 0; got < total;) {
    const auto piece = reader.receive();
    if (piece.empty()) break;
    got += piece.size();
    if (got >= next) {
      highest = std::max(highest, server().memory());
      next += 20u << 20;
    }
  }
  sender.join();
  EXPECT_EQ(got, total);
  EXPECT_LT(highest, before + 4096) << "KiB";
}

TEST_F(Preview, ASlowBrowserStopsTheProgramInsteadOfFillingTheServer) {
  const auto before = server().memory();
  auto wire = Wire::connect_tcp(server().port());
  wire.send(request_text("GET", "/flood", signed_in()));
  wire.receive_until("\r\n\r\n");
  // The program stops being able to write once every buffer on the way is full.
  std::uint64_t last = 0;
  int still = 0;
  EXPECT_TRUE(eventually(
      [&] {
        still = app().flooded() == std::exchange(last, app().flooded()) ? still + 1 : 0;
        return last > 0 && still > 100;
      },
      20s));
  EXPECT_LT(server().memory(), before + 4096) << "KiB";
  EXPECT_LT(app().flooded(), 64u << 20);
}

TEST_F(Preview, SaysSoNicelyWhileNothingListens) {
  std::uint16_t port = 0;
  {
    RecordingApp gone;
    port = gone.port();
  }
  const auto cookie = enter(owner(), workspace(), port);
  const Fields fields{{"Host", host_of(workspace(), port)}, {"Cookie", cookie}, {"Accept", "text/html"}};
  const auto reply = fetch(server().port(), "GET", "/", fields);
  EXPECT_EQ(reply.status, 502);
  EXPECT_TRUE(reply.body.contains("Nothing listens on port " + std::to_string(port) + " yet")) << reply.body;
  EXPECT_TRUE(reply.body.contains("http-equiv=\"refresh\"")) << "it opens by itself later";
  EXPECT_TRUE(reply.body.contains("prefers-color-scheme:dark"));
  EXPECT_EQ(reply.field("Cache-Control"), "no-store");
  const auto silent = get("/silent", {{"Accept", "text/html"}});
  EXPECT_EQ(silent.status, 502);
  EXPECT_TRUE(silent.body.contains("without an answer")) << silent.body;
}

TEST_F(Preview, SaysSoNicelyWhenTheWorkspaceIsStopped) {
  const auto own = make_workspace(owner());
  const auto cookie = enter(owner(), own, app().port());
  const Fields fields{{"Host", host_of(own, app().port())}, {"Cookie", cookie}, {"Accept", "text/html"}};
  EXPECT_EQ(fetch(server().port(), "GET", "/", fields).status, 200);
  ASSERT_LT(api("POST", "/workspaces/" + own + "/stop", owner()).status, 300);
  const auto reply = fetch(server().port(), "GET", "/", fields);
  EXPECT_EQ(reply.status, 503);
  EXPECT_TRUE(reply.body.contains(server().origin() + "/w/" + own)) << "the way to it: " << reply.body;
}

TEST_F(Preview, PathFormIsSandboxedOnItsOwnListener) {
  const auto made = hand_over(owner(), workspace(), app().port(), true, "/page");
  const std::string url = made.at("url");
  const auto prefix = "http://localhost:" + std::to_string(server().preview_port()) + "/p/";
  ASSERT_TRUE(url.starts_with(prefix)) << url;
  const Fields fields{{"Host", "localhost:" + std::to_string(server().preview_port())},
                      {"Cookie", "app=1; " + owner().cookies}};
  const auto reply = fetch(server().preview_port(), "GET", path_of(url), fields);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "hello");
  EXPECT_EQ(reply.field("Content-Security-Policy"),
            "sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads");
  EXPECT_EQ(reply.field("Referrer-Policy"), "no-referrer") << "the URL is the key";
  EXPECT_TRUE(app().last_head().starts_with("GET /page HTTP/1.1\r\n")) << app().last_head();
  EXPECT_FALSE(app().last_head().contains("Cookie")) << app().last_head();
  const auto base = path_of(url).substr(0, path_of(url).rfind('/'));
  EXPECT_EQ(fetch(server().preview_port(), "GET", base + "/redirect", fields).field("Location"),
            url.substr(0, url.rfind('/')) + "/there");
  EXPECT_EQ(fetch(server().preview_port(), "GET", base + "/cookie", fields).field("Set-Cookie"), "");
  EXPECT_NE(fetch(server().port(), "GET", path_of(url), {{"Host", server().host()}}).status, 200)
      << "never on the IDE's origin";
  auto forged = path_of(url);
  forged[10] = forged[10] == 'A' ? 'B' : 'A';
  EXPECT_EQ(fetch(server().preview_port(), "GET", forged, fields).status, 401);
  const auto stray = fetch(server().preview_port(), "GET", "/api/v1/server", fields);
  EXPECT_EQ(stray.status, 404) << "the preview listener serves nothing else";
  EXPECT_TRUE(stray.field("Content-Security-Policy").contains("sandbox"));
}

TEST_F(Preview, PathFormAnswersTheSandboxsOwnPreflights) {
  const std::string url = hand_over(owner(), workspace(), app().port(), true).at("url");
  const auto before = app().heads().size();
  const auto reply = fetch(server().preview_port(), "OPTIONS", path_of(url),
                           {{"Host", "localhost"},
                            {"Origin", "null"},
                            {"Access-Control-Request-Method", "PUT"},
                            {"Access-Control-Request-Headers", "content-type"}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.field("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(reply.field("Access-Control-Allow-Methods"), "PUT");
  EXPECT_EQ(reply.field("Access-Control-Allow-Headers"), "content-type");
  EXPECT_EQ(app().heads().size(), before);
}

TEST(CustomPreviewDomain, IsServedUnderItsOwnName) {
  ServerProcess server("preview.example.test:8080");
  const Fields fields{
      {"Host", server.host()}, {"Berth-Client", "native"}, {"Content-Type", "application/json"}};
  const Json owner{{"token", server.setup_token()},
                   {"email", "o@example.test"},
                   {"name", "O"},
                   {"password", "correct horse battery"}};
  const auto token =
      protocol::parse_json(fetch(server.port(), "POST", "/api/v1/setup", fields, owner.dump()).body)
          ->at("access_token")
          .get<std::string>();
  const Fields bearer{
      {"Host", server.host()}, {"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}};
  const auto api = [&](std::string_view method, const std::string& path, const Json& body) {
    return *protocol::parse_json(
        fetch(server.port(), method, "/api/v1" + path, bearer, body.is_null() ? "" : body.dump()).body);
  };
  const std::string id = api("POST", "/workspaces", {{"name", "T"}, {"template_id", "empty"}}).at("id");
  ASSERT_TRUE(eventually([&] { return api("GET", "/workspaces/" + id, {}).at("state") == "running"; }));
  RecordingApp app;
  const auto made = api("POST", "/workspaces/" + id + "/previews", {{"port", app.port()}});
  const auto host = std::to_string(app.port()) + "--" + id + ".preview.example.test:8080";
  EXPECT_EQ(made.at("address"), "http://" + host + "/");
  const std::string url = made.at("url");
  const auto set =
      fetch(server.port(), "GET", url.substr(url.find("/.berth")), {{"Host", host}}).field("Set-Cookie");
  EXPECT_TRUE(set.contains("SameSite=Lax"))
      << "without https nor localhost browsers take no Secure cookie: " << set;
  const Fields as_browser{{"Host", host}, {"Cookie", set.substr(0, set.find(';'))}};
  const auto reply = fetch(server.port(), "GET", "/", as_browser);
  EXPECT_EQ(reply.body, "hello");
  EXPECT_EQ(fetch(server.port(), "GET", "/redirect", as_browser).field("Location"),
            "http://" + host + "/there");
  EXPECT_EQ(fetch(server.port(), "GET", "/",
                  {{"Host", std::to_string(app.port()) + "--" + id + "." + server.host()}, as_browser[1]})
                .status,
            421)
      << "the default name is no preview here";
}

}  // namespace
}  // namespace berth::test
