// SPDX-License-Identifier: GPL-3.0-or-later
// The bars over a text that speak of its way to the workspace: typed offline and kept here, brought back
// after a crash, changed by both sides meanwhile, taken away by a change on disk.
#pragma once

#include <QTimer>
#include <QWidget>
#include <optional>

#include "client/core/document.hpp"

namespace berth::desktop {

class MessageBar;
class TextComparison;

class DocumentNotices : public QWidget {
  Q_OBJECT

 public:
  /// Both outlive this; `text` is what the person sees.
  DocumentNotices(client::Document* document, const client::DocumentBuffer* text, QWidget* parent = nullptr);

  MessageBar* offlineBar() { return offline_; }
  MessageBar* restoredBar() { return restored_; }
  MessageBar* conflictBar() { return conflict_; }
  MessageBar* removedBar() { return removed_; }

 private:
  void refresh();
  void refreshOffline();
  void refreshRestored();
  void refreshConflict();
  void addRemoval(const client::DiskRemoval& removal);
  void refreshRemoved();
  void compare(const QString& title, const QString& leftName, std::string left, const QString& rightName,
               std::string right);

  client::Document* document_;
  const client::DocumentBuffer* text_;
  MessageBar* conflict_;
  MessageBar* offline_;
  MessageBar* restored_;
  MessageBar* removed_;
  QTimer grace_;  // a drop that is mended at once is not worth a bar
  std::optional<client::DiskRemoval> removal_;
};

}  // namespace berth::desktop
