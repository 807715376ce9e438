// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/roaming_settings.hpp"

#include <QDateTime>
#include <QGuiApplication>
#include <QSettings>
#include <array>
#include <utility>

#include "client/desktop/theme.hpp"
#include "protocol/codec.hpp"

namespace berth::desktop {
namespace {

using namespace std::chrono_literals;
using client::rest::Preference;
using protocol::Json;

constexpr auto gathering = 500ms;  // several choices go together
constexpr auto retry_pause = 15s;
constexpr qint64 look_pause = 30'000;  // ms between two looks because a window was looked at

QString unsent_key() { return QStringLiteral("roaming/unsent"); }

/// A field that roams: its name for all clients, its place in QSettings, and how its value is written.
struct Field {
  const char* name;
  const char* key;
  Json (*written)(const QVariant&);
  QVariant (*read)(const Json&);  // invalid: no value that this release knows
};

constexpr std::array<const char*, 3> theme_names{"system", "light", "dark"};  // as ThemeChoice

QVariant known_word(const Json& json, std::initializer_list<const char*> words) {
  for (const char* word : words)
    if (json.is_string() && json.get<std::string>() == word) return QString::fromLatin1(word);
  return {};
}

constexpr std::array<Field, 4> roaming_fields{{
    {"theme", "theme",
     [](const QVariant& value) {
       const auto choice = static_cast<std::size_t>(value.toInt());
       return Json(theme_names.at(choice < theme_names.size() ? choice : 0));
     },
     [](const Json& json) {
       for (std::size_t i = 0; i < theme_names.size(); ++i)
         if (json == theme_names.at(i)) return QVariant(static_cast<int>(i));
       return QVariant();
     }},
    {"terminal.echo", "terminal/echo",
     [](const QVariant& value) { return Json(value.toString().toStdString()); },
     [](const Json& json) { return known_word(json, {"auto", "on", "off"}); }},
    {"terminal.scrollback", "terminal/scrollback", [](const QVariant& value) { return Json(value.toInt()); },
     [](const Json& json) {
       const bool possible = json.is_number_integer() && json >= 100 && json <= 100'000;
       return possible ? QVariant(json.get<int>()) : QVariant();
     }},
    {"terminal.notifications", "terminal/notifications",
     [](const QVariant& value) { return Json(value.toBool()); },
     [](const Json& json) { return json.is_boolean() ? QVariant(json.get<bool>()) : QVariant(); }},
}};

const Field* field_of_key(const QString& key) {
  for (const auto& field : roaming_fields)
    if (key == QLatin1String(field.key)) return &field;
  return nullptr;
}

const Field* field_of_name(const QString& name) {
  for (const auto& field : roaming_fields)
    if (name == QLatin1String(field.name)) return &field;
  return nullptr;
}

QPointer<RoamingSettings>& the_one() {
  static QPointer<RoamingSettings> instance;
  return instance;
}

}  // namespace

RoamingSettings::RoamingSettings(QObject* parent) : QObject(parent) {
  the_one() = this;
  const auto stored = QSettings().value(unsent_key()).toMap();
  for (auto at = stored.begin(); at != stored.end(); ++at)
    if (field_of_name(at.key())) unsent_[at.key()] = at.value().toLongLong();
  due_.setSingleShot(true);
  connect(&due_, &QTimer::timeout, this, &RoamingSettings::exchange);
  connect(qApp, &QGuiApplication::applicationStateChanged, this,
          [this, looked = qint64(0)](Qt::ApplicationState state) mutable {
            const auto now = QDateTime::currentMSecsSinceEpoch();
            if (state != Qt::ApplicationActive || now - looked < look_pause) return;
            looked = now;
            exchange();
          });
}

void RoamingSettings::choose(const QString& key, const QVariant& value) {
  QSettings().setValue(key, value);
  const auto* field = field_of_key(key);
  if (field && the_one()) the_one()->chosen(QString::fromLatin1(field->name));
}

void RoamingSettings::chosen(const QString& name) {
  unsent_[name] = QDateTime::currentMSecsSinceEpoch();
  remember();
  due_.start(gathering);
}

void RoamingSettings::follow(client::ServerConnection* server) {
  const auto account = server && server->account() ? server->account()->id : std::string();
  // What somebody chose while signed in is theirs, not the next one's.
  if (!account_.empty() && account != account_) {
    unsent_.clear();
    remember();
  }
  account_ = account;
  server_ = account.empty() ? nullptr : server;
  if (server_) due_.start(0);
}

void RoamingSettings::exchange() {
  if (busy_ || !server_) return;
  busy_ = true;
  const auto answer = [this, sent = unsent_,
                       account = account_](const Result<client::rest::Preferences>& all) {
    busy_ = false;
    if (account == account_) answered(sent, all);
  };
  if (unsent_.isEmpty()) return server_->fetchPreferences(this, answer);
  client::rest::UpdatePreferences::Body body;
  const auto now = QDateTime::currentMSecsSinceEpoch();
  for (auto at = unsent_.begin(); at != unsent_.end(); ++at) {
    const auto* field = field_of_name(at.key());
    body.preferences.push_back(
        {field->name, protocol::to_text(field->written(QSettings().value(QLatin1String(field->key)))),
         std::max<qint64>(0, now - at.value())});
  }
  server_->updatePreferences(body, this, answer);
}

void RoamingSettings::answered(const QHash<QString, qint64>& sent,
                               const Result<client::rest::Preferences>& answer) {
  if (!answer) {
    const bool never = answer.error().code == ErrorCode::invalid_argument ||
                       answer.error().code == ErrorCode::limit_exceeded;
    if (never) {  // it would be refused for ever
      unsent_.clear();
      remember();
    } else if (!unsent_.isEmpty()) {
      due_.start(retry_pause);
    }
    return;
  }
  unsent_.removeIf([&](auto at) { return sent.value(at.key(), -1) == at.value(); });
  remember();
  for (const auto& preference : answer->preferences) take(preference);
  if (!unsent_.isEmpty()) due_.start(gathering);
}

void RoamingSettings::take(const Preference& preference) {
  const auto name = QString::fromStdString(preference.name);
  const auto* field = field_of_name(name);
  const auto json = protocol::parse_json(preference.value);
  if (!field || unsent_.contains(name) || !json) return;
  const auto value = field->read(*json);
  const auto key = QString::fromLatin1(field->key);
  if (!value.isValid() || QSettings().value(key) == value) return;
  QSettings().setValue(key, value);
  if (key == QLatin1String("theme")) Theme::instance()->choose(static_cast<ThemeChoice>(value.toInt()));
  Q_EMIT taken(key);
}

void RoamingSettings::remember() const {
  QVariantMap stored;
  for (auto at = unsent_.begin(); at != unsent_.end(); ++at) stored[at.key()] = at.value();
  if (stored.isEmpty())
    QSettings().remove(unsent_key());
  else
    QSettings().setValue(unsent_key(), stored);
}

}  // namespace berth::desktop
