// SPDX-License-Identifier: GPL-3.0-or-later
// Hands one mail to a mail server, by libcurl.
#pragma once

#include <stop_token>
#include <string>

#include "server/mail.hpp"
#include "server/sign_in_settings.hpp"

namespace berth::server {

/// Blocks for a minute at most, and ends early when it is told to stop. unavailable: another attempt may
/// work; invalid_argument: the server wants this mail at no time.
Result<void> send_mail(const MailSettings& settings, const Mail& mail, const std::string& message,
                       const std::stop_token& stop);

}  // namespace berth::server
