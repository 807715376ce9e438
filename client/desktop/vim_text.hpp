// SPDX-License-Identifier: GPL-3.0-or-later
// Where Vim's motions lead in a text and what its text objects are. Positions are bytes of UTF-8; no editor
// and no state. After :help motion.txt.
#pragma once

#include <QString>
#include <optional>
#include <string_view>

namespace berth::desktop {

/// A line without its end, a character's bytes: what motions are made of.
class VimText {
 public:
  explicit VimText(std::string_view text) : text_(text) {}

  std::size_t size() const { return text_.size(); }
  std::string_view bytes() const { return text_; }
  std::size_t next(std::size_t at) const;
  std::size_t before(std::size_t at) const;
  std::size_t lineBegin(std::size_t at) const;
  /// Of the line feed, or of the text's end.
  std::size_t lineEnd(std::size_t at) const;
  std::size_t firstNonBlank(std::size_t at) const;
  /// Where the last character of the line stands; its beginning where it is empty.
  std::size_t lastInLine(std::size_t at) const;
  /// The line below or above, in the same column (in characters); none where there are not that many.
  std::optional<std::size_t> down(std::size_t at, int lines, std::size_t column) const;
  std::size_t column(std::size_t at) const;
  /// Of line `number` from 1, the last one's for more.
  std::size_t beginOfLine(int number) const;
  bool isLineEmpty(std::size_t at) const { return lineBegin(at) == lineEnd(at); }

 private:
  std::string_view text_;
};

struct VimSpan {
  std::size_t begin;
  std::size_t end;
  bool lines = false;
};

struct VimGoal {
  std::size_t at;
  bool inclusive = false;  // of the character there, for an operator
  bool lines = false;
};

/// Where a motion leads that depends on nothing but the text; none where it fails. `argument`: of f and t.
std::optional<VimGoal> vim_motion(const VimText& text, std::size_t from, const QString& motion, int count,
                                  QChar argument);
/// "iw", "a(", "ip" …
std::optional<VimSpan> vim_object(const VimText& text, std::size_t from, const QString& object, int count);
/// As gu, gU (`how` u, U) or g~ write it.
QString vim_recased(const QString& text, QChar how);
/// The word at or after the place: what * looks for.
std::optional<VimSpan> vim_word_at(const VimText& text, std::size_t from);

}  // namespace berth::desktop
