// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/port_access.hpp"

#include <QDateTime>
#include <array>

namespace berth::client {
namespace {

constexpr qint64 an_hour = 3'600'000;                                              // ms
constexpr std::array<const char*, 3> access_names{"private", "people", "public"};  // as Access

}  // namespace

PortAccess::PortAccess(ServerConnection* server, QString workspace, QObject* parent)
    : QObject(parent), server_(server), workspace_(std::move(workspace)) {}

void PortAccess::take(const rest::GetPorts::Result& answer) {
  ports_.clear();
  for (const auto& [number, name] : answer.ports) {
    const auto port = QString::fromStdString(number).toUShort();
    const auto known = std::ranges::find_if(access_names, [&](const char* one) { return name == one; });
    if (port > 0 && known != access_names.end())
      ports_.insert(port, static_cast<Access>(known - access_names.begin()));
  }
  known_ = true;
  Q_EMIT changed();
}

void PortAccess::load() {
  server_->fetchPorts(workspace_, this, [this](Result<rest::GetPorts::Result> answer) {
    answer ? take(*answer) : Q_EMIT failed(answer.error());
  });
}

void PortAccess::set(quint16 port, Access access) {
  rest::UpdatePorts::Body body;
  body.ports[std::to_string(port)] = access_names.at(static_cast<std::size_t>(access));
  server_->updatePorts(workspace_, body, this, [this](Result<rest::GetPorts::Result> answer) {
    if (answer) return take(*answer);
    Q_EMIT failed(answer.error());
    Q_EMIT changed();
  });
}

void PortAccess::makeLink(quint16 port, int hours) {
  server_->createPortLink(workspace_, port, QDateTime::currentMSecsSinceEpoch() + hours * an_hour, this,
                          [this, port](Result<rest::CreatePortLink::Result> answer) {
                            if (!answer) return Q_EMIT failed(answer.error());
                            Q_EMIT linkMade(port, QString::fromStdString(answer->url));
                          });
}

}  // namespace berth::client
