// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/indentation.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "client/desktop/editor_look.hpp"

namespace berth::desktop {
namespace {

constexpr int indented_lines_looked_at = 10'000;
constexpr std::size_t enough_indented_lines = 2;
constexpr int widest_indent = 8;

}  // namespace

std::optional<Indent> indent_of_text(std::string_view text) {
  std::size_t tabs = 0;
  std::size_t spaces = 0;
  std::array<std::size_t, widest_indent + 1> steps{};  // by how many columns deeper or less deep than before
  int before = 0;
  for (int lines = 0; !text.empty() && lines < indented_lines_looked_at; ++lines) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto depth = line.find_first_not_of(" \t");
    if (depth == std::string_view::npos) continue;  // blank lines tell nothing
    // Continued comments ( * …) are a column off.
    if (line[depth] == '*') continue;
    if (line[0] == '\t') {
      ++tabs;
      continue;
    }
    const auto columns = static_cast<int>(std::min<std::size_t>(depth, 400));
    if (columns > 0) ++spaces;
    if (const auto step = std::abs(columns - before); step > 1 && step <= widest_indent)
      ++steps[static_cast<std::size_t>(step)];
    before = columns;
  }
  if (tabs >= enough_indented_lines && tabs > spaces) return Indent{true, 0};
  if (spaces < enough_indented_lines) return {};
  std::size_t best = 0;
  // Of two that are met as often the smaller one: the other is two steps at once.
  for (std::size_t width = 2; width < steps.size(); ++width)
    if (steps[width] > (best == 0 ? 0 : steps[best])) best = width;
  if (best == 0) return {};
  return Indent{false, static_cast<int>(best)};
}

Indentation::Indentation(CodeEditor* editor) : EditorFeature(editor) {
  connect(editor, &CodeEditor::textLoaded, this, &Indentation::look);
  connect(EditorChoices::instance(), &EditorChoices::changed, this, [this] {
    if (chosen() != chosen_) look();
  });
  chosen_ = chosen();
}

QVariantList Indentation::chosen() {
  return {EditorLook::detectsIndentation(), EditorChoices::value("editor/tab_size", {}),
          EditorChoices::value("editor/insert_spaces", {})};
}

void Indentation::look() {
  chosen_ = chosen();
  const auto length = std::min(sci(Sci::SCI_GETLENGTH), 4l << 20);
  if (EditorLook::detectsIndentation())
    if (const auto found = indent_of_text(textBetween(0, length))) return use(*found);
  // What the person chose comes before what the language has, but for those that want tabs.
  auto indent = now();
  if (const auto size = chosen_.at(1); size.isValid()) indent.width = std::clamp(size.toInt(), 1, 16);
  const bool wants_tabs =
      editor()->language() == QLatin1String("Makefile") || editor()->language() == QLatin1String("Go");
  if (const auto spaces = chosen_.at(2); spaces.isValid() && !wants_tabs) indent.tabs = !spaces.toBool();
  use(indent);
}

Indent Indentation::now() const {
  const auto width =
      static_cast<int>(sci(Sci::SCI_GETINDENT) > 0 ? sci(Sci::SCI_GETINDENT) : sci(Sci::SCI_GETTABWIDTH));
  return {sci(Sci::SCI_GETUSETABS) != 0, width};
}

void Indentation::use(Indent indent) {
  sci(Sci::SCI_SETUSETABS, indent.tabs);
  if (indent.width > 0) {
    // A tab in a text of spaces stays as wide as everybody expects.
    sci(Sci::SCI_SETTABWIDTH, static_cast<std::uintptr_t>(indent.width));
    sci(Sci::SCI_SETINDENT, 0);
  }
  Q_EMIT changed();
}

QString Indentation::words() const {
  const auto [tabs, width] = now();
  return (tabs ? tr("Tabs: %1") : tr("Spaces: %1")).arg(width);
}

}  // namespace berth::desktop
