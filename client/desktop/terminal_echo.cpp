// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_echo.hpp"

#include <QSettings>

#include "client/core/terminal.hpp"
#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/terminal_overlay.hpp"
#include "client/desktop/terminal_surface.hpp"

namespace berth::desktop {

using client::EchoSwitch;

namespace {

QString echo_key() { return QStringLiteral("terminal/echo"); }

}  // namespace

TerminalEcho::TerminalEcho(client::Terminal* terminal, TerminalSurface* surface, TerminalOverlay* overlay,
                           QObject* parent)
    : QObject(parent), terminal_(terminal), surface_(surface), overlay_(overlay) {
  clock_.start();
  due_.setSingleShot(true);
  due_.setTimerType(Qt::PreciseTimer);
  connect(&due_, &QTimer::timeout, this, &TerminalEcho::look);
}

EchoSwitch::Choice TerminalEcho::choice() {
  const auto text = QSettings().value(echo_key()).toString();
  return text == QLatin1String("on")    ? EchoSwitch::Choice::on
         : text == QLatin1String("off") ? EchoSwitch::Choice::off
                                        : EchoSwitch::Choice::automatic;
}

void TerminalEcho::choose(EchoSwitch::Choice choice) {
  RoamingSettings::choose(echo_key(), choice == EchoSwitch::Choice::on    ? QStringLiteral("on")
                                      : choice == EchoSwitch::Choice::off ? QStringLiteral("off")
                                                                          : QStringLiteral("auto"));
}

bool TerminalEcho::isOn() {
  switch_.choose(choice());
  if (terminal_->roundTrip() >= 0) switch_.measured(terminal_->roundTrip());
  return switch_.isOn();
}

void TerminalEcho::typed(const QByteArray& keys, bool alternate) {
  alternate_ = alternate;
  if (predictor_.isIdle() && (alternate || !isOn())) return;
  look();
  predictor_.typed({keys.constData(), static_cast<std::size_t>(keys.size())}, ++number_, clock_.elapsed());
  show();
  if (!asking_) askWhatArrived();
}

void TerminalEcho::askWhatArrived() {
  asking_ = true;
  terminal_->whenKeysArrived(this, [this, number = number_] {
    asking_ = false;
    look();
    predictor_.acknowledged(number, clock_.elapsed());
    show();
    if (number < number_) askWhatArrived();
  });
}

void TerminalEcho::looked(bool alternate) {
  alternate_ = alternate;
  if (!predictor_.isIdle()) look();
}

void TerminalEcho::look() {
  if (surface_->isScrolledBack()) {
    predictor_.reset();
  } else {
    predictor_.look(screen(), clock_.elapsed());
  }
  show();
}

void TerminalEcho::show() {
  overlay_->setPrediction(predictor_.shown());
  if (const auto at = predictor_.due()) {
    due_.start(static_cast<int>(std::max<std::int64_t>(1, *at - clock_.elapsed())));
  } else {
    due_.stop();
  }
}

void TerminalEcho::reset() {
  predictor_.reset();
  show();
}

client::EchoScreen TerminalEcho::screen() const {
  const auto cells = surface_->cells();
  const auto cursor = surface_->cursor();
  return {cells.width(), cells.height(), alternate_, cursor.y(), cursor.x(), surface_->cursorLine()};
}

}  // namespace berth::desktop
