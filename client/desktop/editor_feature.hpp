// SPDX-License-Identifier: GPL-3.0-or-later
// One feature of the text editor: a small object beside the editor that listens to it and offers commands.
// What the editor itself does is in code_editor.
#pragma once

#include <QObject>
#include <functional>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_commands.hpp"

namespace berth::desktop {

class EditorFeature : public QObject {
  Q_OBJECT

 protected:
  using Sci = QsciScintillaBase;

  /// Lives as long as the editor.
  explicit EditorFeature(CodeEditor* editor) : QObject(editor), editor_(editor) {}

  CodeEditor* editor() const { return editor_; }
  /// A message of Scintilla's, with numbers of its width.
  long sci(unsigned message, std::uintptr_t word = 0, std::intptr_t number = 0) const {
    return editor_->SendScintilla(message, static_cast<unsigned long>(word), static_cast<long>(number));
  }
  std::string textBetween(long begin, long end) const;
  /// As one edit; positions are bytes.
  void replace(long begin, long end, const std::string& text);
  long lineOf(long position) const {
    return sci(Sci::SCI_LINEFROMPOSITION, static_cast<std::uintptr_t>(position));
  }
  long lineBegin(long line) const {
    return sci(Sci::SCI_POSITIONFROMLINE, static_cast<std::uintptr_t>(line));
  }
  /// Before its line feed.
  long lineEnd(long line) const {
    return sci(Sci::SCI_GETLINEENDPOSITION, static_cast<std::uintptr_t>(line));
  }
  std::string lineText(long line) const { return textBetween(lineBegin(line), lineEnd(line)); }
  long lineCount() const { return sci(Sci::SCI_GETLINECOUNT); }

  struct Lines {
    long first;
    long last;
  };
  /// What each selection touches, ascending, those that meet as one. A selection that ends where a line
  /// begins does not touch that line.
  std::vector<Lines> selectedLines() const;

  /// `changes`: it does nothing where the text may not be changed.
  void offer(const char* id, const QString& title, std::initializer_list<const char*> keys, bool changes,
             std::function<void()> run);

 private:
  CodeEditor* editor_;
};

}  // namespace berth::desktop
