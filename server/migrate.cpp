// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/migrate.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "server/data_folder.hpp"
#include "server/maintenance.hpp"
#include "server/metadata_copy.hpp"
#include "server/opened_metadata.hpp"
#include "server/stores/postgresql_database.hpp"
#include "server/stores/sqlite_database.hpp"

namespace berth::server {
namespace {

const std::string sqlite_place = "sqlite:";

/// A database that nobody else uses for as long as this lives.
struct HeldDatabase {
  net::FileDescriptor lock;  // of the SQLite file's folder
  std::unique_ptr<SqlDatabase> database;
};

Result<PostgresqlSettings> settings_of(const Config& config, const std::string& place,
                                       const std::string& flag, const std::filesystem::path& password_file) {
  if (auto known = check_postgresql_url(place); !known)
    return failure(ErrorCode::invalid_argument, flag + ": " + known.error().message);
  if (has_password(place))
    return failure(ErrorCode::invalid_argument,
                   flag + ": everybody on this machine could read the password; use " + flag +
                       "-password-file or PGPASSWORD");
  auto settings = config.database;
  settings.url = place;
  settings.connections = 2;
  if (!password_file.empty()) {
    settings.password.clear();
    settings.password_file = password_file;
  }
  return settings;
}

Result<std::filesystem::path> file_of(const Config& config, const std::string& place,
                                      const std::string& flag) {
  if (place == "sqlite") return config.data / sqlite_file_name;
  if (!place.starts_with(sqlite_place))
    return failure(ErrorCode::invalid_argument,
                   flag + ": must be sqlite, sqlite:FILE or postgresql://user@host:5432/database");
  const auto file = std::filesystem::absolute(place.substr(sqlite_place.size()));
  std::error_code ignored;
  return std::filesystem::is_directory(file, ignored) ? file / sqlite_file_name : file;
}

/// The lock of a berthd that serves from the folder; a folder without one is nobody's.
Result<net::FileDescriptor> lock_served(const std::filesystem::path& folder) {
  net::FileDescriptor lock(::open((folder / "lock").c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!lock && errno == ENOENT) return lock;
  if (!lock)
    return failure(ErrorCode::unavailable,
                   "Whether a berthd uses the data folder " + folder.string() +
                       " can't be told, its lock can't be opened: " + std::strerror(errno) +
                       ". Run this as the user that berthd runs as.");
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return failure(ErrorCode::conflict,
                   "A berthd uses the data folder " + folder.string() + "; stop it first.");
  return lock;
}

Result<HeldDatabase> open_source(const Config& config, const MigrateChoice& choice) {
  HeldDatabase held;
  if (is_postgresql_url(choice.from)) {
    const auto settings = settings_of(config, choice.from, "--from", choice.from_password_file);
    if (!settings) return std::unexpected(settings.error());
    auto database = PostgresqlDatabase::open(*settings, PostgresqlDatabase::Purpose::copy);
    if (!database) return std::unexpected(database.error());
    held.database = std::move(*database);
    return held;
  }
  const auto file = file_of(config, choice.from, "--from");
  if (!file) return std::unexpected(file.error());
  auto lock = lock_served(file->parent_path());
  if (!lock) return std::unexpected(lock.error());
  held.lock = std::move(*lock);
  auto database = SqliteDatabase::open_to_read(*file);
  if (!database) return std::unexpected(database.error());
  held.database = std::move(*database);
  return held;
}

Result<HeldDatabase> open_target(const Config& config, const MigrateChoice& choice) {
  HeldDatabase held;
  if (is_postgresql_url(choice.to)) {
    const auto settings = settings_of(config, choice.to, "--to", choice.to_password_file);
    if (!settings) return std::unexpected(settings.error());
    auto database = PostgresqlDatabase::open(*settings, PostgresqlDatabase::Purpose::alone);
    if (!database) return std::unexpected(database.error());
    held.database = std::move(*database);
    return held;
  }
  const auto file = file_of(config, choice.to, "--to");
  if (!file) return std::unexpected(file.error());
  auto lock = take_data_folder(file->parent_path());
  if (!lock) return std::unexpected(lock.error());
  held.lock = std::move(*lock);
  auto database = SqliteDatabase::open(*file);
  if (!database) return std::unexpected(database.error());
  held.database = std::move(*database);
  return held;
}

}  // namespace

MigrateChoice with_whole_paths(MigrateChoice choice) {
  for (auto* place : {&choice.from, &choice.to})
    if (place->starts_with(sqlite_place))
      *place = sqlite_place + std::filesystem::absolute(place->substr(sqlite_place.size())).string();
  for (auto* file : {&choice.from_password_file, &choice.to_password_file})
    if (!file->empty()) *file = std::filesystem::absolute(*file);
  return choice;
}

Result<int> run_migrate(const Config& config, const MigrateChoice& choice) {
  auto from = open_source(config, choice);
  if (!from) return std::unexpected(from.error());
  auto to = open_target(config, choice);
  if (!to) return std::unexpected(to.error());
  const auto copied = copy_metadata(*from->database, *to->database);
  if (!copied) return std::unexpected(copied.error());
  for (const auto& [table, rows] : copied->rows)
    std::printf("%s: %llu\n", table.c_str(), static_cast<unsigned long long>(rows));
  std::printf("%llu rows went from %s to %s and were compared; the source is as it was\n",
              static_cast<unsigned long long>(copied->all), from->database->describe().c_str(),
              to->database->describe().c_str());
  return maintenance_good;
}

}  // namespace berth::server
