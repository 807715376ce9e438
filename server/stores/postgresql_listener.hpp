// SPDX-License-Identifier: GPL-3.0-or-later
// Hears what other servers announce: a connection of its own that LISTENs, on a thread of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "protocol/net/file_descriptor.hpp"
#include "server/announcements.hpp"
#include "server/stores/answer_deadline.hpp"
#include "server/stores/postgresql_settings.hpp"

struct pg_conn;

namespace berth::server {

/// What is sent of an announcement: JSON, with who made it.
std::string announcement_text(const std::string& announcer, const Announcement& announcement);

/// The channel's name as an expression; several stores may share a database, each in a schema.
inline constexpr const char* announcement_channel = "'berth_' || hashtext(COALESCE(current_schema(), ''))";

class PostgresqlListener final : public AnnouncementListener {
 public:
  /// Begins at once. Whenever it begins to hear (also after its connection broke), `missed` is called.
  PostgresqlListener(PostgresqlSettings settings, std::string announcer, AnnouncementCallbacks callbacks);
  ~PostgresqlListener() override;

 private:
  using Connection = std::unique_ptr<pg_conn, void (*)(pg_conn*)>;
  void run(const std::stop_token& stop);
  Connection connect();
  /// Until the connection breaks or it is to stop.
  void hear(pg_conn* connection, const std::stop_token& stop);
  void take(const std::string& payload);
  /// False when nothing came in time.
  bool wait(int descriptor, int milliseconds);
  std::optional<std::string> ask(pg_conn* connection, const std::string& statement) const;

  const PostgresqlSettings settings_;
  const std::string announcer_;
  const AnnouncementCallbacks callbacks_;
  net::FileDescriptor wake_;
  bool told_of_loss_ = false;
  std::jthread thread_;
};

}  // namespace berth::server
