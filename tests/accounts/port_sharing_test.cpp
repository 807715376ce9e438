// SPDX-License-Identifier: GPL-3.0-or-later
// Who sees which port: by role, by what the owner said, by a link; and that it ends at once.
#include "shared_workspace.hpp"
#include "tests/integration/gateway/recording_app.hpp"
#include "window.hpp"

namespace berth::test {
namespace {

using protocol::Json;
using namespace std::chrono_literals;

class PortSharingTest : public SharedWorkspaceTest {
 protected:
  static void SetUpTestSuite() {
    SharedWorkspaceTest::SetUpTestSuite();
    app_ = std::make_unique<RecordingApp>();
  }
  static void TearDownTestSuite() {
    app_.reset();
    SharedWorkspaceTest::TearDownTestSuite();
  }
  void TearDown() override { show("private"); }

  static std::string port() { return std::to_string(app_->port()); }
  static std::string host() { return port() + "--" + workspace() + "." + server().host(); }
  static Reply show(const std::string& visibility) {
    return api("PATCH", "/workspaces/" + workspace() + "/ports", owner(),
               {{"ports", {{port(), visibility}}}});
  }
  static int hand_over(const Person& who) {
    return api("POST", "/workspaces/" + workspace() + "/previews", who, {{"port", app_->port()}}).status;
  }
  static std::string path_of(const std::string& url) {
    return url.substr(url.find('/', url.find("://") + 3));
  }
  /// The cookie that the URL gives; "" when it gives none.
  static std::string enter(const std::string& url) {
    const auto reply = fetch(server().port(), "GET", path_of(url), {{"Host", host()}});
    const auto cookie = reply.field("Set-Cookie");
    return cookie.substr(0, cookie.find(';'));
  }
  static std::string cookie_of(const Person& who) {
    return enter(
        parsed(api("POST", "/workspaces/" + workspace() + "/previews", who, {{"port", app_->port()}}))
            .at("url"));
  }
  static int get(const std::string& cookie = {}) {
    Fields fields{{"Host", host()}};
    if (!cookie.empty()) fields.emplace_back("Cookie", cookie);
    return fetch(server().port(), "GET", "/", fields).status;
  }
  static WebSocket open_socket(const std::string& cookie = {}) {
    auto wire = Wire::connect_tcp(server().port());
    Fields more{{"Origin", "http://" + host()}};
    if (!cookie.empty()) more.emplace_back("Cookie", cookie);
    wire.send(request_text("GET", "/socket", websocket_fields(host(), more)));
    const auto reply = read_reply(wire);
    if (reply.status != 101) throw std::runtime_error(reply.head + reply.body);
    return WebSocket(std::move(wire));
  }
  static std::string make_link(const Json& body = Json::object()) {
    return parsed(api("POST", "/workspaces/" + workspace() + "/ports/" + port() + "/links", owner(), body))
        .at("url");
  }
  static std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

  static inline std::unique_ptr<RecordingApp> app_;
};

TEST_F(PortSharingTest, APrivatePortIsForOwnerAndEditors) {
  EXPECT_EQ(hand_over(owner()), 200);
  EXPECT_EQ(hand_over(editor()), 200);
  EXPECT_EQ(hand_over(viewer()), 403);
  EXPECT_EQ(hand_over(stranger()), 404);
  EXPECT_EQ(get(), 401);
  EXPECT_EQ(get(cookie_of(editor())), 200);
}

TEST_F(PortSharingTest, APortShownToPeopleIsForViewersToo) {
  ASSERT_EQ(show("people").status, 200);
  EXPECT_EQ(parsed(api("GET", "/workspaces/" + workspace() + "/ports", viewer())).at("ports"),
            (Json{{port(), "people"}}));
  EXPECT_EQ(hand_over(stranger()), 404);
  EXPECT_EQ(get(), 401);
  const auto cookie = cookie_of(viewer());
  EXPECT_EQ(get(cookie), 200);
  auto socket = open_socket(cookie), editors = open_socket(cookie_of(editor()));
  ASSERT_EQ(show("private").status, 200);
  EXPECT_TRUE(socket.wire().ends_within(at_once));
  EXPECT_NE(get(cookie), 200) << "the cookie opens nothing any more";
  editors.send(1, "still here");
  const auto echo = editors.receive();
  ASSERT_TRUE(echo) << "an editor's preview does not stand on it";
  EXPECT_EQ(echo->payload, "still here");
}

TEST_F(PortSharingTest, APublicPortNeedsNoAccountUntilItIsTakenBack) {
  ASSERT_EQ(show("public").status, 200);
  EXPECT_EQ(get(), 200);
  EXPECT_EQ(get("berth_preview=forged.forged"), 200);
  EXPECT_EQ(hand_over(stranger()), 404) << "the route is for members; the address is for all";
  auto socket = open_socket();
  socket.send(1, "hello");
  EXPECT_TRUE(socket.receive());
  const auto foreign = fetch(server().port(), "GET", "/socket",
                             websocket_fields(host(), {{"Origin", "http://elsewhere.example"}}));
  EXPECT_EQ(foreign.status, 403);
  ASSERT_EQ(show("people").status, 200);
  EXPECT_TRUE(socket.wire().ends_within(at_once));
  EXPECT_EQ(get(), 401);
  // Other ports were never meant.
  const auto next = std::to_string(app_->port() == 65535 ? 65534 : app_->port() + 1) + "--" + workspace() +
                    "." + server().host();
  ASSERT_EQ(show("public").status, 200);
  EXPECT_EQ(fetch(server().port(), "GET", "/", {{"Host", next}}).status, 401);
}

TEST_F(PortSharingTest, ALinkShowsOnePortForSomeTime) {
  const auto url = make_link();
  EXPECT_TRUE(url.starts_with("http://" + host() + "/.berth/session?ticket="));
  const auto cookie = enter(url);
  ASSERT_FALSE(cookie.empty());
  EXPECT_EQ(get(cookie), 200);
  EXPECT_FALSE(enter(url).empty()) << "it is good for many";
  EXPECT_EQ(get(), 401) << "the port itself stays private";
  auto forged = url;
  forged[forged.find("ticket=") + 12] ^= 1;
  EXPECT_TRUE(enter(forged).empty());
  // A link is neither a cookie nor for the path form nor for another port.
  const auto token = url.substr(url.find("ticket=") + 7, url.find("&to=") - url.find("ticket=") - 7);
  EXPECT_EQ(get("berth_preview=" + token), 401);
  EXPECT_EQ(fetch(server().preview_port(), "GET", "/p/" + token + "/", {{"Host", "localhost"}}).status, 401);
  const auto elsewhere =
      std::to_string(app_->port() == 1 ? 2 : 1) + "--" + workspace() + "." + server().host();
  const auto other = fetch(server().port(), "GET", path_of(url), {{"Host", elsewhere}});
  EXPECT_TRUE(other.field("Set-Cookie").empty());
  // Saying private once more ends every link, and what is open by one.
  auto socket = open_socket(cookie);
  ASSERT_EQ(show("private").status, 200);
  EXPECT_TRUE(socket.wire().ends_within(at_once));
  EXPECT_NE(get(cookie), 200);
  EXPECT_TRUE(enter(url).empty());
  EXPECT_EQ(get(enter(make_link())), 200) << "a new one is good";
}

TEST_F(PortSharingTest, ALinkEndsByItself) {
  const auto refused = [&](const Json& body, const std::string& number) {
    return api("POST", "/workspaces/" + workspace() + "/ports/" + number + "/links", owner(), body).status;
  };
  EXPECT_EQ(refused({{"expires", now() - 1}}, port()), 400);
  EXPECT_EQ(refused({{"expires", now() + 48 * 3'600'000}}, port()), 400);
  for (const auto* number : {"0", "65536", "-1", "080", "x", "80%2F..", "99999999999"})
    EXPECT_EQ(refused(Json::object(), number), 400) << number;
  const auto cookie = enter(make_link({{"expires", now() + 1500}}));
  ASSERT_FALSE(cookie.empty());
  auto socket = open_socket(cookie);
  EXPECT_TRUE(socket.wire().ends_within(5s));
  EXPECT_NE(get(cookie), 200);
}

TEST_F(PortSharingTest, WhatIsNoPortOrVisibilityIsRefusedWhole) {
  const auto update = [&](const Json& ports) {
    return api("PATCH", "/workspaces/" + workspace() + "/ports", owner(), {{"ports", ports}}).status;
  };
  EXPECT_EQ(update({{"80", "public"}, {"81", "everybody"}}), 400);
  EXPECT_EQ(update({{"80", "public"}, {"0", "public"}}), 400);
  EXPECT_EQ(update({{"80", "public"}, {"+81", "public"}}), 400);
  EXPECT_EQ(update(Json::array()), 400);
  Json many = Json::object();
  for (int one = 1; one <= 101; ++one) many[std::to_string(one)] = "public";
  EXPECT_EQ(update(many), 429);
  EXPECT_TRUE(parsed(api("GET", "/workspaces/" + workspace() + "/ports", owner())).at("ports").empty());
}

TEST_F(PortSharingTest, ATakenOutEditorsPreviewEnds) {
  const auto guest = make_person("previewer");
  share(workspace(), "previewer", "editor");
  const auto cookie = cookie_of(guest);
  auto socket = open_socket(cookie);
  ASSERT_EQ(api("DELETE", "/workspaces/" + workspace() + "/members/" + account_of(guest), owner()).status,
            200);
  EXPECT_TRUE(socket.wire().ends_within(at_once));
  EXPECT_NE(get(cookie), 200);
}

}  // namespace
}  // namespace berth::test
