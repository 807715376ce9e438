// SPDX-License-Identifier: GPL-3.0-or-later
// presence/* requests.
#include "runner/session.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {

using namespace protocol;

Result<PresenceList::Result> Session::handle(PresenceList, Empty) { return PresenceList::Result{}; }

Result<Empty> Session::handle(PresenceSet, PresenceSet::Params) {
  return failure(ErrorCode::unsupported, "Not yet.");
}

}  // namespace berth::runner
