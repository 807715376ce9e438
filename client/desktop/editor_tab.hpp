// SPDX-License-Identifier: GPL-3.0-or-later
// One open file: its editor, the bars that say what is wrong with it, and its find bar.
#pragma once

#include <QWidget>
#include <optional>
#include <string>

#include "client/core/document.hpp"

class QLabel;
class QSplitter;
class QStackedWidget;

namespace berth::desktop {

class CodeEditor;
class DocumentNotices;
class DurabilityLabel;
class FindBar;
class MessageBar;
class Minimap;

class EditorTab : public QWidget {
  Q_OBJECT

 public:
  /// Takes over the document: closes it when the last tab that shows it goes.
  explicit EditorTab(client::Document* document, QWidget* parent = nullptr);
  ~EditorTab() override;

  client::Document* document() { return document_; }
  CodeEditor* editor() { return editor_; }
  FindBar* findBar() { return find_; }
  MessageBar* bar() { return bar_; }
  DocumentNotices* notices() { return notices_; }
  Minimap* minimap() { return minimap_; }
  /// Shows pages of a file that is too large to be a document.
  bool isPaged() const { return paged_actions_ >= 0; }
  QString durabilityText() const;
  /// The text, and what stands beside it.
  QSplitter* split() { return split_; }
  /// Shows this in place of the text and of what is wrong with it.
  void showInstead(QWidget* view);
  /// Now, or when the text is there; from 1, column 0 for the line's first character.
  void goToPlace(int line, int column = 0);
  /// Where the cursor is and what is in view, in UTF-16 units; also before the text is there.
  struct Place {
    std::int64_t cursor = 0;
    std::int64_t top = 0;
  };
  Place place() const;
  void setPlace(const Place& place);

 Q_SIGNALS:
  void titleChanged();
  void downloadWanted(const QString& path);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void loaded(const std::string& text);
  void showText();
  void failed(const Error& error);
  void showPaged();
  void refreshBar();
  void refreshPath();

  client::Document* document_;
  QStackedWidget* pages_;
  QSplitter* split_ = nullptr;
  QLabel* path_;
  QLabel* failure_;
  QWidget* download_;
  DurabilityLabel* durability_;
  MessageBar* bar_;
  DocumentNotices* notices_;
  FindBar* find_;
  CodeEditor* editor_;
  Minimap* minimap_ = nullptr;
  int line_ = 0;  // to go to once the text is there
  int column_ = 0;
  std::optional<Place> place_;    // the same, by position
  qsizetype paged_actions_ = -1;  // of the bar over pages: buttons are not made anew at every step
  QString shown_;                 // what the bar shows now, so that it is not rebuilt at every key
};

}  // namespace berth::desktop
