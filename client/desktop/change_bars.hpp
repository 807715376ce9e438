// SPDX-License-Identifier: GPL-3.0-or-later
// Beside each line, whether it is another one than when the file was opened here: new, changed, or with
// something deleted before it; whoever did it. Keys go from one change to the next.
#pragma once

#include <QTimer>

#include "client/desktop/editor_feature.hpp"

namespace berth::desktop {

class ChangeBars : public EditorFeature {
  Q_OBJECT

 public:
  static constexpr int added = 11;  // Scintilla's numbers of markers
  static constexpr int changed = 12;
  static constexpr int deleted = 13;

  explicit ChangeBars(CodeEditor* editor);
  void go(bool forward);
  /// Kinds by line, from 1; for those that have one.
  QMap<int, int> bars() const;

 private:
  struct Marks {
    std::vector<std::pair<long, int>> lines;  // from 0, with the marker
  };
  static Marks compare(const std::string& before, const std::string& now);
  void look();
  void show(const Marks& marks);
  void applyTheme();

  std::string before_;  // the text as it was opened
  bool known_ = false;
  bool busy_ = false;
  bool again_ = false;
  QTimer due_;
};

}  // namespace berth::desktop
