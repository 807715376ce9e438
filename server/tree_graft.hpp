// SPDX-License-Identifier: GPL-3.0-or-later
// A version made of two others without a home: what lies at one path of the one, put into the other. Only the
// folders on the way to the path are new objects.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/stored_object.hpp"
#include "server/version_tree.hpp"

namespace berth::server {

struct Graft {
  protocol::ObjectId root;
  std::vector<protocol::StoredObject> folders;  // new ones; each after what it names
  std::vector<protocol::ObjectId> named;        // everything else that they name
};

/// The version `into` with `path` (normal, not "") as it is in `from`; both are of `trees`' owner. What
/// `into` has there is replaced, as is what stands in the way; a folder on the way that `into` lacks is made
/// as it is in `from`. not_found when `from` has no such path; `internal` when a listing on the way is
/// damaged. Blocks.
Result<Graft> graft_path(const VersionTree& trees, const protocol::ObjectId& into,
                         const protocol::ObjectId& from, std::string_view path);

}  // namespace berth::server
