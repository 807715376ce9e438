// SPDX-License-Identifier: GPL-3.0-or-later
// What every program of tests at the desktop begins with.
#pragma once

namespace berth::test {

/// A display, settings of this process's own, and the tests that are asked for; `with_keychain`: beside a
/// real one, otherwise the file takes its place. The result is main's.
int run_on_stage(int argc, char** argv, bool with_keychain);

}  // namespace berth::test
