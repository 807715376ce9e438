// SPDX-License-Identifier: GPL-3.0-or-later
// What an open file shows beside or in place of its text (a preview, a picture), what can be done with the
// whole of it (print, compare, choose how it is read), and what of its folds is kept.
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>

#include "client/desktop/file_comparison.hpp"
// Whole, as pointers to them are handed out of QPointers.
#include "client/desktop/image_view.hpp"
#include "client/desktop/markdown_view.hpp"

namespace berth {
struct Error;
}
namespace berth::client {
class Workspace;
}

class QToolButton;

namespace berth::desktop {

class EditorArea;
class EditorTab;
class KeyBindings;

/// Makes the commands of a tab known, before there is one: menus, the palette and "Keys…" list them.
void add_tab_commands(KeyBindings* bindings);

class TabViews : public QObject {
  Q_OBJECT

 public:
  /// The tab's.
  TabViews(EditorTab* tab, client::Workspace* workspace, EditorArea* area);

  /// The text has a preview: Markdown, SVG.
  bool hasPreview() const;
  /// `aside`: beside the text, else in its place. Shown so already, it goes.
  void togglePreview(bool aside);
  MarkdownView* markdown() const;
  ImageView* drawing() const;
  /// The file as a picture, where it is no text.
  ImageView* picture() const;

  static constexpr std::uint64_t largest_picture = 64u << 20;  // bytes

 private:
  void addCommands();
  void compare(const FileComparison::Side& left, const FileComparison::Side& right);
  void refreshPath();
  void refreshButton();
  QWidget* preview() const;
  void makePreview();
  void showText();
  void followScrolling();
  void failed(const Error& error);
  void readPicture();
  void followLink(const QUrl& address);

  EditorTab* tab_;
  client::Workspace* workspace_;
  EditorArea* area_;
  QToolButton* button_;
  QPointer<MarkdownView> markdown_;
  QPointer<ImageView> drawing_;
  QPointer<ImageView> picture_;
  QTimer due_;  // the preview follows the text
};

}  // namespace berth::desktop
