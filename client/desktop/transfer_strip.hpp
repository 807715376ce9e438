// SPDX-License-Identifier: GPL-3.0-or-later
// Uploads and downloads that are under way, in one line of the status bar.
#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;

namespace berth::client {
class Transfers;
}

namespace berth::desktop {

class TransferStrip : public QWidget {
  Q_OBJECT

 public:
  explicit TransferStrip(client::Transfers* transfers, QWidget* parent = nullptr);

 private:
  void refresh();
  client::Transfers* transfers_;
  QLabel* text_;
  QProgressBar* bar_;
};

}  // namespace berth::desktop
