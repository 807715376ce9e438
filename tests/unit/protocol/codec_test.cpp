// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/codec.hpp"

#include <gtest/gtest.h>

#include "protocol/messages.hpp"

namespace berth::protocol {
namespace {

Result<TerminalOpen::Params> open_from(const char* text) {
  return decode<TerminalOpen::Params>(*parse_json(text), "terminal/open");
}

TEST(Codec, RoundTripsAStruct) {
  TerminalOpen::Params params{
      80, 24, "project", std::nullopt, std::map<std::string, std::string>{{"A", "b"}}, std::nullopt};
  const auto json = encode(params);
  EXPECT_EQ(to_text(json), R"({"columns":80,"cwd":"project","environment":{"A":"b"},"rows":24})");
  const auto back = decode<TerminalOpen::Params>(json, "terminal/open");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->cwd, "project");
  EXPECT_EQ(back->environment->at("A"), "b");
  EXPECT_FALSE(back->command);
}

TEST(Codec, NamesTheFieldOfAWrongType) {
  EXPECT_EQ(open_from(R"({"columns":"x","rows":24})").error().message, "terminal/open.columns: not a number");
  EXPECT_EQ(open_from(R"({"columns":80})").error().message, "terminal/open.rows: missing");
  EXPECT_EQ(open_from(R"({"columns":80,"rows":1.5})").error().message,
            "terminal/open.rows: not a whole number");
  EXPECT_EQ(open_from(R"({"columns":80,"rows":24,"environment":{"A":1}})").error().message,
            "terminal/open.environment.A: not a string");
  EXPECT_EQ(open_from("[]").error().message, "terminal/open: not an object");
}

TEST(Codec, RefusesNumbersOutOfRange) {
  EXPECT_EQ(open_from(R"({"columns":99999999999,"rows":24})").error().message,
            "terminal/open.columns: out of range");
  EXPECT_EQ(decode<std::uint16_t>(Json(-1), "port").error().message, "port: out of range");
}

TEST(Codec, IgnoresUnknownFields) { EXPECT_TRUE(open_from(R"({"columns":80,"rows":24,"later":true})")); }

TEST(Codec, ReadsEnumsByName) {
  EXPECT_EQ(*decode<Role>(Json("editor"), "role"), Role::editor);
  EXPECT_EQ(decode<Role>(Json("god"), "role").error().message, "role: not one of the known values");
}

TEST(Codec, RefusesHostileNesting) {
  EXPECT_FALSE(parse_json(std::string(100000, '[')));
  EXPECT_TRUE(
      parse_json(R"({"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["})"));
}

TEST(Codec, RefusesBrokenUtf8InJson) { EXPECT_FALSE(parse_json("\"\xC3\x28\"")); }

TEST(Codec, ReadsOperations) {
  const auto operation = decode<TextOperation>(*parse_json(R"([3,"x",-2])"), "operation");
  ASSERT_TRUE(operation);
  EXPECT_EQ(*operation->apply("abcde"), "abcx");
  EXPECT_FALSE(decode<TextOperation>(*parse_json("[0]"), "operation"));
  EXPECT_FALSE(decode<TextOperation>(*parse_json(R"([""])"), "operation"));
  EXPECT_FALSE(decode<TextOperation>(*parse_json("[1e300]"), "operation"));
  EXPECT_FALSE(decode<TextOperation>(*parse_json("[9223372036854775807,9223372036854775807]"), "operation"));
  EXPECT_FALSE(decode<TextOperation>(*parse_json("[-9223372036854775808]"), "operation"));
}

TEST(JsonRpc, TellsRequestsFromNotifications) {
  const auto request = decode_incoming(*parse_json(R"({"jsonrpc":"2.0","id":1,"method":"session/ping"})"));
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->id);
  EXPECT_TRUE(request->params.is_object());
  EXPECT_FALSE(decode_incoming(*parse_json(R"({"jsonrpc":"2.0","method":"a/b"})"))->id);
  EXPECT_FALSE(decode_incoming(*parse_json(R"({"id":1,"method":"a/b"})")));
  EXPECT_FALSE(decode_incoming(*parse_json(R"({"jsonrpc":"2.0","id":[],"method":"a/b"})")));
}

TEST(JsonRpc, CarriesErrorsWithoutTheirDetail) {
  Error error{ErrorCode::conflict, "The file changed.", "secret", {{"actual_etag", "b"}}};
  const auto text = error_text(7, error);
  EXPECT_EQ(text.find("secret"), text.npos);
  const auto reply = decode_reply(*parse_json(text));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->id, 7);
  ASSERT_FALSE(reply->result);
  EXPECT_EQ(reply->result.error().code, ErrorCode::conflict);
  EXPECT_EQ(reply->result.error().data.at("actual_etag"), "b");
}

}  // namespace
}  // namespace berth::protocol
