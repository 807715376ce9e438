// SPDX-License-Identifier: GPL-3.0-or-later
// Comments lines out and in again, by the language's own marks.
#pragma once

#include "client/desktop/editor_feature.hpp"

namespace berth::desktop {

class CommentToggle : public EditorFeature {
  Q_OBJECT

 public:
  explicit CommentToggle(CodeEditor* editor);
  /// Comments in where all lines are comments, else all out. Languages with a pair of marks alone get one
  /// pair a line.
  void toggleLines();
  /// The selection (without one: the line) between the language's pair of marks, or without them.
  void toggleBlock();

 private:
  void takeAway(const Lines& lines, const std::string& open, const std::string& close);
  void put(const Lines& lines, const std::string& open, const std::string& close);
  bool isCommented(const Lines& lines, const std::string& open, const std::string& close) const;
};

}  // namespace berth::desktop
