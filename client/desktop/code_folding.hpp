// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of a text closed and opened: by the margin and by keys, kept with the workspace. What may be folded
// follows the text (fold_levels); what is closed stays closed when others write in it.
#pragma once

#include <QTimer>
#include <functional>
#include <map>

#include "client/desktop/editor_feature.hpp"
#include "client/desktop/fold_levels.hpp"

namespace berth::desktop {

class CodeFolding : public EditorFeature {
  Q_OBJECT

 public:
  explicit CodeFolding(CodeEditor* editor);

  /// Lines whose blocks are closed, from 1.
  QList<int> closed() const;
  /// The lines that head a block, from 1.
  QList<int> heads() const;
  /// Where the closed ones are kept in QSettings, and taken from once the text is there.
  void keepUnder(const QString& key);

 private:
  enum class Action { close, open, toggle };

  void follow(long first);
  void refresh();
  void refreshRegions();
  void refreshIndentation();
  void setDepths(long first, const std::vector<int>& depths, int after);
  void tidy();
  void whenKnown(std::function<void()> then);
  void styleOn();
  /// The head of the innermost block around the cursor that can be closed or opened; -1 where there is none.
  long headAtCursor(Action action) const;
  void atCursor(Action action, bool children);
  void set(long line, bool open);
  void setChildren(long line, bool open);
  void closeLevel(int level);
  void all(bool open);
  void commentBlocks();
  bool isHead(long line) const;
  bool isOpen(long line) const;
  int nesting(long line) const;
  void applyTheme();
  void restore();
  void store();

  QTimer due_;
  QTimer styling_;
  QTimer store_due_;
  long first_ = 0;                           // of the lines whose depths are to be looked at
  std::map<long, OpenRegions> checkpoints_;  // what is open before a line, now and then
  std::vector<std::function<void()>> waiting_;
  QString key_;
  bool loaded_ = false;
};

}  // namespace berth::desktop
