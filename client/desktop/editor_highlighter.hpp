// SPDX-License-Identifier: GPL-3.0-or-later
// Colours a CodeEditor's text by KSyntaxHighlighting, line by line as Scintilla asks for it.
#pragma once

#include <QHash>
#include <QString>
#include <memory>
#include <string>

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
  /// A new text was loaded: a first line like "#!/bin/sh" or "<?xml" may tell the language.
  void setText(const std::string& text);
  /// Styles from where Scintilla stopped to at least the byte `position`.
  void styleTo(int position);
  void applyTheme(bool dark);
  QString languageName() const;
  /// As KSyntaxHighlighting names it, whatever language the person reads.
  QString language() const;
  CommentMarks commentMarks() const;

 private:
  class Lines;
  void restyle();
  QsciScintillaBase* editor_;
  std::unique_ptr<Lines> lines_;
  bool off_ = false;  // the text is too large to colour
};

}  // namespace berth::desktop
