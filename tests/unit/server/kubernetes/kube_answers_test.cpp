// SPDX-License-Identifier: GPL-3.0-or-later
// What an API server's answers mean, without a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/backends/kubernetes/kube_answers.hpp"

namespace berth::server::kubernetes {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string status_text(int code, const std::string& reason, const std::string& message) {
  return protocol::to_text(
      {{"kind", "Status"}, {"status", "Failure"}, {"code", code}, {"reason", reason}, {"message", message}});
}

TEST(KubePaths, NameCollectionsAndObjects) {
  EXPECT_EQ(path_of(pods, "team"), "/api/v1/namespaces/team/pods");
  EXPECT_EQ(path_of(pods, "team", "a"), "/api/v1/namespaces/team/pods/a");
  EXPECT_EQ(path_of(network_policies, "team"), "/apis/networking.k8s.io/v1/namespaces/team/networkpolicies");
  EXPECT_EQ(path_of(namespaces, "", "team"), "/api/v1/namespaces/team");
  EXPECT_EQ(percent_escaped("a=b,c d/é"), "a%3Db%2Cc%20d%2F%C3%A9");
}

TEST(KubePaths, TakeNoNameThatLeadsElsewhere) {
  for (const char* name : {"a", "berth-abc", "a.b.c", "0"}) EXPECT_TRUE(is_object_name(name)) << name;
  for (const char* name : {"", "-a", "a-", "A", "a/b", "..", "a..b", ".", "a b", "a%2f", "a?x", "é"})
    EXPECT_FALSE(is_object_name(name)) << name;
  EXPECT_FALSE(is_object_name(std::string(254, 'a')));
}

TEST(KubeStatus, BecomesAnErrorWithTheServersOwnWords) {
  const std::tuple<int, const char*, const char*, ErrorCode> cases[] = {
      {400, "BadRequest", "no", ErrorCode::invalid_argument},
      {401, "Unauthorized", "no", ErrorCode::unauthenticated},
      {403, "Forbidden", "pods is forbidden", ErrorCode::permission_denied},
      {403, "Forbidden", "exceeded quota: compute", ErrorCode::limit_exceeded},
      {404, "NotFound", "no", ErrorCode::not_found},
      {409, "AlreadyExists", "no", ErrorCode::already_exists},
      {409, "Conflict", "no", ErrorCode::conflict},
      {410, "Expired", "no", ErrorCode::stale_base},
      {422, "Invalid", "spec.x: wrong", ErrorCode::invalid_argument},
      {429, "TooManyRequests", "no", ErrorCode::unavailable},
      {500, "InternalError", "no", ErrorCode::unavailable},
      {503, "ServiceUnavailable", "no", ErrorCode::unavailable}};
  for (const auto& [code, reason, message, expected] : cases) {
    const auto error = error_of_status(code, status_text(code, reason, message), "create the Pod a");
    EXPECT_EQ(error.code, expected) << code << reason;
    EXPECT_EQ(error.data.at("reason"), reason);
    EXPECT_THAT(error.detail, HasSubstr(message));
  }
  EXPECT_EQ(error_of_status(422, status_text(422, "Invalid", "spec.x: wrong"), "create the Pod a").message,
            "Kubernetes refused to create the Pod a: spec.x: wrong");
}

TEST(KubeStatus, IsMadeSafe) {
  const auto error = error_of_status(
      422, status_text(422, "Invalid", "one\r\ntwo\x1b[31m " + std::string(5'000, 'x')), "apply it");
  EXPECT_THAT(error.message, HasSubstr("one two [31m"));
  EXPECT_THAT(error.message, Not(HasSubstr("\n")));
  EXPECT_THAT(error.message, Not(HasSubstr("\x1b")));
  EXPECT_LT(error.message.size(), 400u);
  // Cut between characters, so that it stays UTF-8.
  const auto cut = readable_message(std::string(299, 'a') + "éé");
  EXPECT_EQ(cut, std::string(299, 'a') + "…");
}

TEST(KubeStatus, ABodyThatIsNoStatusIsAnErrorAllTheSame) {
  const auto proxy = error_of_status(502, "<html>Bad Gateway</html>", "read the Pod a");
  EXPECT_EQ(proxy.code, ErrorCode::unavailable);
  EXPECT_THAT(proxy.detail, HasSubstr("Bad Gateway"));
  EXPECT_EQ(error_of_status(404, "", "read the Pod a").message, "Kubernetes refused to read the Pod a.");
}

TEST(RetryAfter, ComesFromTheHeaderOrTheStatusAndIsBounded) {
  EXPECT_EQ(retry_after_of("3", ""), 3s);
  EXPECT_EQ(retry_after_of("100000", ""), 60s);
  EXPECT_EQ(retry_after_of("-5", ""), 0s);
  EXPECT_EQ(retry_after_of("Wed, 21 Oct 2026 07:28:00 GMT", ""), 0s);
  EXPECT_EQ(retry_after_of("", R"({"kind":"Status","details":{"retryAfterSeconds":7}})"), 7s);
  EXPECT_EQ(retry_after_of("", R"({"kind":"Status","details":{"retryAfterSeconds":99999999999}})"), 60s);
  EXPECT_EQ(retry_after_of("", R"({"kind":"Status","details":[]})"), 0s);
}

std::vector<std::string> lines_of(LineSplitter& splitter, std::initializer_list<std::string_view> pieces) {
  std::vector<std::string> lines;
  for (const auto piece : pieces)
    EXPECT_TRUE(splitter.feed(piece, [&](std::string_view line) {
      lines.emplace_back(line);
      return true;
    }));
  return lines;
}

TEST(LineSplitter, PutsLinesTogetherHoweverTheyCome) {
  LineSplitter splitter(100);
  EXPECT_THAT(lines_of(splitter, {"one\ntw", "", "o", "\n\n\nthree\nfo"}),
              ElementsAre("one", "two", "three"));
  EXPECT_THAT(lines_of(splitter, {"ur\n"}), ElementsAre("four"));
}

TEST(LineSplitter, RefusesALineThatIsTooLong) {
  const auto take = [](std::string_view) { return true; };
  LineSplitter splitter(10);
  EXPECT_TRUE(splitter.feed("0123456789\n01234", take));
  EXPECT_FALSE(splitter.feed("567890", take));
  LineSplitter whole(10);
  EXPECT_FALSE(whole.feed("01234567890\n", take));
}

TEST(LineSplitter, StopsWhereItIsTold) {
  LineSplitter splitter(10);
  int lines = 0;
  EXPECT_FALSE(splitter.feed("a\nb\nc\n", [&](std::string_view) { return ++lines < 2; }));
  EXPECT_EQ(lines, 2);
}

TEST(WatchEvent, IsReadWithItsPlace) {
  const auto added = parse_watch_event(R"({"type":"ADDED","object":{"metadata":{"resourceVersion":"7"}}})");
  ASSERT_TRUE(added);
  EXPECT_EQ(added->type, WatchEventType::added);
  EXPECT_EQ(added->resource_version, "7");
  EXPECT_EQ(parse_watch_event(R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}})")->type,
            WatchEventType::bookmark);
  EXPECT_EQ(parse_watch_event(R"({"type":"ERROR","object":{"kind":"Status","code":410}})")->type,
            WatchEventType::expired);
  EXPECT_EQ(parse_watch_event(R"({"type":"ERROR","object":{"kind":"Status","code":500}})")->type,
            WatchEventType::error);
}

TEST(WatchEvent, WhatIsNoneIsRefused) {
  for (const char* line : {"", "{", "[]", "5", R"({"type":"ADDED"})", R"({"type":"ADDED","object":[]})",
                           R"({"type":"ADDED","object":{}})",
                           R"({"type":"OTHER","object":{"metadata":{"resourceVersion":"1"}}})",
                           R"({"type":5,"object":{"metadata":{"resourceVersion":"1"}}})"})
    EXPECT_FALSE(parse_watch_event(line)) << line;
}

}  // namespace
}  // namespace berth::server::kubernetes
