// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/generated_etc.hpp"

#include <sstream>

#include "server/backends/local/oci_spec.hpp"

namespace berth::server::local {

namespace {

constexpr const char* profile = R"sh(# Login shells. Berth sets PATH and the language before a shell starts.
if [ -n "${BASH_VERSION-}" ] && [ -r /etc/bash.bashrc ]; then
  . /etc/bash.bashrc
fi
)sh";

constexpr const char* bashrc = R"sh(# Interactive bash shells.
case $- in *i*) ;; *) return ;; esac
shopt -s checkwinsize
PS1='\[\e[1;32m\]berth\[\e[0m\]:\[\e[1;34m\]\w\[\e[0m\]\$ '
HISTCONTROL=ignoreboth
HISTSIZE=10000
HISTFILESIZE=20000
shopt -s histappend
[ -x /usr/bin/dircolors ] && eval "$(dircolors -b)"
alias ls='ls --color=auto'
alias grep='grep --color=auto'
alias ll='ls -l'
)sh";

constexpr const char* inputrc = R"sh(set meta-flag on
set input-meta on
set output-meta on
set convert-meta off
set enable-bracketed-paste on
set completion-ignore-case on
"\e[1~": beginning-of-line
"\e[4~": end-of-line
"\e[3~": delete-char
"\e[1;5C": forward-word
"\e[1;5D": backward-word
)sh";

// pip can't install into the system, so the first use makes a virtual environment in the home. Names that a
// running shell has remembered lead here too, so a program installed a moment ago is found without a new
// shell.
constexpr const char* pip_shim = R"sh(#!/bin/sh
# Makes ~/.venv when it is first needed and goes on with its own pip.
venv="$HOME/.venv"
if [ ! -x "$venv/bin/pip" ]; then
  case "${1-}" in install | download | wheel | uninstall) ;; *) [ -x /usr/bin/pip3 ] && exec /usr/bin/pip3 "$@" ;; esac
  echo "Making a Python environment in ~/.venv (once)." >&2
  python=/usr/bin/python3
  [ -x /usr/local/bin/python3 ] && python=/usr/local/bin/python3
  if command -v flock > /dev/null; then
    flock "$HOME" sh -c '[ -x "$1/bin/pip" ] || "$0" -m venv "$1"' "$python" "$venv" || exit 1
  else
    "$python" -m venv "$venv" || exit 1
  fi
fi
exec "$venv/bin/pip" "$@"
)sh";

constexpr const char* python_shim = R"sh(#!/bin/sh
# The Python of ~/.venv once that exists, the system's before.
for python in "$HOME/.venv/bin/python3" /usr/local/bin/python3 /usr/bin/python3; do
  [ -x "$python" ] && exec "$python" "$@"
done
echo "python: there is no Python in this workspace" >&2
exit 127
)sh";

std::string accounts(bool two_uids) {
  const std::string person =
      std::string("berth:x:") + (two_uids ? "1000:1000" : "0:0") + "::" + home_inside + ":/bin/bash\n";
  // With one id the person's name must be the first that uid 0 has.
  return (two_uids ? "root:x:0:0::/:/usr/sbin/nologin\n" + person : person) +
         "nobody:x:65534:65534::/:/usr/sbin/nologin\n";
}

}  // namespace

std::map<std::string, GeneratedFile> generated_etc(const EtcFacts& facts) {
  const std::string person_group = facts.two_uids ? "root:x:0:\nberth:x:1000:\n" : "berth:x:0:\n";
  std::string npmrc =
      std::string("prefix=") + home_inside + "/.local\nfund=false\naudit=false\n" + facts.npm_lines;
  if (!facts.trusts.empty()) npmrc += "cafile=" + facts.trusts + "\n";
  return {
      {"passwd", {accounts(facts.two_uids)}},
      {"group", {person_group + "tty:x:5:\nnogroup:x:65534:\n"}},
      {"hostname", {"berth\n"}},
      {"hosts", {"127.0.0.1 localhost berth\n::1 localhost ip6-localhost\n"}},
      {"resolv.conf", {std::string("nameserver ") + dns_address + "\noptions edns0 timeout:3\n"}},
      {"nsswitch.conf",
       {"passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n"}},
      {"host.conf", {"multi on\n"}},
      {"shells", {"/bin/sh\n/bin/bash\n"}},
      {"profile", {profile}},
      {"bash.bashrc", {bashrc}},
      {"inputrc", {inputrc}},
      {"npmrc", {npmrc}},
      {"gitconfig", {"[init]\n\tdefaultBranch = main\n[advice]\n\tdefaultBranchName = false\n"}},
      {"ssh/ssh_config", {"Host *\n  SendEnv LANG LC_*\n"}},
  };
}

std::map<std::string, GeneratedFile> generated_shims() {
  return {{"pip", {pip_shim, 0755}},
          {"pip3", {pip_shim, 0755}},
          {"python", {python_shim, 0755}},
          {"python3", {python_shim, 0755}}};
}

std::string npm_settings(const std::string& host_npmrc) {
  std::string out;
  std::istringstream lines(host_npmrc);
  for (std::string line; std::getline(lines, line);) {
    const auto equals = line.find('=');
    if (equals == std::string::npos) continue;
    std::string key = line.substr(0, equals);
    while (!key.empty() && (key.back() == ' ' || key.back() == '\t')) key.pop_back();
    // An address with "user:password@" is a secret too.
    if ((key == "registry" || key == "strict-ssl") && line.find('@') == std::string::npos) out += line + "\n";
  }
  return out;
}

}  // namespace berth::server::local
