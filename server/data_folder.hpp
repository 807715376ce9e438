// SPDX-License-Identifier: GPL-3.0-or-later
// The data folder: private to its owner (0700), and held by one berthd at a time.
#pragma once

#include <filesystem>

#include "protocol/error.hpp"
#include "protocol/net/file_descriptor.hpp"

namespace berth::server {

/// Makes `folder` where it is missing, checks owner and mode, and takes its lock (folder/lock), which lasts
/// as long as the descriptor lives. conflict when another berthd holds it.
Result<net::FileDescriptor> take_data_folder(const std::filesystem::path& folder);

}  // namespace berth::server
