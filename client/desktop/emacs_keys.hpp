// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of Emacs over the editor, where the person chose that key map: moving, the mark and the region,
// killing and yanking, and C-x with what follows. Keys that are not Emacs' stay the window's.
#pragma once

#include <functional>
#include <map>

#include "client/desktop/editor_feature.hpp"

namespace berth::desktop {

class EmacsKeys : public EditorFeature {
  Q_OBJECT

 public:
  explicit EmacsKeys(CodeEditor* editor);

  static bool isChosen();
  /// What was typed of keys that are not whole yet ("C-x"), or "Mark".
  QString words() const;

 Q_SIGNALS:
  void changed();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void addMotions();
  void addChanges();
  void addWindow();
  bool begins(const QString& keys) const;
  /// With the mark set the region grows with each motion.
  void move(unsigned plain, unsigned extending);
  void kill(long begin, long end, bool appends);
  void dropMark();
  void runWindow(const char* command);

  std::map<QString, std::function<void()>> keys_;  // "C-x C-s" → what it does
  QString typed_;
  bool mark_ = false;
  bool killed_ = false;  // by the key before
};

}  // namespace berth::desktop
