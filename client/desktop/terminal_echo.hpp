// SPDX-License-Identifier: GPL-3.0-or-later
// Predictive echo of one terminal's view: hands the predictor what is on the surface, what was typed and what
// arrived, and the overlay what to show.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include "client/core/echo_predictor.hpp"

namespace berth::client {
class Terminal;
}

namespace berth::desktop {

class TerminalOverlay;
class TerminalSurface;

class TerminalEcho : public QObject {
  Q_OBJECT

 public:
  TerminalEcho(client::Terminal* terminal, TerminalSurface* surface, TerminalOverlay* overlay,
               QObject* parent);

  /// What the person chose; kept in the settings for all terminals.
  static client::EchoSwitch::Choice choice();
  static void choose(client::EchoSwitch::Choice choice);

  /// `keys` were just given to the terminal.
  void typed(const QByteArray& keys, bool alternate);
  /// Output was shown.
  void looked(bool alternate);
  /// The screen was resized, scrolled or painted anew.
  void reset();
  bool isOn();

 private:
  void look();
  void show();
  void askWhatArrived();
  client::EchoScreen screen() const;

  client::Terminal* terminal_;
  TerminalSurface* surface_;
  TerminalOverlay* overlay_;
  client::EchoSwitch switch_;
  client::EchoPredictor predictor_;
  QElapsedTimer clock_;
  QTimer due_;
  bool alternate_ = false;
  bool asking_ = false;
  std::uint64_t number_ = 0;  // of the newest key
};

}  // namespace berth::desktop
