// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/shell_integration.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "protocol/net/file_descriptor.hpp"

namespace berth::runner {
namespace {

// bash reads $ENV instead of its own files when it is started with --posix, also as a login shell.
constexpr std::string_view bash_file =
    R"(# Read by Berth's terminals before your own files. BERTH_SHELL_INTEGRATION=0 turns it off.
set +o posix
shopt -u inherit_errexit 2>/dev/null
if [[ -n ${BERTH_SHELL_ENV+x} ]]; then export ENV=$BERTH_SHELL_ENV; else unset ENV; fi
unset BERTH_SHELL_ENV
[[ $HISTFILE == "$HOME/.sh_history" ]] && HISTFILE=$HOME/.bash_history
if shopt -q login_shell; then
  [[ -r /etc/profile ]] && . /etc/profile
  for __berth_file in ~/.bash_profile ~/.bash_login ~/.profile; do
    if [[ -r $__berth_file ]]; then
      . "$__berth_file"
      break
    fi
  done
  unset __berth_file
else
  [[ -r /etc/bash.bashrc ]] && . /etc/bash.bashrc
  [[ -r ~/.bashrc ]] && . ~/.bashrc
fi
if ((BASH_VERSINFO[0] > 4 || (BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] >= 4))); then
  __berth_directory() {
    [[ $PWD == "$__berth_pwd" ]] && { printf '\e]7;%s\e\\' "$__berth_url"; return; }
    local LC_ALL=C i c
    __berth_pwd=$PWD __berth_url="file://${HOSTNAME}"
    for ((i = 0; i < ${#PWD}; ++i)); do
      c=${PWD:i:1}
      case $c in
        [a-zA-Z0-9/._~-]) __berth_url+=$c ;;
        *) printf -v c %d "'$c"; printf -v c '%%%02X' $((c & 255)); __berth_url+=$c ;;
      esac
    done
    printf '\e]7;%s\e\\' "$__berth_url"
  }
  __berth_before_prompt() {
    local status=$? number='\#'
    number=${number@P}
    if [[ -n $__berth_number && $number != "$__berth_number" ]]; then
      printf '\e]133;D;%s\e\\' "$status"
    fi
    __berth_number=$number
    __berth_directory
    printf '\e]133;A\e\\'
    return "$status"
  }
  __berth_after_prompt() {
    local status=$?
    [[ $PS1 == *'133;B'* ]] || PS1+='\[\e]133;B\e\\\]'
    [[ $PS0 == *'133;C'* ]] || PS0+='\e]133;C\e\\'
    return "$status"
  }
  if [[ $(declare -p PROMPT_COMMAND 2>/dev/null) == 'declare -a'* ]]; then
    PROMPT_COMMAND=(__berth_before_prompt "${PROMPT_COMMAND[@]}" __berth_after_prompt)
  else
    PROMPT_COMMAND="__berth_before_prompt${PROMPT_COMMAND:+
$PROMPT_COMMAND}
__berth_after_prompt"
  fi
fi
)";

// zsh reads .zshenv of ZDOTDIR first; this one gives ZDOTDIR back, so all the other files are the person's
// own.
constexpr std::string_view zsh_file =
    R"(# Read by Berth's terminals before your own files. BERTH_SHELL_INTEGRATION=0 turns it off.
if [[ -n ${BERTH_ZDOTDIR+x} ]]; then export ZDOTDIR=$BERTH_ZDOTDIR; else unset ZDOTDIR; fi
unset BERTH_ZDOTDIR
[[ -r ${ZDOTDIR:-$HOME}/.zshenv ]] && . "${ZDOTDIR:-$HOME}/.zshenv"
if [[ -o interactive ]]; then
  __berth_precmd() {
    local ran_status=$?
    emulate -L zsh
    [[ -n $__berth_ran ]] && print -rn -- $'\e]133;D;'$ran_status$'\e\\'
    __berth_ran=
    local LC_ALL=C url= c
    local -i i
    for ((i = 1; i <= ${#PWD}; ++i)); do
      c=$PWD[i]
      [[ $c == [a-zA-Z0-9/._~-] ]] || c=%${(l:2::0:)$(([##16]#c))}
      url+=$c
    done
    print -rn -- $'\e]7;file://'$HOST$url$'\e\\\e]133;A\e\\'
    [[ $PS1 == *'133;B'* ]] || PS1+=$'%{\e]133;B\e\\%}'
    return $ran_status
  }
  __berth_preexec() { __berth_ran=1; print -rn -- $'\e]133;C\e\\' }
  __berth_install() {
    local ran_status=$?
    # After your files and whatever they set up, so that the prompt is what it will be.
    precmd_functions=(${precmd_functions:#__berth_install} __berth_precmd)
    preexec_functions+=(__berth_preexec)
    unfunction __berth_install
    (exit $ran_status)
    __berth_precmd
  }
  typeset -ga precmd_functions preexec_functions
  precmd_functions+=(__berth_install)
fi
)";

// fish tells all of this by itself since version 4.
constexpr std::string_view fish_file =
    R"(# Read by Berth's terminals after your own files. BERTH_SHELL_INTEGRATION=0 turns it off.
if status is-interactive; and test (string split . -- $version)[1] -lt 4
    function __berth_prompt --on-event fish_prompt
        printf '\e]7;file://%s%s\e\\\\\e]133;A\e\\\\' (hostname) (string escape --style=url -- $PWD)
    end
    function __berth_preexec --on-event fish_preexec
        printf '\e]133;C\e\\\\'
    end
    function __berth_postexec --on-event fish_postexec
        printf '\e]133;D;%s\e\\\\' $status
    end
end
)";

/// Written anew at each start of the runner, so that an update reaches old homes.
bool write_shell_file(const std::string& path, std::string_view text) {
  const auto fresh = path + ".new";
  net::FileDescriptor file(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!file) return false;
  while (!text.empty()) {
    const auto written = ::write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::rename(fresh.c_str(), path.c_str()) == 0;
}

bool make_folder(const std::string& path) { return ::mkdir(path.c_str(), 0755) == 0 || errno == EEXIST; }

}  // namespace

bool ShellIntegration::write_files() {
  if (written_) return true;
  written_ = make_folder(folder_) && make_folder(folder_ + "/zsh") &&
             write_shell_file(folder_ + "/berth.bash", bash_file) &&
             write_shell_file(folder_ + "/zsh/.zshenv", zsh_file) &&
             write_shell_file(folder_ + "/berth.fish", fish_file);
  return written_;
}

ShellIntegration::Start ShellIntegration::start(const std::string& name,
                                                std::map<std::string, std::string> environment) {
  Start plain{{"-l"}, environment};
  const auto given = environment.find("BERTH_SHELL_INTEGRATION");
  if (given != environment.end() && given->second == "0") return plain;
  if (name != "bash" && name != "zsh" && name != "fish") return plain;
  if (!write_files()) return plain;
  const auto lend = [&](const char* variable, const char* kept, const std::string& value) {
    if (const auto own = environment.find(variable); own != environment.end())
      environment[kept] = own->second;
    environment[variable] = value;
  };
  if (name == "bash") {
    lend("ENV", "BERTH_SHELL_ENV", folder_ + "/berth.bash");
    return {{"--posix", "-l"}, std::move(environment)};
  }
  if (name == "zsh") {
    lend("ZDOTDIR", "BERTH_ZDOTDIR", folder_ + "/zsh");
    return {{"-l"}, std::move(environment)};
  }
  return {{"-l", "--init-command", "source '" + folder_ + "/berth.fish'"}, std::move(environment)};
}

}  // namespace berth::runner
