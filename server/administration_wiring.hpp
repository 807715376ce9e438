// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the administrators' parts, and what else asks what an account may have.
#pragma once

#include <cstdint>

#include "server/metadata_store.hpp"

namespace berth::server {

struct Application;

/// Once there are accounts and workspaces. `port`: the one that is listened on.
void wire_administration(Application& application, std::uint16_t port);

/// What an account may have beside what the settings say. permission_denied while it has to confirm its
/// e-mail address first. Blocks.
Result<AccountQuota> quota_of(Application& application, const std::string& account);

/// Bytes of stored versions, 0: no limit. Blocks.
std::uint64_t storage_quota_of(Application& application, const std::string& owner);

}  // namespace berth::server
