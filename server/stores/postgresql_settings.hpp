// SPDX-License-Identifier: GPL-3.0-or-later
// Which PostgreSQL database, and how patient with it. A password is never part of a message nor of a log
// line.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "protocol/error.hpp"

namespace berth::server {

struct PostgresqlSettings {
  /// "postgresql://user@host:5432/database?sslmode=verify-full": all that libpq takes, TLS too. What it does
  /// not say comes from libpq's own environment (PGSSLROOTCERT, PGPASSFILE, …).
  std::string url;
  std::string password = {};                    // "": the URL's, or libpq's own ways (PGPASSWORD, ~/.pgpass)
  std::filesystem::path password_file = {};     // its first line; read at each connection, so it may change
  int connections = 8;                          // the most that are open at a time
  std::chrono::milliseconds statement{30'000};  // after which the database gives up a statement; 0: never
  std::chrono::milliseconds answer{10'000};     // to come, after that time; the connection is given up then
  std::chrono::milliseconds wait{10'000};       // for a free connection
  std::chrono::milliseconds patience{5'000};    // with a database that went away, before a call fails
  std::chrono::milliseconds persistence{20'000};  // with transactions that others got in the way of
};

/// True for what open_postgresql… takes, false for anything else.
bool is_postgresql_url(const std::string& text);

/// True when the URL holds a password: it may not stand on a command line, which everybody can read.
bool has_password(const std::string& url);

/// invalid_argument when the URL can't be understood.
Result<void> check_postgresql_url(const std::string& url);

/// "postgresql://user@host:5432/database", without password and options.
std::string describe_postgresql(const std::string& url);

/// What libpq connects with: the URL's options, the password, and Berth's own defaults where it says nothing.
Result<std::string> postgresql_connect_string(const PostgresqlSettings& settings);

}  // namespace berth::server
