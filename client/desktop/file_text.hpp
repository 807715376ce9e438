// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of a file as an editor has its text: decoded, its lines ended by \n.
#pragma once

#include <QByteArray>
#include <optional>
#include <string>

#include "protocol/messages.hpp"

namespace berth::desktop {

/// As UTF-8; nothing where the bytes are no text. `unknown`: told from the bytes.
std::optional<std::string> text_of_file(const QByteArray& bytes, protocol::Encoding encoding);

}  // namespace berth::desktop
