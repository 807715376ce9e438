// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/inside_workspace.hpp"

#include <algorithm>

namespace berth::server {

bool is_workspace_id(const std::string& text) {
  return text.size() == 10 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); });
}

std::map<std::string, GeneratedFile> generated_home() {
  return {{".profile",
           {"# Login shells read this; bash's own settings are in .bashrc.\n[ -n \"${BASH_VERSION-}\" ] && "
            "[ -r ~/.bashrc ] && . ~/.bashrc\n"}},
          {".bashrc", {"# Your own settings for bash: aliases, prompt, environment.\n"}}};
}

std::map<std::string, std::string> workspace_environment(const std::string& trusts,
                                                         const std::map<std::string, std::string>& extra) {
  const std::string home = home_inside;
  std::map<std::string, std::string> environment = {
      {"PATH", home + "/.venv/bin:" + home + "/.local/bin:" + shims_inside +
                   ":/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"},
      {"HOME", home},
      {"USER", "berth"},
      {"LOGNAME", "berth"},
      {"SHELL", "/bin/bash"},
      {"LANG", "C.UTF-8"},
      {"PIP_DISABLE_PIP_VERSION_CHECK", "1"},
      {"NPM_CONFIG_GLOBALCONFIG", "/etc/npmrc"},
      {"NPM_CONFIG_UPDATE_NOTIFIER", "false"},
  };
  if (!trusts.empty()) {
    // Node and Python's requests bring certificates of their own and would not see those that the host adds.
    environment["NODE_EXTRA_CA_CERTS"] = trusts;
    environment["PIP_CERT"] = trusts;
    environment["REQUESTS_CA_BUNDLE"] = trusts;
  }
  for (const auto& [name, value] : extra) environment[name] = value;
  return environment;
}

}  // namespace berth::server
