// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a file by a few letters of its name. "name:12" opens it at a line; ">" leads to the commands, "@"
// to symbols and ":" to a line of the text that shows, as in VS Code.
#pragma once

#include <QStringList>

#include "client/desktop/list_popup.hpp"

namespace berth::client {
class FileIndex;
}

namespace berth::desktop {

class QuickOpen : public ListPopup {
  Q_OBJECT

 public:
  /// Shown at the top of `window`; deletes itself when it is left. `recent`: what comes first with nothing
  /// typed.
  QuickOpen(client::FileIndex* index, QStringList recent, QWidget* window);

 Q_SIGNALS:
  /// `line` from 1, 0 for none; `aside`: in a group beside.
  void chosen(const QString& path, int line, bool aside);
  /// ">", "@" or ":" was typed first: another popup is meant; this one is closed.
  void otherWanted(QChar kind);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void fill() override;
  void choose() override;
  void take(bool aside);

  client::FileIndex* index_;
  QStringList recent_;
};

}  // namespace berth::desktop
