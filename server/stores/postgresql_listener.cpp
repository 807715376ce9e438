// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/postgresql_listener.hpp"

#include <libpq-fe.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "protocol/codec.hpp"

namespace berth::server {
namespace {

constexpr int between_attempts_ms = 500;
constexpr std::size_t longest_reason = 1000;  // bytes: a payload has 8000

/// An announcement on its way.
struct SentAnnouncement {
  std::string from;
  Announcement told;
};
BOOST_DESCRIBE_STRUCT(SentAnnouncement, (), (from, told))

}  // namespace

std::string announcement_text(const std::string& announcer, const Announcement& announcement) {
  SentAnnouncement sent{announcer, announcement};
  auto& reason = sent.told.reason;
  if (reason.size() > longest_reason) {
    auto end = longest_reason;
    while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0) == 0x80) --end;
    reason.resize(end);
  }
  return protocol::to_text(protocol::encode(sent));
}

PostgresqlListener::PostgresqlListener(PostgresqlSettings settings, std::string announcer,
                                       AnnouncementCallbacks callbacks)
    : settings_(std::move(settings)),
      announcer_(std::move(announcer)),
      callbacks_(std::move(callbacks)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

PostgresqlListener::~PostgresqlListener() {
  thread_.request_stop();
  const std::uint64_t one = 1;
  if (::write(wake_.get(), &one, sizeof one) < 0) spdlog::debug("listener: can't be woken");
  thread_.join();
}

bool PostgresqlListener::wait(int descriptor, int milliseconds) {
  pollfd waited[] = {{wake_.get(), POLLIN, 0}, {descriptor, POLLIN, 0}};
  return ::poll(waited, descriptor < 0 ? 1 : 2, milliseconds) != 0;
}

void PostgresqlListener::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      if (const auto connection = connect()) {
        callbacks_.missed();
        hear(connection.get(), stop);
      }
    } catch (const std::exception& error) {
      spdlog::error("database: announcements: {}", error.what());
    }
    if (!stop.stop_requested()) wait(-1, between_attempts_ms);
  }
}

std::optional<std::string> PostgresqlListener::ask(pg_conn* connection, const std::string& statement) const {
  WatchedConnection watched(::PQsocket(connection), settings_.answer);
  const WatchedConnection::Asking asking(&watched);
  const std::unique_ptr<PGresult, decltype(&::PQclear)> answer(::PQexec(connection, statement.c_str()),
                                                               &::PQclear);
  const auto status = ::PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return std::nullopt;
  return ::PQntuples(answer.get()) > 0 ? ::PQgetvalue(answer.get(), 0, 0) : "";
}

PostgresqlListener::Connection PostgresqlListener::connect() {
  Connection none(nullptr, &::PQfinish);
  const auto lost = [this](const std::string& why) {
    if (!std::exchange(told_of_loss_, true))
      spdlog::warn("database: announcements of other servers are not heard for now: {}", why);
  };
  const auto text = postgresql_connect_string(settings_);
  if (!text) {
    lost(text.error().message);
    return none;
  }
  Connection connection(::PQconnectdb(text->c_str()), &::PQfinish);
  ::PQsetNoticeProcessor(connection.get(), [](void*, const char*) {}, nullptr);
  if (::PQstatus(connection.get()) == CONNECTION_OK)
    if (const auto channel = ask(connection.get(), std::string("SELECT ") + announcement_channel))
      if (ask(connection.get(), "LISTEN \"" + *channel + "\"")) {
        if (std::exchange(told_of_loss_, false))
          spdlog::info("database: announcements of other servers are heard again");
        return connection;
      }
  std::string why = ::PQerrorMessage(connection.get());
  while (why.ends_with('\n')) why.pop_back();
  lost(why);
  return none;
}

void PostgresqlListener::hear(pg_conn* connection, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (::PQconsumeInput(connection) == 0) return;
    while (PGnotify* notify = ::PQnotifies(connection)) {
      const std::string payload = notify->extra != nullptr ? notify->extra : "";
      ::PQfreemem(notify);
      take(payload);
    }
    if (::PQstatus(connection) != CONNECTION_OK) return;
    // A server that hangs, or was replaced by another one, keeps its connections open and says nothing.
    if (!wait(::PQsocket(connection), static_cast<int>(settings_.answer.count())) &&
        !ask(connection, "SELECT 1"))
      return;
  }
}

void PostgresqlListener::take(const std::string& payload) {
  const auto json = protocol::parse_json(payload);
  if (!json) return;
  // Of a newer release it may be one that this one does not know.
  const auto sent = protocol::decode<SentAnnouncement>(*json, "announcement");
  if (sent && sent->from != announcer_) callbacks_.heard(sent->told);
}

}  // namespace berth::server
