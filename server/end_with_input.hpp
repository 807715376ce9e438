// SPDX-License-Identifier: GPL-3.0-or-later
// The end of a berthd that one program started for itself (option end_with_input): nobody is left who could
// use its workspaces.
#pragma once

#include "protocol/net/task.hpp"

namespace berth::server {

struct Application;

/// Returns once standard input ended, which is when the last process that held the other end of the pipe is
/// gone, killed ones too. What comes before is read and means nothing.
net::Task<void> input_ended();

/// Each that runs is stored and stopped; one that starts, once it runs. What can't be stored, or takes longer
/// than a minute and a half, is ended all the same: homes are folders of this machine, and the next start
/// stores what they have. Nothing of the workspaces runs then.
net::Task<void> stop_all_workspaces(Application& application);

}  // namespace berth::server
