// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/ports.hpp"

#include <algorithm>

#include "client/core/plain_tip.hpp"
#include "client/core/port_forward.hpp"
#include "client/core/request.hpp"

namespace berth::client {

Ports::Ports(WorkspaceConnection* connection, QObject* parent)
    : QAbstractTableModel(parent), connection_(connection) {
  connect(connection, &WorkspaceConnection::portsChanged, this, &Ports::take);
  connect(connection, &WorkspaceConnection::established, this, [this] {
    request<protocol::PortList>(connection_, {}, this, [this](Result<protocol::PortList::Result> answer) {
      if (answer) take(std::move(answer->ports));
    });
  });
}

Ports::~Ports() = default;

void Ports::take(std::vector<protocol::Port> ports) {
  // A server often listens on IPv4 and IPv6: one row is enough.
  std::ranges::stable_sort(ports, {}, &protocol::Port::port);
  const auto rest = std::ranges::unique(ports, {}, &protocol::Port::port);
  ports.erase(rest.begin(), rest.end());
  std::vector<quint16> fresh;
  for (const auto& port : ports)
    if (!isListening(port.port)) fresh.push_back(port.port);
  beginResetModel();
  ports_ = std::move(ports);
  endResetModel();
  const bool first = !std::exchange(known_, true);
  if (!first)
    for (const auto port : fresh) Q_EMIT opened(port);
  Q_EMIT changed();
}

bool Ports::isListening(quint16 port) const {
  return std::ranges::find(ports_, port, &protocol::Port::port) != ports_.end();
}

quint16 Ports::forward(quint16 port, quint16 wanted) {
  const auto known = localPort(port);
  if (known && (!wanted || known == wanted)) return known;
  auto forward = std::make_unique<PortForward>(connection_, port);
  if (!(wanted ? forward->listen(wanted) : forward->listen())) return 0;
  const auto local = forward->localPort();
  forwards_[port] = std::move(forward);
  forwardChanged(port);
  return local;
}

QList<quint16> Ports::forwarded() const {
  QList<quint16> all;
  for (const auto& [port, forward] : forwards_) all.append(port);
  return all;
}

QString Ports::process(quint16 port) const {
  const auto found = std::ranges::find(ports_, port, &protocol::Port::port);
  return found == ports_.end() ? QString() : QString::fromStdString(found->process);
}

void Ports::stopForward(quint16 port) {
  if (forwards_.erase(port)) forwardChanged(port);
}

quint16 Ports::localPort(quint16 port) const {
  const auto found = forwards_.find(port);
  return found == forwards_.end() ? 0 : found->second->localPort();
}

void Ports::forwardChanged(quint16 port) {
  for (int row = 0; row < rowCount(); ++row)
    if (ports_[static_cast<std::size_t>(row)].port == port)
      Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
  Q_EMIT changed();
}

int Ports::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(ports_.size());
}

int Ports::columnCount(const QModelIndex&) const { return ColumnCount; }

QVariant Ports::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const auto& port = ports_[static_cast<std::size_t>(index.row())];
  const auto local = localPort(port.port);
  if (role == PortRole) return port.port;
  if (role == LocalPortRole) return local;
  if (role == Qt::ToolTipRole)
    return plain_tip(tr("Listens on %1").arg(QString::fromStdString(port.address)));
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case PortColumn:
      return QString::number(port.port);
    case ProcessColumn:
      return port.process.empty() ? tr("unknown") : QString::fromStdString(port.process);
    case ForwardColumn:
      return local ? QStringLiteral("localhost:%1").arg(local) : QString();
    default:
      return {};
  }
}

QVariant Ports::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case PortColumn:
      return tr("Port");
    case ProcessColumn:
      return tr("Program");
    case ForwardColumn:
      return tr("On this machine");
    default:
      return {};
  }
}

}  // namespace berth::client
