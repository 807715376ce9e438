// SPDX-License-Identifier: GPL-3.0-or-later
// `berthd admin teams`: what it shows, and what it does beside what an account of either kind is done to.
#pragma once

#include <string>

#include "server/metadata_store.hpp"

namespace berth::server {

/// By its id, or its name where one team alone has it; conflict where several have.
Result<AccountRecord> find_team(MetadataStore& store, const std::string& subject);
Result<int> list_teams(MetadataStore& store, const std::string& text);
/// The team, who is in it, its templates.
Result<int> show_team(MetadataStore& store, const std::string& subject);
/// Adds the person, or raises a member: for a team whose owners have gone.
Result<void> make_team_owner(MetadataStore& store, const std::string& team, const std::string& account);

}  // namespace berth::server
