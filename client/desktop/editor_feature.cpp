// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/editor_feature.hpp"

#include <algorithm>

#include "client/desktop/scintilla_values.hpp"

namespace berth::desktop {

std::string EditorFeature::textBetween(long begin, long end) const {
  std::string out(static_cast<std::size_t>(std::max(0l, end - begin)) + 1, '\0');
  editor_->SendScintilla(Sci::SCI_GETTEXTRANGE, begin, end, out.data());
  out.pop_back();  // the NUL that Scintilla adds
  return out;
}

void EditorFeature::replace(long begin, long end, const std::string& text) {
  sci(Sci::SCI_SETTARGETRANGE, static_cast<std::uintptr_t>(begin), end);
  sci(Sci::SCI_REPLACETARGET, text.size(), pointer(text.data()));
  editor_->flushEdits();
}

std::vector<EditorFeature::Lines> EditorFeature::selectedLines() const {
  std::vector<Lines> all;
  for (long i = 0; i < sci(Sci::SCI_GETSELECTIONS); ++i) {
    const auto number = static_cast<std::uintptr_t>(i);
    const auto begin = sci(Sci::SCI_GETSELECTIONNSTART, number);
    const auto end = sci(Sci::SCI_GETSELECTIONNEND, number);
    Lines lines{lineOf(begin), lineOf(end)};
    if (lines.last > lines.first && end == lineBegin(lines.last)) --lines.last;
    all.push_back(lines);
  }
  std::ranges::sort(all, {}, &Lines::first);
  std::vector<Lines> apart;
  for (const auto& lines : all) {
    if (!apart.empty() && lines.first <= apart.back().last + 1)
      apart.back().last = std::max(apart.back().last, lines.last);
    else
      apart.push_back(lines);
  }
  return apart;
}

void EditorFeature::offer(const char* id, const QString& title, std::initializer_list<const char*> keys,
                          bool changes, std::function<void()> run) {
  EditorCommand command{QString::fromLatin1(id), title, {}, changes, std::move(run)};
  for (const char* key : keys) command.keys.append(QKeySequence(QString::fromLatin1(key)));
  EditorCommands::of(editor_)->add(std::move(command));
}

}  // namespace berth::desktop
