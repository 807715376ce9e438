// SPDX-License-Identifier: GPL-3.0-or-later
// The ports that programs of the workspace listen on, and which of them are forwarded to this machine.
#pragma once

#include <QAbstractTableModel>
#include <QList>
#include <map>
#include <memory>
#include <vector>

#include "protocol/messages.hpp"

namespace berth::client {

class PortForward;
class WorkspaceConnection;

class Ports : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Columns { PortColumn, ProcessColumn, ForwardColumn, ColumnCount };
  enum Roles { PortRole = Qt::UserRole + 1, LocalPortRole };  // local port: 0 when not forwarded

  explicit Ports(WorkspaceConnection* connection, QObject* parent = nullptr);
  ~Ports() override;

  bool isListening(quint16 port) const;
  const std::vector<protocol::Port>& ports() const { return ports_; }
  /// The local port, or 0 when it could not be opened. With `wanted` that one or none: what was forwarded to
  /// another one before moves, or stays where the wanted one is taken.
  quint16 forward(quint16 port, quint16 wanted = 0);
  void stopForward(quint16 port);
  quint16 localPort(quint16 port) const;
  /// All that are forwarded, also where nothing listens now.
  QList<quint16> forwarded() const;
  bool isKnown() const { return known_; }
  /// The program that listens; empty where that is not told.
  QString process(quint16 port) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

 Q_SIGNALS:
  void changed();
  /// A port began to listen, after the first list.
  void opened(quint16 port);

 private:
  void take(std::vector<protocol::Port> ports);
  void forwardChanged(quint16 port);

  WorkspaceConnection* connection_;
  std::vector<protocol::Port> ports_;  // one a number, ascending
  std::map<quint16, std::unique_ptr<PortForward>> forwards_;
  bool known_ = false;
};

}  // namespace berth::client
