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

TextOperation operation_of(const Json& wire) { return decode<TextOperation>(wire, "operation").value(); }

/// The vector's answer under `name`, or a refusal where it says why ("error").
void expect_operation(const Json& vector, const char* name, const Result<TextOperation>& operation) {
  ASSERT_EQ(operation.has_value(), !vector.contains("error")) << vector.dump();
  if (operation) {
    EXPECT_EQ(encode(*operation), vector[name]) << vector.dump();
  }
}

TEST(Vectors, TextOperationsOnTexts) {
  const auto vectors = load("text_operations.json");
  for (const auto& vector : vectors["wire"])
    expect_operation(vector, "normal", decode<TextOperation>(vector["wire"], "operation"));
  for (const auto& vector : vectors["apply"]) {
    const auto operation = operation_of(vector["operation"]);
    const auto before = vector["before"].get<std::string>();
    const auto applied = operation.apply(before);
    EXPECT_EQ(operation.fits(before).has_value(), applied.has_value()) << vector.dump();
    ASSERT_EQ(applied.has_value(), !vector.contains("error")) << vector.dump();
    if (applied) {
      EXPECT_EQ(*applied, vector["after"].get<std::string>());
    }
  }
  for (const auto& vector : vectors["invert"])
    expect_operation(vector, "inverse",
                     operation_of(vector["operation"]).invert(vector["before"].get<std::string>()));
  for (const auto& vector : vectors["difference"])
    EXPECT_EQ(encode(TextOperation::difference(vector["before"].get<std::string>(),
                                               vector["after"].get<std::string>())),
              vector["operation"]);
}

TEST(Vectors, TextOperationsTogether) {
  const auto vectors = load("text_operations.json");
  for (const auto& vector : vectors["compose"])
    expect_operation(vector, "both", operation_of(vector["first"]).compose(operation_of(vector["second"])));
  for (const auto& vector : vectors["transform"]) {
    const auto moved = transform(operation_of(vector["mine"]), operation_of(vector["theirs"]));
    ASSERT_EQ(moved.has_value(), !vector.contains("error")) << vector.dump();
    if (!moved) continue;
    EXPECT_EQ(encode(moved->mine), vector["mine_after"]) << vector.dump();
    EXPECT_EQ(encode(moved->theirs), vector["theirs_after"]) << vector.dump();
  }
  for (const auto& vector : vectors["overlapping"])
    EXPECT_EQ(overlapping(operation_of(vector["mine"]), operation_of(vector["theirs"])), vector["overlap"])
        << vector.dump();
  for (const auto& vector : vectors["map_position"]) {
    const auto bias = vector["bias"] == "before" ? Bias::before : Bias::after;
    const auto mapped =
        operation_of(vector["operation"]).map_position(vector["position"].get<std::int64_t>(), bias);
    ASSERT_EQ(mapped.has_value(), !vector.contains("error")) << vector.dump();
    if (mapped) {
      EXPECT_EQ(*mapped, vector["mapped"].get<std::int64_t>()) << vector.dump();
    }
  }
}

}  // namespace
}  // namespace berth::protocol
