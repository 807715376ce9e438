// SPDX-License-Identifier: GPL-3.0-or-later
// One open file: its editor, the bars that say what is wrong with it, and its find bar.
#pragma once

#include <QWidget>
#include <optional>
#include <string>

#include "client/core/document.hpp"

class QLabel;
class QStackedWidget;

namespace berth::desktop {

class CodeEditor;
class DurabilityLabel;
class FindBar;
class MessageBar;

class EditorTab : public QWidget {
  Q_OBJECT

 public:
  /// Takes over the document: closes it when the tab goes.
  explicit EditorTab(client::Document* document, QWidget* parent = nullptr);
  ~EditorTab() override;

  client::Document* document() { return document_; }
  CodeEditor* editor() { return editor_; }
  FindBar* findBar() { return find_; }
  MessageBar* bar() { return bar_; }
  QString durabilityText() const;
  /// Typed into the empty document once it is loaded.
  void insertWhenLoaded(std::string text) { insert_ = std::move(text); }
  void goToLineWhenLoaded(int line) { line_ = line; }

 Q_SIGNALS:
  void titleChanged();
  void downloadWanted(const QString& path);
  /// The person wants their text in a file of its own and the runner's text here.
  void keepBothWanted(const QString& path, const std::string& mine);

 private:
  void loaded(const std::string& text);
  void failed(const Error& error);
  void refreshBar();
  void refreshPath();

  client::Document* document_;
  QStackedWidget* pages_;
  QLabel* path_;
  QLabel* failure_;
  QWidget* download_;
  DurabilityLabel* durability_;
  MessageBar* bar_;
  FindBar* find_;
  CodeEditor* editor_;
  std::optional<std::string> insert_;
  int line_ = 0;
  QString shown_;  // what the bar shows now, so that it is not rebuilt at every key
};

}  // namespace berth::desktop
