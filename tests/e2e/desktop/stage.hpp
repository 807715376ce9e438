// SPDX-License-Identifier: GPL-3.0-or-later
// What every program of tests at the desktop begins with.
#pragma once

namespace berth::test {

/// What stands beside the display: nothing (a file takes the keychain's place), a session bus, or a real
/// keychain on one.
enum class Beside { nothing, session_bus, keychain };

/// A display, settings of this process's own, and the tests that are asked for. The result is main's.
int run_on_stage(int argc, char** argv, Beside beside = Beside::nothing);

}  // namespace berth::test
