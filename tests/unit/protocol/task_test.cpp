// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/net/task.hpp"

#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <future>

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

Task<void> wait_quietly_for_ever(bool& ended) {
  struct Mark {
    bool& flag;
    ~Mark() { flag = true; }
  } mark{ended};
  for (;;) {  // a task that takes an error of its timer for the timer's end
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

/// Tells whether one shutdown ends a task that is spawned by `spawn` before the group's thread runs, so that
/// the shutdown, asked for earlier, finds it without a first step.
bool ends_before_its_first_step(const std::function<void(TaskGroup&)>& spawn) {
  asio::io_context context;
  int errors = 0;
  TaskGroup group(context.get_executor(), [&](std::exception_ptr) { ++errors; });
  bool all_ended = false;
  asio::co_spawn(
      context, [&]() -> Task<void> { all_ended = co_await group.shutdown(std::chrono::seconds(5)); },
      asio::detached);
  spawn(group);
  const auto began = std::chrono::steady_clock::now();
  context.run();
  return all_ended && errors == 1 && group.size() == 0 &&
         std::chrono::steady_clock::now() - began < std::chrono::seconds(2);
}

TEST(TaskGroup, ShutdownIsNotLostOnATaskBeforeItsFirstStep) {
  bool first = false, second = false, third = false;
  EXPECT_TRUE(ends_before_its_first_step([&](TaskGroup& group) { group.spawn(wait_for_ever(first)); }));
  EXPECT_TRUE(
      ends_before_its_first_step([&](TaskGroup& group) { group.spawn(wait_quietly_for_ever(second)); }));
  EXPECT_TRUE(ends_before_its_first_step(
      [&](TaskGroup& group) { group.spawn([&third] { return wait_for_ever(third); }); }));
  EXPECT_FALSE(first || second || third) << "none was begun";
}

TEST(TaskGroup, ShutdownReachesATaskWhoseFirstStepIsOnAWorker) {
  asio::io_context context;
  asio::thread_pool pool(1);
  int errors = 0;
  TaskGroup group(context.get_executor(), [&](std::exception_ptr) { ++errors; });
  bool ended = false, all_ended = false;
  std::promise<void> begun, release;
  asio::co_spawn(
      context,
      [&]() -> Task<void> {
        group.spawn([&]() -> Task<void> {
          co_await offload(pool, [&] {
            begun.set_value();
            release.get_future().wait();
          });
          co_await wait_quietly_for_ever(ended);
        });
        begun.get_future().wait();
        asio::post(context, [&] { release.set_value(); });  // after the cancellation
        all_ended = co_await group.shutdown(std::chrono::seconds(5));
      },
      asio::detached);
  context.run();
  EXPECT_TRUE(all_ended);
  EXPECT_EQ(errors, 1);
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
