// SPDX-License-Identifier: GPL-3.0-or-later
// Which system calls a workspace may make: an allow-list for what people's programs do, without the ones that
// reach for the kernel's administration (mounts, modules, namespaces, keys, tracing of the kernel, clocks).
#pragma once

#include "protocol/codec.hpp"

namespace berth::server::local {

/// The `linux.seccomp` object of an OCI spec. Pure.
protocol::Json seccomp_profile();

}  // namespace berth::server::local
