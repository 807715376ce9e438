// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/port_forwarding.hpp"

#include <utility>

#include "client/core/ports.hpp"

namespace berth::client {

using Forward = RememberedPort::Forward;

PortForwarding::PortForwarding(Ports* ports, RememberedPorts remembered, std::function<Automatic()> automatic,
                               std::function<bool()> allowed, QObject* parent)
    : QObject(parent),
      ports_(ports),
      remembered_(std::move(remembered)),
      automatic_(std::move(automatic)),
      allowed_(std::move(allowed)) {
  connect(ports, &Ports::changed, this, &PortForwarding::follow);
  connect(ports, &Ports::opened, this, &PortForwarding::onOpened);
}

/// Those that are always forwarded are, from the first list on.
void PortForwarding::follow() {
  if (!allowed_()) return;
  const auto all = remembered_.all();
  for (auto at = all.begin(); at != all.end(); ++at) {
    const auto port = at.key();
    if (at->forward != Forward::always || ports_->localPort(port) || !ports_->isListening(port)) continue;
    if (ports_->forward(port, at->local)) return;  // which has called this again
    if (!at->local || told_.contains(port)) continue;
    told_.insert(port);
    Q_EMIT taken(port, at->local);
  }
}

void PortForwarding::onOpened(quint16 port) {
  const auto known = remembered_.of(port);
  if (!allowed_() || known.forward != Forward::as_usual || ports_->localPort(port)) return;
  const auto automatic = automatic_();
  if (automatic == Automatic::off) return;
  if (automatic == Automatic::ask || automatic_count_ >= most_automatic) return Q_EMIT offered(port);
  if (const auto local = ports_->forward(port, known.local)) {
    ++automatic_count_;
    Q_EMIT forwarded(port, local);
  } else if (known.local) {
    Q_EMIT taken(port, known.local);
  }
}

quint16 PortForwarding::forward(quint16 port) {
  auto known = remembered_.of(port);
  const auto local = ports_->forward(port, known.local);
  if (!local) {
    if (known.local) Q_EMIT taken(port, known.local);
    return 0;
  }
  known.forward = Forward::always;
  remembered_.set(port, known);
  Q_EMIT changed();
  return local;
}

void PortForwarding::stop(quint16 port) {
  auto known = remembered_.of(port);
  known.forward = Forward::never;
  remembered_.set(port, known);
  ports_->stopForward(port);
  Q_EMIT changed();
}

void PortForwarding::setLabel(quint16 port, const QString& label) {
  auto known = remembered_.of(port);
  known.label = label;
  remembered_.set(port, known);
  Q_EMIT changed();
}

bool PortForwarding::setLocal(quint16 port, quint16 local) {
  if (local && ports_->localPort(port) && !ports_->forward(port, local)) {
    Q_EMIT taken(port, local);
    return false;
  }
  auto known = remembered_.of(port);
  known.local = local;
  remembered_.set(port, known);
  Q_EMIT changed();
  return true;
}

}  // namespace berth::client
