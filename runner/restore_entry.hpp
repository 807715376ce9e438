// SPDX-License-Identifier: GPL-3.0-or-later
// One entry of a restore, checked: what the server says is not believed. No I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/object_id.hpp"
#include "protocol/sync_messages.hpp"
#include "protocol/tree.hpp"

namespace berth::runner {

struct WantedEntry {
  std::string path;  // bytes, relative to home, normal
  protocol::TreeEntryType type = protocol::TreeEntryType::file;
  std::uint32_t mode = 0;
  std::int64_t modified = 0;  // ns
  std::uint64_t size = 0;
  std::vector<protocol::ObjectId> chunks;
  std::string target;
  bool more = false;  // chunks of this file follow
};

/// `scope`: the path that is restored, "" for everything. The refusal names the path.
Result<WantedEntry> check_entry(const protocol::RestoreEntry& entry, std::string_view scope);

/// The chunks of `next` go on where those of `entry` ended; invalid_argument when it is not the same file.
Result<void> continue_entry(WantedEntry& entry, WantedEntry next);

/// Whether `path` is `directory` or lies below it; everything lies below "".
bool is_within(std::string_view path, std::string_view directory);

}  // namespace berth::runner
