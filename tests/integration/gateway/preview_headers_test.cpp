// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/preview_headers.hpp"

#include <gtest/gtest.h>

#include "server/access_token.hpp"
#include "server/server_keys.hpp"

namespace berth::server {
namespace {

namespace http = boost::beast::http;

const PreviewRoute host_form{3000,
                             "http://3000--abcdefgh23.localhost:7070",
                             "3000--abcdefgh23.localhost:7070",
                             "",
                             "http://localhost:7070",
                             false};
const PreviewRoute path_form{3000,     "http://localhost:7071", "localhost:7071",
                             "/p/cap", "http://localhost:7070", false};

http::request_header<> request(std::initializer_list<std::pair<const char*, std::string>> fields) {
  http::request_header<> out;
  out.method(http::verb::get);
  out.target("/x?y=1");
  for (const auto& [name, value] : fields) out.insert(name, value);
  return out;
}

http::response_header<> response(std::initializer_list<std::pair<const char*, std::string>> fields) {
  http::response_header<> out;
  out.result(200);
  for (const auto& [name, value] : fields) out.insert(name, value);
  return out;
}

TEST(PreviewRequest, NamesTheHostThatDevelopmentServersAccept) {
  const auto out = to_program(
      request({{"Host", host_form.host}, {"X-Forwarded-Host", "evil.test"}, {"Forwarded", "for=1"}}),
      host_form, false);
  EXPECT_EQ(out["Host"], "localhost:3000");
  EXPECT_EQ(out["X-Forwarded-Host"], host_form.host);
  EXPECT_EQ(out.count("X-Forwarded-Host"), 1u);
  EXPECT_EQ(out["X-Forwarded-Proto"], "http");
  EXPECT_EQ(out.count("Forwarded"), 0u);
  EXPECT_EQ(out.target(), "/x?y=1");
}

TEST(PreviewRequest, RewritesOriginAndRefererOfThePreviewItself) {
  auto out = to_program(request({{"Origin", host_form.origin}, {"Referer", host_form.origin + "/page?q"}}),
                        host_form, true);
  EXPECT_EQ(out["Origin"], "http://localhost:3000");
  EXPECT_EQ(out["Referer"], "http://localhost:3000/page?q");
  EXPECT_EQ(out.count("X-Forwarded-Host"), 0u) << "programs compare it with Origin";
  out = to_program(request({{"Origin", "http://evil.test"}, {"Referer", host_form.origin + ".evil.test/"}}),
                   host_form, false);
  EXPECT_EQ(out["Origin"], "http://evil.test");
  EXPECT_EQ(out["Referer"], host_form.origin + ".evil.test/");
  EXPECT_EQ(to_program(request({{"Origin", "null"}}), path_form, true)["Origin"], "http://localhost:3000");
  EXPECT_EQ(to_program(request({{"Origin", "null"}}), host_form, true)["Origin"], "null");
}

TEST(PreviewRequest, KeepsOurSecretsAndLeavesTheProgramsOwn) {
  const auto keys = derive_server_keys({});
  const auto token = sign_access_token("account", "sign_in", 1, keys.access.secret_key);
  auto out = to_program(request({{"Cookie", "berth_access=1; app=2; berth_preview=3"},
                                 {"Cookie", "berth_refresh=4"},
                                 {"Authorization", "Bearer " + token},
                                 {"Berth-Client", "native"}}),
                        host_form, false);
  EXPECT_EQ(out["Cookie"], "app=2");
  EXPECT_EQ(out.count("Cookie"), 1u);
  EXPECT_EQ(out.count("Authorization"), 0u);
  EXPECT_EQ(out.count("Berth-Client"), 0u);
  EXPECT_EQ(to_program(request({{"Authorization", "Berth x.y"}}), host_form, false).count("Authorization"),
            0u);
  EXPECT_EQ(to_program(request({{"Authorization", "bearer  berth_pat_abc_def"}}), host_form, false)
                .count("Authorization"),
            0u);
  EXPECT_EQ(
      to_program(request({{"Authorization", "Bearer app.own.token"}}), host_form, false)["Authorization"],
      "Bearer app.own.token");
  EXPECT_EQ(to_program(request({{"Authorization", "Basic dTpw"}}), host_form, false)["Authorization"],
            "Basic dTpw");
}

TEST(PreviewRequest, DropsWhatBelongsToOneConnection) {
  auto out = to_program(request({{"Connection", "keep-alive, X-Hop"},
                                 {"X-Hop", "1"},
                                 {"Keep-Alive", "5"},
                                 {"TE", "trailers"},
                                 {"Upgrade", "h2c"},
                                 {"Transfer-Encoding", "chunked"},
                                 {"Proxy-Authorization", "x"},
                                 {"Expect", "100-continue"}}),
                        host_form, false);
  for (const auto* gone :
       {"X-Hop", "Keep-Alive", "TE", "Upgrade", "Transfer-Encoding", "Proxy-Authorization"})
    EXPECT_EQ(out.count(gone), 0u) << gone;
  EXPECT_EQ(out["Connection"], "close");
  EXPECT_EQ(out["Expect"], "100-continue");
  out = to_program(request({{"Connection", "Upgrade"}, {"Upgrade", "websocket"}, {"Sec-WebSocket-Key", "k"}}),
                   host_form, true);
  EXPECT_EQ(out["Connection"], "Upgrade");
  EXPECT_EQ(out["Upgrade"], "websocket");
  EXPECT_EQ(out["Sec-WebSocket-Key"], "k");
}

TEST(PreviewRequest, LosesThePathFormsPrefixAndCookies) {
  auto in = request({{"Cookie", "app=2"}});
  in.target("/p/cap/a/b?c");
  const auto out = to_program(in, path_form, false);
  EXPECT_EQ(out.target(), "/a/b?c");
  EXPECT_EQ(out.count("Cookie"), 0u);
}

TEST(PreviewAnswer, LeadsRedirectsBackToThePreview) {
  for (const auto* base : {"http://localhost:3000", "http://127.0.0.1:3000", "https://localhost:3000",
                           "http://[::1]:3000", "http://0.0.0.0:3000"})
    EXPECT_EQ(to_browser(response({{"Location", std::string(base) + "/a?b"}}), host_form, false)["Location"],
              host_form.origin + "/a?b");
  for (const auto* other :
       {"http://localhost:30001/a", "http://localhost/a", "http://evil.test/", "/a", "a", "//evil.test/"})
    EXPECT_EQ(to_browser(response({{"Location", other}}), host_form, false)["Location"], other);
  EXPECT_EQ(to_browser(response({{"Location", "http://localhost:3000"}}), path_form, false)["Location"],
            "http://localhost:7071/p/cap/");
  EXPECT_EQ(to_browser(response({{"Location", "/a"}}), path_form, false)["Location"], "/p/cap/a");
  EXPECT_EQ(to_browser(response({{"Location", "//evil.test/"}}), path_form, false)["Location"],
            "//evil.test/");
}

TEST(PreviewAnswer, ConfinesCookiesToThisHost) {
  const auto out = to_browser(response({{"Set-Cookie", "a=1; Domain=localhost; Path=/"},
                                        {"Set-Cookie", "b=domain=x;DOMAIN = .localhost"},
                                        {"Set-Cookie", "berth_preview=forged"},
                                        {"Set-Cookie", " berth_access=forged"}}),
                              host_form, false);
  std::vector<std::string> cookies;
  for (auto [at, end] = out.equal_range("Set-Cookie"); at != end; ++at) cookies.emplace_back(at->value());
  EXPECT_EQ(cookies, (std::vector<std::string>{"a=1; Path=/", "b=domain=x"}));
  EXPECT_EQ(to_browser(response({{"Set-Cookie", "a=1"}}), path_form, false).count("Set-Cookie"), 0u);
}

TEST(PreviewAnswer, MayBeFramedByTheIdeOnly) {
  const auto out =
      to_browser(response({{"X-Frame-Options", "DENY"}, {"Content-Security-Policy", "default-src 'self'"}}),
                 host_form, false);
  EXPECT_EQ(out.count("X-Frame-Options"), 0u);
  EXPECT_EQ(out.count("Content-Security-Policy"), 2u);
  EXPECT_NE(std::string(std::next(out.equal_range("Content-Security-Policy").first)->value())
                .find("http://localhost:7070"),
            std::string::npos);
}

TEST(PreviewAnswer, IsSandboxedInThePathForm) {
  const auto out =
      to_browser(response({{"Content-Security-Policy", "sandbox allow-same-origin allow-scripts"},
                           {"Access-Control-Allow-Origin", "http://x"},
                           {"Access-Control-Allow-Credentials", "true"}}),
                 path_form, false);
  bool sandboxed = false;
  for (auto [at, end] = out.equal_range("Content-Security-Policy"); at != end; ++at)
    if (at->value() == "sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads")
      sandboxed = true;
  EXPECT_TRUE(sandboxed) << "as a policy of its own, so that the program's can only narrow it";
  EXPECT_EQ(out["Access-Control-Allow-Origin"], "*");
  EXPECT_EQ(out.count("Access-Control-Allow-Credentials"), 0u);
  EXPECT_EQ(out["Referrer-Policy"], "no-referrer");
}

}  // namespace
}  // namespace berth::server
