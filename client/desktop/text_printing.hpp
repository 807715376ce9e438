// SPDX-License-Identifier: GPL-3.0-or-later
// A text on paper or as a PDF file: coloured as on a light screen, with the lines' numbers and a head on each
// page.
#pragma once

#include <QString>

class QPrinter;
class QWidget;

namespace berth::desktop {

class CodeEditor;

class TextPrinting {
 public:
  static constexpr qsizetype largest_printed = 4 << 20;  // characters

  /// What the editor shows, as it is now.
  static TextPrinting of(CodeEditor* editor, const QString& name);

  /// Those pages of it that the printer is set to. Returns how many pages the whole text has.
  int print(QPrinter* printer) const;
  /// Those pages, from 1; 0 for all. False where it can't be written.
  bool writePdf(const QString& file, int from = 0, int to = 0) const;

  // With a window that asks; they return at once.
  static void askAndPrint(CodeEditor* editor, const QString& name, QWidget* window);
  static void preview(CodeEditor* editor, const QString& name, QWidget* window);
  static void askAndWritePdf(CodeEditor* editor, const QString& name, QWidget* window);

 private:
  QString name_;  // in the head
  QString text_;
  QString language_;
  int tab_width_ = 4;
};

}  // namespace berth::desktop
