// SPDX-License-Identifier: GPL-3.0-or-later
// The MetadataStore over either database.
#pragma once

#include <memory>

#include "server/metadata_store.hpp"

namespace berth::server {

class SqlDatabase;

/// Of a database that was opened and migrated.
std::unique_ptr<MetadataStore> make_sql_store(std::unique_ptr<SqlDatabase> database);

}  // namespace berth::server
