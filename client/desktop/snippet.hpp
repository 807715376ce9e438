// SPDX-License-Identifier: GPL-3.0-or-later
// A snippet in VS Code's form (TextMate's), read and laid out: tab stops, placeholders, choices, mirrors,
// variables, transforms. No widgets. What is broken in it stays as text.
#pragma once

#include <QRegularExpression>
#include <QString>
#include <QStringList>
#include <functional>
#include <optional>
#include <vector>

namespace berth::desktop {

/// ${1/regular expression/format/options}: what is made of a value.
struct SnippetTransform {
  QRegularExpression expression;
  QString format;
  bool everywhere = false;

  QString of(const QString& value) const;
};

struct SnippetPlace {
  qsizetype begin;  // UTF-16 units into the text
  qsizetype length;
  std::optional<SnippetTransform> transform;  // of the stop's value, once it is left
};

struct SnippetStop {
  int number;                        // 0 comes last
  std::vector<SnippetPlace> places;  // the first is the one that is typed in, the others mirror it
  QStringList choices;
};

struct SnippetText {
  QString text;
  std::vector<SnippetStop> stops;  // in the order that Tab goes through them; the last is where it ends
};

struct SnippetSurroundings {
  QString indent;  // of the line it is put into, for its other lines
  QString step;    // what a tab in it stands for
  /// A variable's value; nothing for one that is not known, whose name is then text.
  std::function<std::optional<QString>(const QString& name)> variable;
};

/// At most 1 Mi units of text.
SnippetText lay_out_snippet(const QString& body, const SnippetSurroundings& around);

}  // namespace berth::desktop
