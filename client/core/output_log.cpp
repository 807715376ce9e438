// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/output_log.hpp"

#include <QDateTime>
#include <QLocale>

#include "client/core/workspace.hpp"

namespace berth::client {

OutputLog::OutputLog(Workspace* workspace, QObject* parent) : QObject(parent), workspace_(workspace) {
  followConnection();
  followTransfers();
  followImport();
  followPorts();
  connect(workspace, &Workspace::failed, this,
          [this](const QString& problem) { add(Source::workspace, problem, true); });
  connect(workspace, &Workspace::stopRefused, this,
          [this](const QString& reason) { add(Source::workspace, reason, true); });
}

QString OutputLog::name(Source source) {
  switch (source) {
    case Source::connection:
      return tr("Connection");
    case Source::transfers:
      return tr("Uploads and Downloads");
    case Source::import:
      return tr("Import");
    case Source::ports:
      return tr("Ports");
    case Source::workspace:
      break;
  }
  return tr("Workspace");
}

void OutputLog::add(Source source, const QString& text, bool problem) {
  auto line = text.simplified().left(1'000);
  if (line.isEmpty()) return;
  entries_.push_back({QDateTime::currentMSecsSinceEpoch(), source, problem, std::move(line)});
  if (entries_.size() > most) entries_.pop_front();
  Q_EMIT added(entries_.back());
}

void OutputLog::clear() {
  entries_.clear();
  Q_EMIT cleared();
}

void OutputLog::followConnection() {
  auto* connection = workspace_->connection();
  const auto note = [this, connection] {
    QString text;
    bool problem = false;
    switch (connection->state()) {
      case LinkState::idle:
        return;
      case LinkState::connecting:
        text = tr("Connecting…");
        break;
      case LinkState::online:
        return;  // `established` says more
      case LinkState::waiting:
        text = tr("Lost: %1").arg(connection->problem());
        problem = true;
        break;
      case LinkState::stopped:
        text = tr("The workspace does not run.");
        break;
      case LinkState::ended:
        text = tr("Ended: %1").arg(connection->problem());
        problem = true;
        break;
    }
    if (std::exchange(last_state_, text) != text) add(Source::connection, text, problem);
  };
  connect(connection, &WorkspaceConnection::stateChanged, this, note);
  connect(connection, &WorkspaceConnection::established, this, [this](bool resumed) {
    last_state_.clear();
    add(Source::connection,
        resumed ? tr("Connected again; terminals and texts go on.") : tr("Connected; a new session."));
  });
  connect(connection, &WorkspaceConnection::refusedCredential, this,
          [this] { add(Source::connection, tr("The server did not accept the sign-in."), true); });
  connect(connection, &WorkspaceConnection::notice, this,
          [this](const protocol::SessionNotice::Params& notice) {
            add(Source::workspace, QString::fromStdString(notice.text));
          });
}

void OutputLog::noteTransfer(const Transfer* transfer) {
  const auto name = transfer->remote().isEmpty() ? tr("all files") : transfer->remote();
  switch (transfer->state()) {
    case Transfer::State::waiting:
      return add(Source::transfers,
                 (transfer->isUpload() ? tr("Upload of %1 waits.") : tr("Download of %1 waits.")).arg(name));
    case Transfer::State::running:
      return add(
          Source::transfers,
          (transfer->isUpload() ? tr("Upload of %1 begins.") : tr("Download of %1 begins.")).arg(name));
    case Transfer::State::done:
      return add(Source::transfers,
                 (transfer->isUpload() ? tr("Uploaded %1 (%2).") : tr("Downloaded %1 (%2)."))
                     .arg(name, QLocale().formattedDataSize(transfer->bytes())));
    case Transfer::State::failed:
      return add(Source::transfers, tr("%1: %2").arg(name, transfer->problem()), true);
  }
}

void OutputLog::followTransfers() {
  auto* transfers = workspace_->transfers();
  connect(transfers, &QAbstractItemModel::rowsInserted, this,
          [this, transfers](const QModelIndex&, int first, int last) {
            for (int row = first; row <= last; ++row) {
              auto* transfer = transfers->at(row);
              if (!transfer) continue;
              connect(transfer, &Transfer::finished, this, [this, transfer] { noteTransfer(transfer); });
              if (transfer->state() == Transfer::State::running) noteTransfer(transfer);
            }
          });
}

void OutputLog::followImport() {
  connect(workspace_->projectImport(), &ProjectImport::changed, this, [this] {
    const auto& now = workspace_->projectImport()->now();
    if (!now) {
      if (!std::exchange(last_import_, {}).isEmpty()) add(Source::import, tr("Everything has come."));
      return;
    }
    const auto text = QString::fromStdString(now->text);
    if (now->finished) return add(Source::import, QString::fromStdString(now->problem.value_or("")), true);
    // The steps, not each percent of them.
    auto step = text;
    step.removeIf([](QChar character) { return character.isDigit(); });
    if (std::exchange(last_import_, step) != step) add(Source::import, text);
  });
}

void OutputLog::followPorts() {
  auto* ports = workspace_->ports();
  connect(ports, &Ports::opened, this,
          [this](quint16 port) { add(Source::ports, tr("Something listens on port %1.").arg(port)); });
  connect(ports, &Ports::changed, this, [this, ports] {
    const auto now = ports->forwarded();
    for (const auto port : now)
      if (!forwarded_.contains(port))
        add(Source::ports,
            tr("Port %1 is at 127.0.0.1:%2 of this machine.").arg(port).arg(ports->localPort(port)));
    for (const auto port : std::as_const(forwarded_))
      if (!now.contains(port)) add(Source::ports, tr("Port %1 is forwarded no more.").arg(port));
    forwarded_ = now;
  });
}

}  // namespace berth::client
