// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/path_locks.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <thread>
#include <vector>

namespace berth::server {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// Takes the path, lets others run `rounds` times, and lets go.
net::Task<void> change(PathLocks& locks, std::string path, int& inside, int& most, int& done, int rounds) {
  auto hold = co_await locks.take(path);
  if (!hold) co_return;
  most = std::max(most, ++inside);
  for (int i = 0; i < rounds; ++i) co_await asio::post(asio::use_awaitable);
  --inside;
  ++done;
}

TEST(PathLocks, OnePathIsChangedByOneAtATimeAndAnotherPathMeanwhile) {
  asio::io_context io;
  PathLocks locks;
  int inside = 0, most = 0, done = 0, elsewhere = 0, most_elsewhere = 0, done_elsewhere = 0;
  for (int i = 0; i < 20; ++i)
    asio::co_spawn(io, change(locks, "/a", inside, most, done, 10), asio::detached);
  asio::co_spawn(io, change(locks, "/b", elsewhere, most_elsewhere, done_elsewhere, 1), asio::detached);
  while (done_elsewhere == 0 && io.run_one() > 0) {
  }
  EXPECT_LT(done, 20) << "who changes something else does not wait";
  io.run();
  EXPECT_EQ(done, 20);
  EXPECT_EQ(most, 1);
  EXPECT_EQ(locks.size(), 0u) << "nothing is remembered";
}

TEST(PathLocks, ManyThreadsTakeTurns) {
  constexpr int threads = 4, each = 200;
  PathLocks locks;
  int inside = 0, most = 0, done = 0;  // no atomics: the lock is what keeps them apart
  std::vector<std::jthread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back([&] {
      asio::io_context io;
      for (int k = 0; k < each; ++k)
        asio::co_spawn(io, change(locks, "/a", inside, most, done, 3), asio::detached);
      io.run();
    });
  all.clear();
  EXPECT_EQ(done, threads * each);
  EXPECT_EQ(most, 1);
  EXPECT_EQ(locks.size(), 0u);
}

TEST(PathLocks, WhoWaitsTooLongIsToldSoAndLeavesTheQueue) {
  asio::io_context io;
  PathLocks locks(20ms);
  std::optional<PathLocks::Hold> first;
  ErrorCode told{};
  asio::co_spawn(
      io,
      [&]() -> net::Task<void> {
        auto taken = co_await locks.take("/a");
        first.emplace(std::move(*taken));
        const auto second = co_await locks.take("/a");
        told = second ? ErrorCode{} : second.error().code;
      },
      asio::detached);
  io.run();
  EXPECT_EQ(told, ErrorCode::unavailable);
  first.reset();
  EXPECT_EQ(locks.size(), 0u) << "nobody was handed what nobody waits for";
}

}  // namespace
}  // namespace berth::server
