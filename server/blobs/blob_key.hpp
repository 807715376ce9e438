// SPDX-License-Identifier: GPL-3.0-or-later
// Which names a blob may have (server/blob_store.hpp), so that each is a path below a folder, a part of a URL
// and an S3 key without any encoding. Pure.
#pragma once

#include <string_view>

#include "protocol/error.hpp"

namespace berth::server {

inline constexpr std::size_t longest_blob_key = 512;

/// [a-z0-9/._-], no empty part, none that begins with '.', at most 512 bytes.
bool is_blob_key(std::string_view key);

/// invalid_argument for what is no key: a fault of the caller, never of a person.
Result<void> require_blob_key(std::string_view key);

}  // namespace berth::server
