// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/restart_request.hpp"

#include <QCoreApplication>
#include <QMetaMethod>
#include <QPointer>

namespace berth::desktop {

RestartRequest* RestartRequest::instance() {
  static QPointer<RestartRequest> one;
  if (!one) {
    one = new RestartRequest;
    one->setParent(QCoreApplication::instance());
  }
  return one;
}

bool RestartRequest::isHeard() const {
  return isSignalConnected(QMetaMethod::fromSignal(&RestartRequest::made));
}

}  // namespace berth::desktop
