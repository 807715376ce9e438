// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the parts of the ways in beside a password.
#pragma once

#include <cstdint>
#include <functional>

namespace berth::server {

struct Application;
struct InvitationLetter;

/// Once there are accounts. `port`: the one that is listened on.
void wire_sign_in(Application& application, std::uint16_t port);

/// How people are invited, by mail or in the log.
std::function<void(const InvitationLetter&)> invitation_sender(Application& application);

}  // namespace berth::server
