// SPDX-License-Identifier: GPL-3.0-or-later
// The golden vectors that TypeScript's tests read too.
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "protocol/codec.hpp"
#include "protocol/frame.hpp"
#include "protocol/messages.hpp"
#include "protocol/sync_messages.hpp"

namespace berth::protocol {
namespace {

Json load(const std::string& name) {
  std::ifstream in(std::string(BERTH_VECTORS) + "/" + name);
  return Json::parse(in);
}

std::string from_hex(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

template <class T>
void expect_round_trip(const Json& json, const std::string& what) {
  const auto value = decode<T>(json, what);
  ASSERT_TRUE(value) << value.error().message;
  EXPECT_EQ(encode(*value), json) << what;
}

TEST(Vectors, EveryMessageHasOneAndItRoundTrips) {
  const auto vectors = load("messages.json");
  boost::mp11::mp_for_each<
      boost::mp11::mp_transform<std::type_identity, boost::mp11::mp_append<Requests, SyncRequests>>>(
      [&]<class M>(std::type_identity<M>) {
        const std::string method(M::method);
        ASSERT_TRUE(vectors["requests"].contains(method)) << method << " has no golden vector";
        expect_round_trip<typename M::Params>(vectors["requests"][method]["params"], method);
        expect_round_trip<typename M::Result>(vectors["requests"][method]["result"], method + " result");
      });
  boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, Notifications>>(
      [&]<class M>(std::type_identity<M>) {
        const std::string method(M::method);
        ASSERT_TRUE(vectors["notifications"].contains(method)) << method << " has no golden vector";
        expect_round_trip<typename M::Params>(vectors["notifications"][method], method);
      });
}

TEST(Vectors, Frames) {
  for (const auto& vector : load("frames.json")) {
    const auto bytes = from_hex(vector["hex"]);
    const auto frame = decode_frame(bytes);
    if (vector.contains("error")) {
      EXPECT_FALSE(frame) << vector.dump();
      continue;
    }
    ASSERT_TRUE(frame) << vector.dump();
    EXPECT_EQ(static_cast<int>(frame->header.kind), vector["kind"].get<int>());
    EXPECT_EQ(frame->header.deflated, vector["deflated"].get<bool>());
    EXPECT_EQ(frame->header.channel, vector["channel"].get<std::uint32_t>());
    EXPECT_EQ(frame->header.offset, vector["offset"].get<std::uint64_t>());
    EXPECT_EQ(encode_frame(frame->header, frame->payload), bytes);
  }
}

TEST(Vectors, TextOperations) {
  const auto vectors = load("text_operations.json");
  for (const auto& vector : vectors["apply"]) {
    const auto operation = decode<TextOperation>(vector["operation"], "operation");
    ASSERT_TRUE(operation);
    const auto applied = operation->apply(vector["before"].get<std::string>());
    if (vector.contains("error")) {
      EXPECT_FALSE(applied) << vector.dump();
    } else {
      ASSERT_TRUE(applied) << vector.dump();
      EXPECT_EQ(*applied, vector["after"].get<std::string>());
    }
  }
  for (const auto& vector : vectors["compose"]) {
    const auto composed = decode<TextOperation>(vector["first"], "first")
                              ->compose(*decode<TextOperation>(vector["second"], "second"));
    ASSERT_TRUE(composed) << vector.dump();
    EXPECT_EQ(encode(*composed), vector["both"]);
  }
  for (const auto& vector : vectors["difference"])
    EXPECT_EQ(encode(TextOperation::difference(vector["before"].get<std::string>(),
                                               vector["after"].get<std::string>())),
              vector["operation"]);
}

}  // namespace
}  // namespace berth::protocol
