// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces that run before anybody asks for them, as the configuration wishes.
#pragma once

namespace berth::server {

struct Application;

/// From now on: in the images that are chosen for their templates now. Again when those change. Any thread.
void keep_ready(Application& application);

}  // namespace berth::server
