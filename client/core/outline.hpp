// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in a text by name: functions, types, headings. Found line by line with patterns of each
// language, so that it costs nothing to ask and needs no language server; a name within a comment or string
// may be among them.
#pragma once

#include <QString>
#include <string_view>
#include <vector>

namespace berth::client {

struct Symbol {
  QString name;
  QString kind;  // "function", "class", "heading", …
  int line;      // from 1
  int depth;     // 0: of the outermost
  bool operator==(const Symbol&) const = default;
};

/// `language` as KSyntaxHighlighting names it ("Python"); none for a language without patterns. At most
/// 20,000 symbols; lines over 2,000 bytes are passed over.
std::vector<Symbol> outline_of(std::string_view text, const QString& language);

/// Those whose names have these characters in this order, best first: names that begin so, then those with a
/// part that does, then the others; as they stand in the text where nothing is typed.
std::vector<Symbol> matching_symbols(const std::vector<Symbol>& symbols, const QString& typed);

}  // namespace berth::client
