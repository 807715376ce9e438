// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http_message.hpp"

#include <gtest/gtest.h>

#include "server/http_range.hpp"
#include "server/origins.hpp"

namespace berth::server {
namespace {

TEST(Target, PathAndQueryAreTakenApart) {
  HttpRequest request;
  ASSERT_TRUE(parse_target("/api/v1/x%20y?path=a%2Fb+c&empty=&flag&path=second#part", request));
  EXPECT_EQ(request.path, "/api/v1/x%20y");
  EXPECT_EQ(request.query.at("path"), "a/b c");
  EXPECT_EQ(request.query.at("empty"), "");
  EXPECT_EQ(request.query.at("flag"), "");
}

TEST(Target, HostileOnesAreRefused) {
  for (const std::string target : {"", "x", "http://other/", "*", "/a%", "/a%2", "/a%zz", "/%00", "/a?b=%00",
                                   "/a b", "/a\x7f", "/a\r\nb"}) {
    HttpRequest request;
    EXPECT_FALSE(parse_target(target, request)) << target;
  }
  HttpRequest request;
  EXPECT_FALSE(parse_target("/" + std::string(9000, 'a'), request));
}

TEST(Target, SegmentsAreDecodedOneByOne) {
  EXPECT_EQ(split_path("/a/b%2Fc/"), (std::vector<std::string>{"a", "b/c", ""}));
}

TEST(Headers, AreFoundInAnyCase) {
  const Headers headers{{"Content-TYPE", "x"}};
  EXPECT_EQ(find_header(headers, "content-type"), "x");
  EXPECT_EQ(find_header(headers, "content"), "");
}

TEST(Range, FormsOfTheRfc) {
  const auto range = [](std::string_view header) { return parse_range(header, 100).value(); };
  EXPECT_EQ(range("bytes=0-9")->length, 10u);
  EXPECT_EQ(range("bytes=90-")->first, 90u);
  EXPECT_EQ(range("bytes=-5")->first, 95u);
  EXPECT_EQ(range("bytes=-500")->length, 100u);
  EXPECT_EQ(range("bytes=50-5000")->length, 50u);
  for (const auto* whole :
       {"", "bytes=", "bytes=a-b", "bytes=5-4", "lines=1-2", "bytes=0-1,5-6", "bytes=1-2x"})
    EXPECT_FALSE(range(whole)) << whole;
}

TEST(Range, OutsideIsAnError) {
  EXPECT_FALSE(parse_range("bytes=100-", 100));
  EXPECT_FALSE(parse_range("bytes=-0", 100));
  EXPECT_FALSE(parse_range("bytes=0-", 0));
}

TEST(Etag, ListsWeakOnesAndStar) {
  EXPECT_TRUE(matches_etag("\"a\", \"b\"", "b"));
  EXPECT_TRUE(matches_etag("W/\"b\"", "b"));
  EXPECT_TRUE(matches_etag("*", "b"));
  EXPECT_FALSE(matches_etag("\"bb\", b", "b"));
  EXPECT_FALSE(matches_etag("", "b"));
}

TEST(Origins, WithoutPublicUrlOnlyLoopbackNamesAndAddressesAreServed) {
  const Origins origins("", {});
  for (const auto* host :
       {"localhost:7070", "localhost", "127.0.0.1:7070", "[::1]:7070", "192.168.1.4:7070", "LOCALHOST:7070"})
    EXPECT_TRUE(origins.answers_for(host)) << host;
  for (const auto* host : {"", "evil.example:7070", "localhost.evil.example", "127.0.0.1.evil.example",
                           "[x]:1", "3000--ws.localhost:7070"})
    EXPECT_FALSE(origins.answers_for(host)) << host;
}

TEST(Origins, AnOriginIsOwnOnlyForTheSameHostAndPort) {
  const Origins origins("", {});
  EXPECT_TRUE(origins.is_own("http://localhost:7070", "localhost:7070"));
  for (const auto* origin : {"http://localhost:7071", "https://localhost:7070",
                             "http://3000--ws.localhost:7070", "null", "", "http://evil.example"})
    EXPECT_FALSE(origins.is_own(origin, "localhost:7070")) << origin;
  EXPECT_FALSE(origins.is_own("http://evil.example", "evil.example"));
}

TEST(Origins, APublicUrlIsAnswered) {
  const Origins origins("https://IDE.example.org/", {"https://other.example"});
  EXPECT_TRUE(origins.https());
  EXPECT_TRUE(origins.answers_for("ide.example.org"));
  EXPECT_TRUE(origins.is_own("https://ide.example.org", "ide.example.org"));
  EXPECT_FALSE(origins.is_own("http://ide.example.org", "ide.example.org"));
  EXPECT_TRUE(origins.cors_allows("https://other.example"));
  EXPECT_FALSE(origins.cors_allows("https://another.example"));
}

TEST(ErrorResponse, HidesTheDetailAndSaysWhenToRetry) {
  const auto response =
      error_response({ErrorCode::limit_exceeded, "Wait.", "secret detail", {{"retry_after", "7"}}});
  EXPECT_EQ(response.status, http_status(ErrorCode::limit_exceeded));
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
  EXPECT_EQ(find_header(response.headers, "retry-after"), "7");
}

}  // namespace
}  // namespace berth::server
