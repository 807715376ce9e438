// SPDX-License-Identifier: GPL-3.0-or-later
// Where a part of the program that knows no Application asks for a new start of it.
#pragma once

#include <QObject>

namespace berth::desktop {

class RestartRequest : public QObject {
  Q_OBJECT

 public:
  static RestartRequest* instance();
  /// Somebody hears it.
  bool isHeard() const;
  void make() { Q_EMIT made(); }

 Q_SIGNALS:
  void made();
};

}  // namespace berth::desktop
