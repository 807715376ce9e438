// SPDX-License-Identifier: GPL-3.0-or-later
// The coroutine type of everything that waits, the group that owns spawned ones, and the way to a worker
// thread and back.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <concepts>
#include <exception>
#include <functional>
#include <list>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace berth::net {

namespace asio = boost::asio;

template <class T>
using Task = asio::awaitable<T>;

/// Owns the tasks spawned on one executor (one thread): nothing is detached, shutdown cancels and waits for
/// all. An exception that leaves a task ends that task only and goes to `on_error`; a cancelled task ends
/// with a system_error of operation_aborted there. Must outlive its tasks: await shutdown(), from outside the
/// group.
class TaskGroup {
 public:
  using OnError = std::function<void(std::exception_ptr)>;
  TaskGroup(asio::any_io_executor executor, OnError on_error)
      : executor_(std::move(executor)),
        idle_(executor_, asio::steady_timer::time_point::max()),
        on_error_(std::move(on_error)) {}
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Call on the executor's thread: the task runs at once up to its first wait. After shutdown began it is
  /// dropped unstarted.
  void spawn(Task<void> task) { start(std::move(task)); }

  /// The same for a callable that returns the task; it is kept as long as the task, so a lambda may have
  /// captures.
  template <std::invocable Function>
    requires std::same_as<std::invoke_result_t<Function>, Task<void>>
  void spawn(Function function) {
    start(std::move(function));
  }

  std::size_t size() const { return signals_.size(); }

  /// Cancels every task and waits until all have ended or `deadline` has passed; true when all have ended.
  Task<bool> shutdown(std::chrono::milliseconds deadline) {
    closing_ = true;
    for (auto it = signals_.begin(); it != signals_.end();) (it++)->emit(asio::cancellation_type::all);
    const auto until = std::chrono::steady_clock::now() + deadline;
    while (!signals_.empty() && std::chrono::steady_clock::now() < until) {
      idle_.expires_at(until);
      boost::system::error_code ignored;
      co_await idle_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    co_return signals_.empty();
  }

 private:
  template <class Start>
  void start(Start task) {
    if (closing_) return;
    const auto signal = signals_.emplace(signals_.end());
    asio::co_spawn(executor_, std::move(task),
                   asio::bind_cancellation_slot(signal->slot(), [this, signal](std::exception_ptr error) {
                     signals_.erase(signal);
                     if (error && on_error_) on_error_(error);
                     if (signals_.empty()) idle_.cancel();
                   }));
  }

  asio::any_io_executor executor_;
  asio::steady_timer idle_;
  OnError on_error_;
  std::list<asio::cancellation_signal> signals_;
  bool closing_ = false;
};

/// Runs blocking `work` (SQL, libcurl, file trees) on `pool` and resumes on the caller's executor with its
/// result, or with what it threw. Work that was begun can't be cancelled: a cancelled caller resumes when it
/// is done and is told by its next wait. `work` may refer to the caller's frame. Join the pool before the
/// caller's io_context is destroyed.
template <class Work>
auto offload(asio::thread_pool& pool, Work work) -> Task<std::invoke_result_t<Work&>> {
  using Value = std::invoke_result_t<Work&>;
  std::optional<std::conditional_t<std::is_void_v<Value>, std::monostate, Value>> value;
  std::exception_ptr error;
  const auto initiate = [&](auto handler) {
    auto executor =
        asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
    asio::post(pool, [&, executor = std::move(executor), handler = std::move(handler)]() mutable {
      try {
        if constexpr (std::is_void_v<Value>) {
          work();
        } else {
          value.emplace(work());
        }
      } catch (...) {
        error = std::current_exception();
      }
      asio::post(executor, std::move(handler));
    });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(initiate, asio::use_awaitable);
  if (error) std::rethrow_exception(error);
  if constexpr (!std::is_void_v<Value>) co_return std::move(*value);
}

}  // namespace berth::net
