// SPDX-License-Identifier: GPL-3.0-or-later
// How an answer comes back: a call that is made once, on the GUI thread, unless its context object is gone by
// then.
#pragma once

#include <QPointer>
#include <functional>
#include <utility>

#include "protocol/error.hpp"

namespace berth::client {

template <class T>
using Reply = std::function<void(Result<T>)>;

/// `done`, made harmless once `context` is destroyed.
template <class T>
Reply<T> guarded(QObject* context, Reply<T> done) {
  return [guard = QPointer<QObject>(context), done = std::move(done)](Result<T> result) {
    if (guard && done) done(std::move(result));
  };
}

}  // namespace berth::client
