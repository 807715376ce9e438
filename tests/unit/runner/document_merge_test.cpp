// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of edits at older versions; that whole histories converge is concurrent_history_test's, in
// unit/protocol.
#include "runner/document_merge.hpp"

#include <gtest/gtest.h>

namespace berth::runner {
namespace {

using protocol::TextOperation;

TextOperation insert_at(std::int64_t position, std::int64_t length, std::string text) {
  return TextOperation().retain(position).insert(std::move(text)).retain(length - position);
}

TEST(DocumentMerge, BringsAnEditAroundAllThatCameSince) {
  DocumentMerge merge(7);
  merge.applied("a", insert_at(0, 3, "xy"));                          // "xyabc"
  merge.applied("b", TextOperation().retain(3).remove(1).retain(1));  // "xyac"
  const auto brought = merge.bring_forward(7, insert_at(3, 3, "end"));
  ASSERT_TRUE(brought);
  EXPECT_EQ(*brought->apply("xyac"), "xyacend");
  EXPECT_EQ(*merge.bring_forward(8, insert_at(5, 5, "end"))->apply("xyac"), "xyacend");
  EXPECT_EQ(*merge.bring_forward(9, insert_at(4, 4, "end"))->apply("xyac"), "xyacend");
}

TEST(DocumentMerge, PutsWhatWasAcceptedFirstFirst) {
  DocumentMerge merge(1);
  merge.applied("a", TextOperation().insert("first "));
  EXPECT_EQ(*merge.bring_forward(1, TextOperation().insert("second"))->apply("first "), "first second");
}

TEST(DocumentMerge, KnowsWhatItApplied) {
  DocumentMerge merge(1);
  EXPECT_EQ(merge.known("a"), std::nullopt);
  EXPECT_EQ(merge.applied("a", TextOperation().insert("x"), "ann"), 2u);
  EXPECT_EQ(merge.applied("", insert_at(0, 1, "from the disk"), "disk"), 3u);
  EXPECT_EQ(merge.known("a"), 2u);
  EXPECT_EQ(merge.known(""), std::nullopt);
  const auto changes = merge.changes_since(1);
  ASSERT_TRUE(changes);
  ASSERT_EQ(changes->size(), 2u);
  EXPECT_EQ(changes->front()->id, "a");
  EXPECT_EQ(changes->front()->origin, "ann");
  EXPECT_EQ(changes->back()->operation, insert_at(0, 1, "from the disk"));
  EXPECT_TRUE(merge.changes_since(3)->empty());
  EXPECT_FALSE(merge.changes_since(0));
  EXPECT_FALSE(merge.changes_since(4));
}

TEST(DocumentMerge, ForgetsWhatWasTakenBack) {
  DocumentMerge merge(1);
  merge.applied("a", TextOperation().insert("x"));
  merge.applied("b", insert_at(1, 1, "y"));
  merge.take_back();
  EXPECT_EQ(merge.version(), 2u);
  EXPECT_EQ(merge.known("b"), std::nullopt);
  EXPECT_EQ(merge.known("a"), 2u);
  EXPECT_EQ(*merge.bring_forward(1, TextOperation().insert("z"))->apply("x"), "xz");
  EXPECT_EQ(merge.applied("c", insert_at(1, 1, "w")), 3u);
}

TEST(DocumentMerge, MapsPositionsAsFarAsItIsAsked) {
  using protocol::Bias;
  using Positions = std::vector<std::int64_t>;
  DocumentMerge merge(1);
  merge.applied("a", insert_at(1, 3, "xy"));
  merge.applied("b", insert_at(0, 5, "0"));
  EXPECT_EQ(merge.map_forward(1, 3, {1, 0, 3}, Bias::before), (Positions{2, 0, 6}));
  EXPECT_EQ(merge.map_forward(1, 3, {1}, Bias::after), Positions{4});
  EXPECT_EQ(merge.map_forward(1, 2, {2}, Bias::after), Positions{4});
  EXPECT_EQ(merge.map_forward(3, 3, {2}, Bias::after), Positions{2});
  EXPECT_EQ(merge.map_forward(1, 3, {4}, Bias::after), Positions{6}) << "outside is the end";
  EXPECT_EQ(merge.map_forward(0, 3, {0}, Bias::after).error().code, ErrorCode::stale_base);
  EXPECT_EQ(merge.map_forward(1, 4, {0}, Bias::after).error().code, ErrorCode::stale_base);
}

TEST(DocumentMerge, PositionsSoFarBackThatTheyCostMuchCountAsForgotten) {
  using protocol::Bias;
  DocumentMerge merge(0);
  std::int64_t length = 0;
  for (int i = 0; i < 300; ++i) merge.applied("", insert_at(length, length, "x")), ++length;
  EXPECT_TRUE(merge.map_forward(300 - 256, 300, {0}, Bias::before));
  EXPECT_EQ(merge.map_forward(300 - 257, 300, {0}, Bias::before).error().code, ErrorCode::stale_base);
  merge.applied("", insert_at(length, length, std::string(60'000, 'y')));
  EXPECT_TRUE(merge.map_forward(300, 301, {0}, Bias::before));
  merge.applied("", insert_at(0, length + 60'000, std::string(10'000, 'z')));
  EXPECT_EQ(merge.map_forward(300, 302, {0}, Bias::before).error().code, ErrorCode::stale_base);
  EXPECT_TRUE(merge.map_forward(301, 302, {0}, Bias::before));
}

TEST(DocumentMerge, RefusesBasesItDoesNotHave) {
  DocumentMerge merge(5);
  merge.applied("a", insert_at(0, 2, "x"));
  for (const std::uint64_t base : {0u, 4u, 7u, ~0u}) {
    const auto brought = merge.bring_forward(base, insert_at(0, 2, "y"));
    ASSERT_FALSE(brought) << base;
    EXPECT_EQ(brought.error().code, ErrorCode::stale_base);
    EXPECT_EQ(brought.error().data.at("version"), "6");
  }
  EXPECT_EQ(merge.bring_forward(5, insert_at(0, 3, "y")).error().code, ErrorCode::invalid_argument);
}

TEST(DocumentMerge, ForgetsTheOldestWithinItsBounds) {
  DocumentMerge merge(0, {.operations = 10, .bytes = 10'000, .work = 1u << 20});
  for (int i = 0; i < 1000; ++i) merge.applied(std::to_string(i), insert_at(i, i, "x"));
  EXPECT_EQ(merge.kept_operations(), 10u);
  EXPECT_TRUE(merge.bring_forward(990, insert_at(0, 990, "y")));
  EXPECT_FALSE(merge.bring_forward(989, insert_at(0, 989, "y")));
  EXPECT_EQ(merge.known("990"), 991u);
  EXPECT_EQ(merge.known("989"), std::nullopt);

  merge.applied("large", insert_at(0, 1000, std::string(9'000, 'l')));
  EXPECT_LE(merge.kept_bytes(), 10'000u);
  EXPECT_GE(merge.kept_operations(), 1u);
  merge.applied("larger than all", insert_at(0, 10'000, std::string(20'000, 'l')));
  EXPECT_EQ(merge.kept_operations(), 0u);
  EXPECT_EQ(merge.kept_bytes(), 0u);
  EXPECT_FALSE(merge.bring_forward(1001, insert_at(0, 10'000, "y")));
  EXPECT_TRUE(merge.bring_forward(1002, insert_at(0, 30'000, "y")));  // the newest base needs nothing
}

TEST(DocumentMerge, RefusesAnEditWhoseWorkWouldStallOthers) {
  DocumentMerge merge(0);
  TextOperation hostile;
  std::int64_t length = 200'000;
  for (int i = 0; i < 100'000; ++i) hostile.retain(1).remove(1);
  for (int i = 0; i < 1000; ++i) merge.applied("", insert_at(0, length++, "x"));
  const auto refused = merge.bring_forward(0, hostile);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::stale_base);
  EXPECT_TRUE(merge.bring_forward(0, insert_at(7, 200'000, "an ordinary one")));
}

}  // namespace
}  // namespace berth::runner
