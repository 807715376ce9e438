// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a snippet as they are written.
#pragma once

#include <memory>

#include "client/desktop/snippet.hpp"

namespace berth::desktop {

struct SnippetPart {
  enum class Kind { text, stop, variable };
  Kind kind = Kind::text;
  QString text;  // or the variable's name
  int number = 0;
  std::vector<SnippetPart> inside;  // what stands there to begin with
  QStringList choices;
  std::optional<SnippetTransform> transform;
};

std::vector<SnippetPart> parse_snippet(const QString& body);

}  // namespace berth::desktop
