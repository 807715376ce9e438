// SPDX-License-Identifier: GPL-3.0-or-later
// The timeline: versions, newest first, under the day they were made on; and how versions are called.
#pragma once

#include <QWidget>

#include "client/core/history.hpp"

class QLabel;
class QListWidget;
class QPushButton;

namespace berth::desktop {

/// What the person calls it, or what made it.
QString title_of(const client::History::Version& version);
QString time_of(const client::History::Version& version);

class VersionList : public QWidget {
  Q_OBJECT

 public:
  explicit VersionList(client::History* history, QWidget* parent = nullptr);
  QListWidget* list() { return list_; }

 private:
  void refresh();
  void refreshChosen();

  client::History* history_;
  QListWidget* list_;
  QLabel* hint_;
  QPushButton* again_;
  QPushButton* more_;
};

}  // namespace berth::desktop
