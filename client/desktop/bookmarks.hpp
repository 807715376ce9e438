// SPDX-License-Identifier: GPL-3.0-or-later
// Lines that the person marked: they move with the text, keys go from one to the next, and they are there
// again when the file is opened the next time.
#pragma once

#include <QTimer>

#include "client/desktop/editor_feature.hpp"

namespace berth::desktop {

class Bookmarks : public EditorFeature {
  Q_OBJECT

 public:
  static constexpr int marker = 10;  // Scintilla's number

  explicit Bookmarks(CodeEditor* editor);
  /// Where they are kept in the settings; those of there are shown.
  void keepUnder(const QString& key);
  void toggle();
  void toggleLine(long line);
  /// Around the ends.
  void go(bool forward);
  void clear();
  QList<int> lines() const;  // from 1, ascending

 private:
  void applyTheme();
  void restore();
  void store();

  QString key_;
  QTimer changed_;
  bool loaded_ = false;  // there is a text
};

}  // namespace berth::desktop
