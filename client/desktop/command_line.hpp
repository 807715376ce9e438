// SPDX-License-Identifier: GPL-3.0-or-later
// What the program was started for, from its arguments: told by the first start to itself, and by later ones
// to the first (client/core's single_instance).
#pragma once

#include <QString>

#include "client/core/single_instance.hpp"
#include "client/desktop/theme.hpp"

class QCommandLineParser;

namespace berth::desktop {

struct Options {
  QString server;     // URL, link or set-up link; empty: ask
  QString workspace;  // id to open once signed in
  ThemeChoice theme = ThemeChoice::system;
  QString folder = {};        // of this machine, whole path: the workspace that was or is made of it
  QString file = {};          // of this machine, whole path, in such a folder
  bool this_machine = false;  // its workspaces
  bool last = false;          // the workspace that was open last
  bool list = false;          // the list of workspaces, whatever else is open
  QString problem = {};       // what an argument means is not to be had, for the person
};

/// Adds what the command line may say, and how it is described.
void describe_command_line(QCommandLineParser& parser);

/// invalid_argument with a sentence for the terminal where it can't be understood. Relative paths begin in
/// the order's folder.
Result<Options> read_command_line(const client::StartOrder& order);

}  // namespace berth::desktop
