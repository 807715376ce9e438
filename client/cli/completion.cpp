// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/completion.hpp"

#include <CLI/CLI.hpp>

#include "client/cli/context.hpp"

namespace berth::cli {
namespace {

// One line a word. The shells ask berthctl itself, so a script that is installed once knows every later
// command.
constexpr const char* bash_script = R"sh(_berthctl() {
  local IFS=$'\n' line
  local words=("${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  while read -r line; do
    if [ "$line" = ':files' ]; then
      COMPREPLY+=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
    else
      COMPREPLY+=("$(printf '%q' "$line")")
    fi
  done < <(berthctl complete -- "${words[@]}" 2>/dev/null)
}
complete -o filenames -F _berthctl berthctl
)sh";
constexpr const char* zsh_script = R"sh(#compdef berthctl
_berthctl() {
  local -a offered
  local line
  while read -r line; do
    if [[ $line == ':files' ]]; then _files; else offered+=("$line"); fi
  done < <(berthctl complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
  compadd -a offered
}
if [ "$funcstack[1]" = _berthctl ]; then _berthctl; else compdef _berthctl berthctl; fi
)sh";
constexpr const char* fish_script = R"sh(function __berthctl_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (berthctl complete -- $words[2..-1] 2>/dev/null)
        if test "$line" = ':files'
            __fish_complete_path (commandline -ct)
        else
            echo -- $line
        end
    end
end
complete -c berthctl -f -a '(__berthctl_complete)'
)sh";

/// The option that a word names, and that still waits for its value.
const CLI::Option* option_of(const CLI::App& command, const CLI::App& app, const std::string& word) {
  if (!word.starts_with('-') || word.find('=') != word.npos) return nullptr;
  for (const auto* at : {&command, &app})
    if (const auto* option = at->get_option_no_throw(word); option && option->get_items_expected_max() > 0)
      return option;
  return nullptr;
}

void offer(std::vector<std::string>& words, const std::string& word, const std::string& begin) {
  if (word.starts_with(begin) && std::ranges::find(words, word) == words.end()) words.push_back(word);
}

void values(Completions& found, const std::string& name, const std::string& begin) {
  if (name == "WORKSPACE" || name == "--from") found.workspaces = true;
  if (name == "PATHS") found.files = found.workspaces = true;
  if (name == "FILE" || name == "--token-file") found.files = true;
  if (name == "STATE")
    for (const char* word : {"on", "off"}) offer(found.words, word, begin);
  if (name == "--role")
    for (const char* word : {"viewer", "editor"}) offer(found.words, word, begin);
  if (name == "--scope")
    for (const char* word :
         {"account_read", "account_write", "workspaces_read", "workspaces_write", "connect", "admin"})
      offer(found.words, word, begin);
  if (name == "SHELL")
    for (const char* word : {"bash", "zsh", "fish"}) offer(found.words, word, begin);
}

}  // namespace

Completions completions(const CLI::App& app, const std::vector<std::string>& typed) {
  Completions found;
  if (typed.empty()) return found;
  const CLI::App* command = &app;
  std::size_t positional = 0;
  const CLI::Option* waiting = nullptr;
  for (std::size_t i = 0; i + 1 < typed.size(); ++i) {
    const auto& word = typed[i];
    if (word == "--") return found;  // another program's words
    if (waiting) {
      waiting = nullptr;
      continue;
    }
    if (word.starts_with('-')) {
      waiting = option_of(*command, app, word);
      continue;
    }
    const auto below =
        command->get_subcommands([&word](const CLI::App* one) { return one->check_name(word); });
    if (below.empty())
      ++positional;
    else
      command = below.front();
  }
  const auto& begin = typed.back();
  if (waiting) {
    values(found, waiting->get_name(), begin);
    return found;
  }
  if (begin.starts_with('-')) {
    for (const auto* at : {command, &app})
      for (const auto* option : at->get_options([](const CLI::Option* one) { return one->nonpositional(); }))
        for (const auto& name : option->get_lnames()) offer(found.words, "--" + name, begin);
    return found;
  }
  for (const auto* below :
       command->get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); }))
    offer(found.words, below->get_name(), begin);
  const auto positionals = command->get_options([](const CLI::Option* one) { return one->get_positional(); });
  if (!positionals.empty()) {
    const auto at = std::min(positional, positionals.size() - 1);
    if (positional < positionals.size() || positionals[at]->get_items_expected_max() > 1)
      values(found, positionals[at]->get_name(true), begin);
  }
  return found;
}

void add_completion_commands(Commands& commands) {
  auto shell = std::make_shared<std::string>();
  commands
      .add(&commands.app, "completion", "Prints what makes a shell complete berthctl's command lines.",
           [shell](Context&) {
             std::fputs(*shell == "bash" ? bash_script : *shell == "zsh" ? zsh_script : fish_script, stdout);
             return int{exit_good};
           })
      ->add_option("SHELL", *shell, "bash, zsh or fish.")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  auto* complete =
      commands.add(&commands.app, "complete", "What those scripts ask.", [&commands](Context& context) {
        auto found = completions(commands.app, context.behind);
        const auto begin = context.behind.empty() ? std::string() : context.behind.back();
        for (const auto& word : found.words) std::puts(word.c_str());
        if (found.workspaces && begin.find(':') == begin.npos)
          if (const auto all = context.workspaces(begin))
            for (const auto& one : *all)
              if (one.name.starts_with(begin) && plain(one.name) == one.name)
                std::puts((one.name + (found.files ? ":" : "")).c_str());
        if (found.files) std::puts(":files");
        return int{exit_good};
      });
  complete->group("");  // not for people
}

}  // namespace berth::cli
