// SPDX-License-Identifier: GPL-3.0-or-later
// The /etc of a workspace: written here, never the host's. Text only; system_image.cpp writes it down.
#pragma once

#include <map>
#include <string>

#include "server/backends/inside_workspace.hpp"

namespace berth::server::local {

struct EtcFacts {
  bool two_uids = true;
  std::string trusts;     // CA bundle inside, "" when there is none
  std::string npm_lines;  // further lines of npm's global settings (npm_settings)
};

/// By path relative to /etc.
std::map<std::string, GeneratedFile> generated_etc(const EtcFacts& facts);

/// Small programs in front of PATH, by name: pip and python, which find or make the venv in the person's
/// home.
std::map<std::string, GeneratedFile> generated_shims();

/// What passes from a host's global npmrc into workspaces: its registry and strict-ssl, never a token.
std::string npm_settings(const std::string& host_npmrc);

}  // namespace berth::server::local
