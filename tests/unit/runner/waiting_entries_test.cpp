// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/waiting_entries.hpp"

#include <gtest/gtest.h>

namespace berth::runner {
namespace {

using protocol::ObjectId;

const ObjectId one = ObjectId::of("one"), two = ObjectId::of("two"), three = ObjectId::of("three");

WantedEntry file(const std::string& path, std::vector<ObjectId> chunks) {
  WantedEntry entry;
  entry.path = path;
  entry.chunks = std::move(chunks);
  return entry;
}

std::vector<std::string> paths(const std::vector<WantedEntry>& entries) {
  std::vector<std::string> paths;
  for (const auto& entry : entries) paths.push_back(entry.path);
  return paths;
}

TEST(WaitingEntries, an_entry_is_complete_with_the_last_chunk_that_it_lacked) {
  WaitingEntries waiting;
  waiting.add(file("a", {one, two, one}), {one, two});
  waiting.add(file("b", {two}), {two});
  waiting.add(file("c", {two, three}), {three});  // `two` lies in the home
  EXPECT_EQ(waiting.chunks(), 6u);
  EXPECT_TRUE(waiting.take_complete(ObjectId::of("nobody's")).empty());
  EXPECT_EQ(paths(waiting.take_complete(two)), (std::vector<std::string>{"b"}));
  EXPECT_TRUE(waiting.take_complete(two).empty()) << "it came twice";
  EXPECT_EQ(paths(waiting.take_complete(one)), (std::vector<std::string>{"a"}));
  EXPECT_FALSE(waiting.uses(one));
  EXPECT_TRUE(waiting.uses(two)) << "c is not in place yet";
  EXPECT_EQ(paths(waiting.take_complete(three)), (std::vector<std::string>{"c"}));
  EXPECT_FALSE(waiting.uses(two));
  EXPECT_EQ(waiting.size() + waiting.chunks(), 0u);
}

TEST(WaitingEntries, what_never_came_is_taken_in_the_order_of_its_announcement) {
  WaitingEntries waiting;
  waiting.add(file("z", {one}), {one});
  const auto here = waiting.add(file("here", {two}), {});
  waiting.add(file("a", {one, three}), {one, three});
  EXPECT_EQ(waiting.take(here).path, "here");
  EXPECT_EQ(paths(waiting.take_all()), (std::vector<std::string>{"z", "a"}));
  EXPECT_FALSE(waiting.uses(one));
  EXPECT_TRUE(waiting.take_complete(one).empty());
  EXPECT_EQ(waiting.size() + waiting.chunks(), 0u);
}

}  // namespace
}  // namespace berth::runner
