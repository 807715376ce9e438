// SPDX-License-Identifier: GPL-3.0-or-later
// What of a text the person wants to see: blanks as marks, rulers at columns, long lines broken, the map
// beside it, the headers above it. One choice for all editors; it roams.
#pragma once

#include <QVariant>

#include "client/desktop/editor_feature.hpp"

class QMenu;

namespace berth::desktop {

class EditorLook : public EditorFeature {
  Q_OBJECT

 public:
  explicit EditorLook(CodeEditor* editor);

  static bool whitespace();
  static int ruler();  // column; 0: none
  static bool wraps();
  static bool minimap();
  static bool stickyHeader();
  static bool completion();
  static bool detectsIndentation();
  /// Chooses the other of two values: what is a choice of yes or no here may have more for the web.
  static void turn(const char* key);
  /// Each as something to check, in a menu.
  static void fillMenu(QMenu* menu);

 private:
  void apply();
};

/// Tells every editor and terminal of the process that something about them was chosen anew, here or
/// elsewhere.
class EditorChoices : public QObject {
  Q_OBJECT

 public:
  static EditorChoices* instance();
  /// By the person; it roams.
  void choose(const char* key, const QVariant& value);
  static QVariant value(const char* key, const QVariant& usual);
  /// "editor/font_size" or "terminal/font_size", in px of 1/96 inch.
  static int fontSize(const char* key);
  void enlarge(const char* key, int by, int most);

 Q_SIGNALS:
  void changed();
};

}  // namespace berth::desktop
