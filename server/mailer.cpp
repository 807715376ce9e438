// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/mailer.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <ranges>

#include "protocol/codec.hpp"
#include "server/random_id.hpp"
#include "server/smtp_client.hpp"

namespace berth::server {
namespace {

constexpr const char* mail_purpose = "mail";
constexpr std::int64_t attempt_life = 120'000;  // ms after which an attempt of a server that is gone is over

}  // namespace

Mailer::Mailer(OutboxStore& outbox, const SignInSecrets& secrets, MailSettings settings, Clock clock,
               Options options)
    : outbox_(outbox),
      secrets_(secrets),
      settings_(std::move(settings)),
      clock_(std::move(clock)),
      options_(options),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Mailer::~Mailer() {
  thread_.request_stop();
  thread_.join();
}

Result<void> Mailer::post(const Mail& mail, std::int64_t worth) {
  if (!sends()) {
    spdlog::info("a mail to {} that is not sent (there is no mail_url): {}", mail.to, mail.subject);
    // Line by line: the log keeps each of its lines one line.
    for (const auto line : std::views::split(std::string_view(mail.text), '\n'))
      if (!line.empty()) spdlog::info("  {}", std::string_view(line));
    return {};
  }
  const auto now = clock_();
  const OutboxRecord row{.id = random_id(26),
                         .sealed = secrets_.seal(mail_purpose, protocol::to_text(protocol::encode(mail))),
                         .created = now,
                         .expires = now + worth,
                         .next = now,
                         .attempts = 0};
  if (auto kept = outbox_.insert(row, options_.most_waiting); !kept) return kept;
  const std::lock_guard lock(mutex_);
  posted_ = true;
  wake_.notify_one();
  return {};
}

bool Mailer::do_later(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (work_.size() >= options_.most_work) return false;
  work_.push_back(std::move(work));
  wake_.notify_one();
  return true;
}

std::function<void()> Mailer::take_work() {
  const std::lock_guard lock(mutex_);
  if (work_.empty()) return nullptr;
  auto work = std::move(work_.front());
  work_.pop_front();
  return work;
}

bool Mailer::work_waits() {
  const std::lock_guard lock(mutex_);
  return !work_.empty();
}

void Mailer::run(const std::stop_token& stop) {
  const auto guarded = [](const auto& step) {
    try {
      step();
    } catch (const std::exception& error) {
      spdlog::error("mail: {}", error.what());
    }
  };
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      if (work_.empty() && !posted_)
        wake_.wait_for(lock, stop, options_.look_every, [&] { return !work_.empty() || posted_; });
      if (work_.empty()) posted_ = false;
    }
    if (const auto work = take_work()) {
      guarded(work);
      continue;
    }
    // A mail server that hangs must not hold up what is to be written meanwhile.
    guarded([&] {
      while (sends() && !stop.stop_requested() && !work_waits() && deliver_one(stop)) {
      }
    });
  }
  // What somebody was promised; it only fills the store, from where the next server goes on.
  while (const auto work = take_work()) guarded(work);
}

/// False when there is nothing to do for now.
bool Mailer::deliver_one(const std::stop_token& stop) {
  const auto now = clock_();
  if (auto dropped = outbox_.remove_expired(now); dropped && *dropped > 0)
    spdlog::warn("{} mails were not delivered in time and are dropped", *dropped);
  const auto due = outbox_.claim(now, now + attempt_life, 1);
  if (!due) {
    spdlog::warn("mail: {} {}", due.error().message, due.error().detail);
    return false;
  }
  if (due->empty()) return false;
  const auto& row = due->front();
  Result<Mail> mail = failure(ErrorCode::internal, "sealed by another key");
  if (const auto text = secrets_.open(mail_purpose, row.sealed))
    if (const auto json = protocol::parse_json(*text)) mail = protocol::decode<Mail>(*json, "mail");
  if (!mail) {
    spdlog::warn("a mail can't be read and is dropped: {}", mail.error().message);
    static_cast<void>(outbox_.remove(row.id));
    return true;
  }
  const auto sent =
      send_mail(settings_, *mail, mail_message(*mail, settings_.from, row.id, row.created), stop);
  if (!sent && stop.stop_requested()) {
    static_cast<void>(outbox_.postpone(row.id, now));  // for the next server, at once
    return false;
  }
  settle(row, *mail, sent);
  return true;
}

void Mailer::settle(const OutboxRecord& row, const Mail& mail, const Result<void>& sent) {
  Result<void> kept;
  if (sent) {
    spdlog::debug("a mail to {} was delivered", mail.to);
    kept = outbox_.remove(row.id);
  } else if (sent.error().code == ErrorCode::invalid_argument) {
    spdlog::warn("a mail to {} is dropped: {}", mail.to, sent.error().detail);
    kept = outbox_.remove(row.id);
  } else {
    const auto doublings = std::min<std::int64_t>(row.attempts - 1, 20);
    const auto pause = std::min(options_.first_pause.count() << doublings, options_.longest_pause.count());
    const auto jitter = static_cast<std::int64_t>(randombytes_uniform(
        static_cast<std::uint32_t>(pause / 4 + 1)));  // the whole queue must not come at once
    spdlog::warn("a mail waits for another attempt: {}", sent.error().detail);
    kept = outbox_.postpone(row.id, clock_() + pause + jitter);
  }
  if (!kept) spdlog::warn("mail: {} {}", kept.error().message, kept.error().detail);
}

}  // namespace berth::server
