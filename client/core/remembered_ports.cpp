// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/remembered_ports.hpp"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>

namespace berth::client {
namespace {

constexpr int highest_port = 65'535;

quint16 port_in(const QJsonValue& json) {
  const int number = json.toInt();
  return number > 0 && number <= highest_port ? static_cast<quint16>(number) : quint16(0);
}

QString ports_key(const QString& workspace) { return QStringLiteral("workspaces/%1/ports").arg(workspace); }

}  // namespace

RememberedPorts::RememberedPorts(const QString& workspace, const QString& earlier)
    : key_(ports_key(workspace)) {
  QSettings settings;
  if (const auto old = settings.value(ports_key(earlier)); !earlier.isEmpty() && old.isValid()) {
    if (!settings.contains(key_)) settings.setValue(key_, old);
    settings.remove(ports_key(earlier));
  }
  const auto stored = QJsonDocument::fromJson(QSettings().value(key_).toByteArray()).object();
  for (auto at = stored.begin(); at != stored.end() && ports_.size() < most; ++at) {
    const auto port = at.key().toUShort();
    const auto entry = at.value().toObject();
    if (port == 0) continue;
    using Forward = RememberedPort::Forward;
    const auto forward = entry.value(QLatin1String("forward"));
    ports_[port] = {entry.value(QLatin1String("label")).toString().left(longest_label),
                    port_in(entry.value(QLatin1String("local"))),
                    !forward.isBool()  ? Forward::as_usual
                    : forward.toBool() ? Forward::always
                                       : Forward::never};
  }
}

void RememberedPorts::set(quint16 port, RememberedPort remembered) {
  if (port == 0) return;
  remembered.label = remembered.label.simplified().left(longest_label);
  if (remembered == RememberedPort{}) {
    ports_.remove(port);
  } else if (ports_.contains(port) || ports_.size() < most) {
    ports_[port] = remembered;
  }
  QJsonObject stored;
  for (auto at = ports_.begin(); at != ports_.end(); ++at) {
    QJsonObject entry;
    if (!at->label.isEmpty()) entry.insert(QLatin1String("label"), at->label);
    if (at->local) entry.insert(QLatin1String("local"), at->local);
    if (at->forward != RememberedPort::Forward::as_usual)
      entry.insert(QLatin1String("forward"), at->forward == RememberedPort::Forward::always);
    stored.insert(QString::number(at.key()), entry);
  }
  if (stored.isEmpty())
    QSettings().remove(key_);
  else
    QSettings().setValue(key_, QJsonDocument(stored).toJson(QJsonDocument::Compact));
}

}  // namespace berth::client
