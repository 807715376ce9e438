// SPDX-License-Identifier: GPL-3.0-or-later
// Colours a CodeEditor's text by KSyntaxHighlighting, line by line as Scintilla asks for it, and knows what
// of it folds.
#pragma once

#include <QHash>
#include <QString>
#include <QStringList>
#include <functional>
#include <memory>
#include <string>
#include <vector>

class QsciScintillaBase;

namespace berth::desktop {

/// What a language begins comments with; "" where it has none of that kind.
struct CommentMarks {
  std::string line;  // "//"
  std::string open;  // "/*"
  std::string close;
};

class EditorHighlighter {
 public:
  explicit EditorHighlighter(QsciScintillaBase* editor);
  ~EditorHighlighter();

  void setFileName(const QString& name);
  /// By the person, as languages() names it; "" for what the file's name and text say.
  void setLanguage(const QString& name);
  /// All that can be chosen, in the order a person looks them up.
  static QStringList languages();
  /// A new text was loaded: a first line like "#!/bin/sh" or "<?xml" may tell the language.
  void setText(const std::string& text);
  /// Styles from where Scintilla stopped to at least the byte `position`.
  void styleTo(int position);
  void applyTheme(bool dark);
  QString languageName() const;
  /// As KSyntaxHighlighting names it, whatever language the person reads.
  QString language() const;
  CommentMarks commentMarks() const;

  /// The language says where blocks begin and end; else only the depth of its lines does.
  bool knowsFolds() const;
  /// How many lines, from the first, were styled since they changed.
  long styledLines() const;
  /// Of a styled line: regions that it ends (negative), then regions that it begins and leaves open.
  const std::vector<int>& foldsOf(long line) const;
  /// Called with the first of the lines that were styled, maybe while Scintilla paints: nothing may be
  /// changed then.
  std::function<void(long)> onStyled;

 private:
  class Lines;
  void restyle();
  void recognise();
  QsciScintillaBase* editor_;
  std::unique_ptr<Lines> lines_;
  bool off_ = false;  // the text is too large to colour
  QString file_name_;
  QString chosen_;       // language, by the person
  std::string opening_;  // of the text, which may tell the language
};

}  // namespace berth::desktop
