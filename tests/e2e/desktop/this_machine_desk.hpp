// SPDX-License-Identifier: GPL-3.0-or-later
// A person who has no server, in a process of its own, which a test kills: this test program, started again.
#pragma once

#include "child.hpp"

namespace berth::test {

/// It clicks "This Machine", makes a workspace "Here" from the Python template, opens two of its files, puts
/// the cursor into the third line of the one that shows and writes "open" once that is kept. It goes on until
/// it is killed.
Child start_this_machine_desk();

/// What main() does in it.
int run_this_machine_desk(int argc, char** argv);

/// From a program that just began: whether the list of this machine's workspaces shows after a click.
class Desk;
bool open_this_machine(Desk& desk);

}  // namespace berth::test
