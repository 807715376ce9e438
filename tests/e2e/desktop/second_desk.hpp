// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop client in a process of its own, which a test kills: this test program, started again.
#pragma once

#include <QString>

#include "child.hpp"

namespace berth::test {

/// The program, at the first one's display and in its home, signed in as that one was. It opens the workspace
/// and its first file and writes "open"; once the connection is gone it types `text` at the start of the
/// file, waits until that is kept on the disk and writes "kept". It goes on until it is killed.
Child start_second_desk(const QString& workspace, const QString& text);

/// What main() does in it.
int run_second_desk(int argc, char** argv, const char* workspace);

}  // namespace berth::test
