// SPDX-License-Identifier: GPL-3.0-or-later
// Mails on their way: kept in the store until a mail server has taken them, so that nobody waits for one and
// none is lost with a server. Where no mail server is configured, mails are written to the log.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "server/clock.hpp"
#include "server/identity_store.hpp"
#include "server/mail.hpp"
#include "server/sign_in_secrets.hpp"
#include "server/sign_in_settings.hpp"

namespace berth::server {

class Mailer {
 public:
  struct Options {
    std::chrono::milliseconds look_every{5'000};   // for those that wait, also of servers that are gone
    std::chrono::milliseconds first_pause{5'000};  // after an attempt that failed; doubles
    std::chrono::milliseconds longest_pause{900'000};
    std::int64_t most_waiting = 10'000;  // mails
    std::size_t most_work = 1'000;       // pieces of do_later
  };

  /// The store and the secrets outlive it.
  Mailer(OutboxStore& outbox, const SignInSecrets& secrets, MailSettings settings, Clock clock,
         Options options);
  /// Ends an attempt under way; what is not delivered stays in the store, and what do_later() took is done
  /// first.
  ~Mailer();

  /// False where mails are only logged.
  bool sends() const { return !settings_.url.empty(); }

  /// Blocks as the store does, not for the mail server. Not delivered within `worth` ms: it is dropped, and
  /// the log says so. limit_exceeded when too many wait.
  Result<void> post(const Mail& mail, std::int64_t worth);

  /// Runs on the mailer's thread, soon: for what must not show in the time that an answer takes. False when
  /// too much waits.
  bool do_later(std::function<void()> work);

 private:
  void run(const std::stop_token& stop);
  std::function<void()> take_work();
  bool work_waits();
  bool deliver_one(const std::stop_token& stop);
  void settle(const OutboxRecord& row, const Mail& mail, const Result<void>& sent);

  OutboxStore& outbox_;
  const SignInSecrets& secrets_;
  const MailSettings settings_;
  const Clock clock_;
  const Options options_;
  std::mutex mutex_;  // guards the next two
  std::condition_variable_any wake_;
  std::deque<std::function<void()>> work_;
  bool posted_ = true;  // what a server before left
  std::jthread thread_;
};

}  // namespace berth::server
