// SPDX-License-Identifier: GPL-3.0-or-later
// The embedded MetadataStore: one SQLite file.
#pragma once

#include <filesystem>
#include <memory>

#include "server/metadata_store.hpp"

namespace berth::server {

/// Opens or makes `file` and brings it to this release's schema. Blocks.
Result<std::unique_ptr<MetadataStore>> open_sqlite_store(const std::filesystem::path& file);

}  // namespace berth::server
