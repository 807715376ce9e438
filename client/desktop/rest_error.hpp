// SPDX-License-Identifier: GPL-3.0-or-later
// An error as one sentence for the person.
#pragma once

#include <QString>

#include "protocol/error.hpp"

namespace berth::desktop {

QString sentence(const Error& error);

}  // namespace berth::desktop
