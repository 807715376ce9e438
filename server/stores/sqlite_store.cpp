// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/sqlite_store.hpp"

#include <soci/soci.h>

#include "server/stores/sqlite_tables.hpp"

namespace berth::server {
namespace {

class SqliteStore final : public MetadataStore {
 public:
  explicit SqliteStore(std::unique_ptr<SqliteDatabase> database) : database_(std::move(database)) {}
  AccountStore& accounts() override { return accounts_; }
  SignInStore& sign_ins() override { return sign_ins_; }
  WorkspaceStore& workspaces() override { return workspaces_; }
  SettingStore& settings() override { return settings_; }
  VersionStore& versions() override { return versions_; }
  ObjectIndex& objects() override { return objects_; }
  PackLedger& packs() override { return packs_; }
  BlobLedger& blobs() override { return blobs_; }
  Result<void> check() override {
    return database_->read<void>([](soci::session& sql) -> Result<void> {
      int version = 0;
      sql << "SELECT MAX(version) FROM migrations", soci::into(version);
      return {};
    });
  }

 private:
  std::unique_ptr<SqliteDatabase> database_;
  SqliteAccounts accounts_{*database_};
  SqliteSignIns sign_ins_{*database_};
  SqliteWorkspaces workspaces_{*database_};
  SqliteSettings settings_{*database_};
  SqliteVersions versions_{*database_};
  SqliteObjects objects_{*database_};
  SqlitePacks packs_{*database_};
  SqliteBlobs blobs_{*database_};
};

}  // namespace

Result<std::unique_ptr<MetadataStore>> open_sqlite_store(const std::filesystem::path& file) {
  auto database = SqliteDatabase::open(file);
  if (!database) return std::unexpected(database.error());
  return std::make_unique<SqliteStore>(std::move(*database));
}

}  // namespace berth::server
