// SPDX-License-Identifier: GPL-3.0-or-later
// What every message is made of: roles and the empty value.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::protocol {

/// What a connection may do; each includes the ones before. `server` is the
/// control link's.
enum class Role { viewer, editor, owner, server };
BOOST_DESCRIBE_ENUM(Role, viewer, editor, owner, server)

struct Empty {};
BOOST_DESCRIBE_STRUCT(Empty, (), ())

}  // namespace berth::protocol
