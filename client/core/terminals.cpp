// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/terminals.hpp"

#include <set>

#include "client/core/request.hpp"

namespace berth::client {

Terminals::Terminals(WorkspaceConnection* connection, QObject* parent)
    : QObject(parent), connection_(connection) {
  connect(connection, &WorkspaceConnection::established, this, &Terminals::list);
  connect(connection, &WorkspaceConnection::terminalChanged, this,
          [this](const protocol::TerminalInfo& info) { take(info); });
  connect(connection, &WorkspaceConnection::terminalClosed, this, [this](const QString& id) {
    if (auto* terminal = find(id.toStdString())) drop(terminal);
  });
}

void Terminals::list() {
  request<protocol::TerminalList>(connection_, {}, this,
                                  [this](Result<protocol::TerminalList::Result> answer) {
                                    if (!answer) return;
                                    std::set<std::string> present;
                                    for (const auto& info : answer->terminals) {
                                      take(info);
                                      present.insert(info.terminal);
                                    }
                                    for (auto* terminal : QList<Terminal*>(terminals_))
                                      if (!present.contains(terminal->info().terminal)) drop(terminal);
                                    programs_.clear();
                                    if (answer->programs)
                                      for (const auto& program : *answer->programs)
                                        programs_.append(QString::fromStdString(program));
                                    listed_ = true;
                                    Q_EMIT listed();
                                  });
}

void Terminals::open(const Start& start, QObject* context, Reply<Terminal*> done) {
  protocol::TerminalOpen::Params params{start.columns, start.rows, {}, {}, {}, {}, start.scrollback};
  if (start.command) params.command = start.command->toStdString();
  if (start.title) params.title = start.title->toStdString();
  if (start.cwd) params.cwd = start.cwd->toStdString();
  if (!start.environment.empty()) params.environment = start.environment;
  request<protocol::TerminalOpen>(connection_, params, this,
                                  [this, reply = guarded<Terminal*>(context, std::move(done))](
                                      Result<protocol::TerminalOpen::Result> answer) {
                                    if (!answer) return reply(std::unexpected(answer.error()));
                                    reply(take(answer->terminal));
                                  });
}

void Terminals::close(Terminal* terminal) {
  request<protocol::TerminalClose>(connection_, {terminal->info().terminal}, this,
                                   [](Result<protocol::Empty>) {});
}

Terminal* Terminals::find(const std::string& id) const {
  for (auto* terminal : terminals_)
    if (terminal->info().terminal == id) return terminal;
  return nullptr;
}

Terminal* Terminals::take(const protocol::TerminalInfo& info) {
  if (auto* known = find(info.terminal)) {
    known->setInfo(info);
    return known;
  }
  auto* terminal = new Terminal(connection_, info, this);
  connect(terminal, &Terminal::gone, this, [this, terminal] { drop(terminal); });
  terminals_.append(terminal);
  Q_EMIT added(terminal);
  return terminal;
}

void Terminals::drop(Terminal* terminal) {
  if (!terminals_.removeOne(terminal)) return;
  Q_EMIT removed(terminal);
  terminal->deleteLater();
}

}  // namespace berth::client
