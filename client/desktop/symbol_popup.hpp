// SPDX-License-Identifier: GPL-3.0-or-later
// Goes to a symbol of the text by its name, or to a line by its number; the text shows where, and goes back
// when nothing is chosen.
#pragma once

#include <cstdint>
#include <vector>

#include "client/core/outline.hpp"
#include "client/desktop/list_popup.hpp"

namespace berth::desktop {

class CodeEditor;

class SymbolPopup : public ListPopup {
  Q_OBJECT

 public:
  /// Shows itself over the window and goes by itself. `typed`: ":" to begin with a line's number.
  SymbolPopup(CodeEditor* editor, const QString& typed, QWidget* window);

 protected:
  void hideEvent(QHideEvent* event) override;

 private:
  void fill() override;
  void choose() override;
  void preview();
  /// "12" or "12:5" after a colon; 0 where there is none.
  std::pair<int, int> typedPlace() const;

  CodeEditor* editor_;
  std::vector<client::Symbol> all_;
  std::int64_t begun_at_;
  std::int64_t begun_top_;
  bool chosen_ = false;
};

}  // namespace berth::desktop
