// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/answer_deadline.hpp"

#include <sys/socket.h>

namespace berth::server {
namespace {

constexpr std::chrono::milliseconds between_answer_looks{250};

std::int64_t steady_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

WatchedConnection::WatchedConnection(int socket, std::chrono::milliseconds longest)
    : socket_(socket), longest_(longest.count()), asked_since_(0) {
  AnswerDeadline::shared().add(*this);
}

WatchedConnection::~WatchedConnection() { AnswerDeadline::shared().remove(*this); }

void WatchedConnection::end_within(std::chrono::milliseconds longest) {
  allow(longest);
  asked_since_ = steady_milliseconds();
}

WatchedConnection::Asking::Asking(WatchedConnection* connection) : connection_(connection) {
  if (connection_ != nullptr) connection_->asked_since_ = steady_milliseconds();
}

WatchedConnection::Asking::~Asking() {
  if (connection_ != nullptr) connection_->asked_since_ = 0;
}

AnswerDeadline& AnswerDeadline::shared() {
  static AnswerDeadline one;
  return one;
}

void AnswerDeadline::add(WatchedConnection& connection) {
  const std::lock_guard lock(mutex_);
  watched_.insert(&connection);
  if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  wake_.notify_all();
}

void AnswerDeadline::remove(WatchedConnection& connection) {
  const std::lock_guard lock(mutex_);  // its socket stays open until it is no longer looked at
  watched_.erase(&connection);
}

void AnswerDeadline::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (watched_.empty())
      wake_.wait(lock, stop, [this] { return !watched_.empty(); });
    else
      wake_.wait_for(lock, stop, between_answer_looks, [] { return false; });
    for (auto* connection : watched_) look_at(*connection);
  }
}

void AnswerDeadline::look_at(WatchedConnection& connection) {
  auto since = connection.asked_since_.load();
  const auto longest = connection.longest_.load();
  if (since == 0 || longest <= 0 || steady_milliseconds() - since < longest) return;
  // Once: libpq closes the socket of a connection that broke, and its number may be somebody else's then.
  if (!connection.asked_since_.compare_exchange_strong(since, 0)) return;
  // One that answers in this very moment is broken, too, and opened anew at its next use.
  ::shutdown(connection.socket_, SHUT_RDWR);
}

}  // namespace berth::server
