// SPDX-License-Identifier: GPL-3.0-or-later
// The payload of a deflated frame (raw deflate, no state between frames).
#pragma once

#include <QByteArray>
#include <string_view>

#include "protocol/error.hpp"

namespace berth::client {

/// invalid_argument when it is damaged or grows past `limit` bytes.
Result<QByteArray> inflate_payload(std::string_view payload, qsizetype limit);

}  // namespace berth::client
