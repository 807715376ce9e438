// SPDX-License-Identifier: GPL-3.0-or-later
// The others in one editor: a caret in each one's colour with a name that fades, and their selections. It
// lies over the editor and lets the mouse through.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>
#include <map>
#include <set>
#include <string>

#include "client/core/presence.hpp"

namespace berth::desktop {

class CodeEditor;

class RemoteCursors : public QWidget {
  Q_OBJECT

 public:
  static constexpr int first_indicator = 12;  // Scintilla's numbers: one of each colour

  /// Also tells `presence` how the document's text changes. Lives as long as the editor.
  RemoteCursors(CodeEditor* editor, client::Document* document, client::Presence* presence);

  struct Caret {
    QString name;
    QRect place;  // in this widget
    int colour;
    qreal name_opacity;
  };
  /// Those in view, as painted now.
  QList<Caret> carets() const;

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Shown {
    std::int64_t head = -1;
    QElapsedTimer since;  // it stands there
  };

  void refresh();
  void applyTheme();
  void paintName(QPainter& painter, const Caret& caret) const;
  qreal nameOpacity(const std::string& session) const;

  CodeEditor* editor_;
  client::Document* document_;
  client::Presence* presence_;
  std::map<std::string, Shown> shown_;  // by session
  std::set<int> marked_;                // colours with a selection
  QTimer fade_;
};

}  // namespace berth::desktop
