// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/net/task.hpp"

#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace berth::net {
namespace {

Task<void> wait_for_ever(bool& ended) {
  struct Mark {
    bool& flag;
    ~Mark() { flag = true; }
  } mark{ended};
  asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
  co_await timer.async_wait(asio::use_awaitable);
}

TEST(TaskGroup, ShutdownCancelsAndWaitsForEveryTask) {
  asio::io_context context;
  int errors = 0;
  TaskGroup group(context.get_executor(), [&](std::exception_ptr) { ++errors; });
  bool first = false, second = false, all_ended = false;
  group.spawn(wait_for_ever(first));
  group.spawn(wait_for_ever(second));
  asio::co_spawn(
      context,
      [&]() -> Task<void> {
        co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        all_ended = co_await group.shutdown(std::chrono::seconds(5));
      },
      asio::detached);
  context.run();
  EXPECT_TRUE(first && second && all_ended);
  EXPECT_EQ(errors, 2);  // both ended by operation_aborted
}

TEST(TaskGroup, AFailingTaskEndsAlone) {
  asio::io_context context;
  int errors = 0;
  TaskGroup group(context.get_executor(), [&](std::exception_ptr) { ++errors; });
  group.spawn([]() -> Task<void> {
    throw std::runtime_error("no");
    co_return;
  }());
  bool ran = false;
  group.spawn([](bool& flag) -> Task<void> {
    flag = true;
    co_return;
  }(ran));
  context.run();
  EXPECT_EQ(errors, 1);
  EXPECT_TRUE(ran);
  EXPECT_EQ(group.size(), 0u);
}

TEST(Offload, ReturnsTheWorkersResultOnTheCallersThread) {
  asio::io_context context;
  asio::thread_pool pool(1);
  std::thread::id worker, caller;
  int answer = 0;
  asio::co_spawn(
      context,
      [&]() -> Task<void> {
        answer = co_await offload(pool, [&] {
          worker = std::this_thread::get_id();
          return 42;
        });
        caller = std::this_thread::get_id();
      },
      asio::detached);
  context.run();
  EXPECT_EQ(answer, 42);
  EXPECT_TRUE(caller == std::this_thread::get_id());
  EXPECT_TRUE(worker != caller);
}

}  // namespace
}  // namespace berth::net
