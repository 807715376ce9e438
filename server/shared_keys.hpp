// SPDX-License-Identifier: GPL-3.0-or-later
// The server's secrets where several servers are one to their people: all sign with the same key and seal
// with the same key, or do not start.
#pragma once

#include "server/config.hpp"
#include "server/metadata_store.hpp"
#include "server/server_keys.hpp"
#include "server/storage_key.hpp"

namespace berth::server {

/// Of the mounted file where the configuration names one. Otherwise of the data folder's server.key, made
/// where there is none. With `shared` (PostgreSQL) the first server of a database puts its seed there, and
/// all others take it from there, unless a file is named: then the database only remembers which key it is.
/// conflict when the file holds another key than the other servers'.
Result<ServerKeys> load_keys(const Config& config, SettingStore* shared);

/// As load_storage_sealing, of the mounted file where the configuration names one. conflict when other
/// servers of `shared` seal with another key.
Result<StorageSealing> load_sealing(const Config& config, SettingStore* shared);

/// Names this data folder, the same at every start.
Result<std::string> place_of_folder(const std::filesystem::path& folder);

}  // namespace berth::server
