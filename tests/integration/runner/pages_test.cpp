// SPDX-License-Identifier: GPL-3.0-or-later
// Files beyond what a document holds, through a real runner.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "memory_of.hpp"
#include "runner_client.hpp"

namespace berth::test {
namespace {

using namespace protocol;

TEST(RunnerPages, a_file_of_half_a_gigabyte_is_read_in_constant_memory) {
  const RunnerProcess runner;
  runner.write_file("big.log", "first line\n");
  {
    std::ofstream out(runner.home() / "big.log", std::ios::app);
    const std::string block = [] {
      std::string text;
      while (text.size() < (1u << 20)) text += "another line of the log\n";
      return text;
    }();
    for (int i = 0; i < 512; ++i) out << block;
    out << "last line\n";
  }
  const auto size = std::filesystem::file_size(runner.home() / "big.log");
  RunnerClient client(runner);
  const auto before = memory_of(runner.pid());
  const auto opened = client.must<DocumentOpen>({"big.log", {}, {}, {}, {}, {}, {}});
  EXPECT_TRUE(opened.paged.value_or(false));
  EXPECT_TRUE(opened.read_only);
  EXPECT_EQ(opened.reason, ReadOnlyReason::size);
  EXPECT_FALSE(opened.text || opened.channel);
  EXPECT_EQ(opened.length, size);
  client.must<DocumentClose>({opened.document});
  EXPECT_TRUE(client.must<DocumentPage>({"big.log", 0, {}, {}}).text.starts_with("first line\n"));
  for (std::uint64_t at = 0; at < size; at += size / 40) client.must<DocumentPage>({"big.log", at, {}, {}});
  const auto end = client.must<DocumentPage>({"big.log", size - 1, 1024, {}});
  EXPECT_EQ(end.text, "last line\n");
  EXPECT_EQ(end.next, size);
  EXPECT_LT(memory_of(runner.pid()) - before, 12'000) << "KiB";
}

}  // namespace
}  // namespace berth::test
