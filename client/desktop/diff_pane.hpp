// SPDX-License-Identifier: GPL-3.0-or-later
// One side of a comparison, or both as one text: read-only, with what differs coloured.
#pragma once

#include "client/core/side_by_side.hpp"
#include "client/desktop/scintilla_view.hpp"

namespace berth::desktop {

class DiffPane : public ScintillaView {
  Q_OBJECT

 public:
  enum class Role { left, right, both };
  explicit DiffPane(Role role, QWidget* parent = nullptr);

  /// `columns`: of the longest line of both sides, so that both scroll as far.
  void show(const client::SideBySide::Side& side, const std::vector<bool>& changed, const QString& fileName,
            std::size_t columns);
  void showInline(const client::InlineDifference& texts, const QString& fileName, std::size_t columns);
  void clearText();
  QString text() const;
  int firstRow() const;
  void showRow(int row);
  /// Scrolls to where the other one stands.
  void follow(const DiffPane& other);

 protected:
  void applyTheme() override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  static constexpr int changed_line = 0;  // Scintilla's numbers of markers and of an indicator
  static constexpr int gap_line = 1;
  static constexpr int added_line = 2;
  static constexpr int changed_word = 8;
  static constexpr int added_word = 9;

  void configure();
  void begin(const std::string& text, const QString& fileName, std::size_t columns);
  void showNumbers(const std::vector<int>& numbers);

  Role role_;
};

}  // namespace berth::desktop
