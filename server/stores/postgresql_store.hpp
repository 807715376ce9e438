// SPDX-License-Identifier: GPL-3.0-or-later
// The MetadataStore that many replicas of berthd share: a PostgreSQL database.
#pragma once

#include <memory>

#include "server/metadata_store.hpp"
#include "server/stores/postgresql_settings.hpp"

namespace berth::server {

/// Opens the database and brings it to this release's schema. Blocks. unavailable when it can't be reached,
/// conflict while another command of berthd has it for itself.
Result<std::unique_ptr<MetadataStore>> open_postgresql_store(const PostgresqlSettings& settings);

}  // namespace berth::server
