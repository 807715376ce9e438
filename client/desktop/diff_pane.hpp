// SPDX-License-Identifier: GPL-3.0-or-later
// One side of a comparison: a read-only text whose rows stand beside the other side's, with what differs
// coloured.
#pragma once

#include <Qsci/qsciscintillabase.h>

#include <memory>

#include "client/core/side_by_side.hpp"

namespace berth::desktop {

class EditorHighlighter;

class DiffPane : public QsciScintillaBase {
  Q_OBJECT

 public:
  enum class Role { left, right };
  explicit DiffPane(Role role, QWidget* parent = nullptr);
  ~DiffPane() override;

  /// `columns`: of the longest line of both sides, so that both scroll as far.
  void show(const client::SideBySide::Side& side, const std::vector<bool>& changed, const QString& fileName,
            std::size_t columns);
  void clearText();
  QString text() const;
  int firstRow() const;
  void showRow(int row);
  /// Scrolls to where the other one stands.
  void follow(const DiffPane& other);

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  static constexpr int changed_line = 0;  // Scintilla's numbers of markers and of an indicator
  static constexpr int gap_line = 1;
  static constexpr int changed_word = 8;

  long sci(unsigned message, std::uintptr_t word = 0, std::intptr_t number = 0) const;
  void configure();
  void applyTheme();
  void showNumbers(const std::vector<int>& numbers);

  Role role_;
  std::unique_ptr<EditorHighlighter> highlighter_;
};

}  // namespace berth::desktop
