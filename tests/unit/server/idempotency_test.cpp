// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that are sent again, over a real store: what is told again, what is done again, and what nobody
// does again because it may have been done.
#include "server/idempotency.hpp"

#include "harness.hpp"
#include "server/stores/sqlite_store.hpp"
#include "server/unknown_outcome.hpp"

namespace berth::server {
namespace {

class IdempotencyTest : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  boost::asio::thread_pool pool{1};
  testing::HandClock clock;
  std::unique_ptr<MetadataStore> store = std::move(*open_sqlite_store(folder.path() / "berth.sqlite"));
  SignInSecrets secrets{{7}};
  Idempotency idempotency{store->named_requests(), secrets, pool, clock};
  int works = 0;

  static HttpRequest request(const std::string& body = "{}", const std::string& key = "key") {
    return {.method = "POST",
            .path = "/api/v1/things",
            .query = {},
            .headers = {{"Idempotency-Key", key}},
            .body = body,
            .body_stream = nullptr,
            .content_length = {},
            .address = {}};
  }
  Idempotency::Answer ask(const HttpRequest& asked, Result<HttpResponse> outcome) {
    return testing::await(io, idempotency.once(asked, "ann", [&]() -> net::Task<Result<HttpResponse>> {
      ++works;
      if (outcome) co_return json_response(outcome->status, outcome->body);
      co_return std::unexpected(outcome.error());
    }));
  }
  Idempotency::Answer ask(Result<HttpResponse> outcome) { return ask(request(), std::move(outcome)); }
  static HttpResponse good(const std::string& body = R"({"secret":"shown once"})") {
    return json_response(200, body);
  }
  static std::optional<ErrorCode> code(const Idempotency::Answer& answer) {
    return answer.response ? std::nullopt : std::optional(answer.response.error().code);
  }
};

TEST_F(IdempotencyTest, AnAnswerIsToldAgainAndLiesSealedMeanwhile) {
  const auto first = ask(good());
  ASSERT_TRUE(first.response);
  EXPECT_TRUE(first.worked);
  const auto again = ask(good("another"));
  ASSERT_TRUE(again.response);
  EXPECT_FALSE(again.worked);
  EXPECT_EQ(again.response->body, R"({"secret":"shown once"})");
  EXPECT_EQ(find_header(again.response->headers, "Idempotent-Replayed"), "true");
  EXPECT_EQ(works, 1);
  const auto hash = secrets.hash("request", "POST /api/v1/things\n{}");
  const auto kept = store->named_requests().begin({"ann", "key", hash}, clock(), clock() + 1);
  ASSERT_EQ(kept->state, KnownRequest::answered);
  EXPECT_FALSE(kept->answer.contains("secret"));
  EXPECT_FALSE(kept->answer.contains("shown once"));
}

TEST_F(IdempotencyTest, AKeyIsOfOneRequest) {
  ask(good());
  EXPECT_EQ(code(ask(request(R"({"other":1})"), good())), ErrorCode::invalid_argument);
  auto elsewhere = request();
  elsewhere.query["dry"] = "1";
  EXPECT_EQ(code(ask(elsewhere, good())), ErrorCode::invalid_argument) << "the query is of the request, too";
  EXPECT_EQ(code(ask(request("{}", "a b"), good())), ErrorCode::invalid_argument);
  EXPECT_EQ(works, 1);
}

TEST_F(IdempotencyTest, WhatWasRefusedMayBeTriedAgain) {
  for (const auto refusal : {ErrorCode::invalid_argument, ErrorCode::permission_denied,
                             ErrorCode::limit_exceeded, ErrorCode::unavailable})
    EXPECT_EQ(code(ask(failure(refusal, "No."))), refusal);
  EXPECT_EQ(works, 4);
  EXPECT_TRUE(ask(good()).worked);
}

TEST_F(IdempotencyTest, WhatMayHaveBeenDoneIsNotDoneAgainForADay) {
  const std::vector<Error> unclear{may_have_happened({ErrorCode::unavailable, "It went away.", {}, {}}),
                                   {ErrorCode::timeout, "No answer.", {}, {}},
                                   {ErrorCode::internal, "Broken.", {}, {}}};
  int number = 0;
  for (const auto& error : unclear) {
    const auto asked = request("{}", "key" + std::to_string(++number));
    EXPECT_EQ(code(ask(asked, std::unexpected(error))), error.code) << "the first hears what happened";
    const auto again = ask(asked, good());
    EXPECT_EQ(code(again), ErrorCode::conflict);
    EXPECT_FALSE(again.worked);
    EXPECT_TRUE(again.response.error().message.contains("look before you repeat"));
    EXPECT_EQ(works, number);
  }
  *clock.now += answer_kept_for;
  EXPECT_TRUE(ask(request("{}", "key1"), good()).worked);
}

TEST_F(IdempotencyTest, WorkThatBreaksOrNeverEndsIsInDoubt) {
  const auto breaking = [&] {
    testing::await(io, idempotency.once(request(), "ann", []() -> net::Task<Result<HttpResponse>> {
      throw std::runtime_error("broken");
      co_return good();
    }));
  };
  EXPECT_THROW(breaking(), std::runtime_error);
  EXPECT_EQ(code(ask(good())), ErrorCode::conflict);
  // As a server that is killed leaves it, and one that ends while it works.
  const auto ending = [&] {
    testing::await(io,
                   idempotency.once(request("{}", "ended"), "ann", []() -> net::Task<Result<HttpResponse>> {
                     throw boost::system::system_error(boost::asio::error::operation_aborted);
                     co_return good();
                   }));
  };
  EXPECT_THROW(ending(), boost::system::system_error);
  EXPECT_EQ(code(ask(request("{}", "ended"), good())), ErrorCode::unavailable) << "perhaps it still works";
  *clock.now += request_under_way_for;
  EXPECT_EQ(code(ask(request("{}", "ended"), good())), ErrorCode::conflict);
  EXPECT_EQ(works, 0);
}

TEST_F(IdempotencyTest, WhatCantBeToldAgainIsNotDoneAgain) {
  EXPECT_TRUE(ask(good(std::string(100'000, 'a'))).response);
  EXPECT_EQ(code(ask(good())), ErrorCode::conflict) << "too long to be kept";
  const auto asked = request("{}", "old");
  EXPECT_TRUE(ask(asked, good()).response);
  const SignInSecrets others{{8}};
  Idempotency elsewhere{store->named_requests(), others, pool, clock};
  const auto told = testing::await(
      io, elsewhere.once(asked, "ann", []() -> net::Task<Result<HttpResponse>> { co_return good(); }));
  EXPECT_FALSE(told.worked) << "of another seed";
  EXPECT_EQ(works, 2);
}

}  // namespace
}  // namespace berth::server
