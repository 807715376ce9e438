// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/roaming_settings.hpp"

#include <QDateTime>
#include <QGuiApplication>
#include <QRegularExpression>
#include <QSettings>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/file_icons.hpp"
#include "client/desktop/key_chords.hpp"
#include "client/desktop/settings_table.hpp"
#include "client/desktop/terminal_profiles.hpp"
#include "client/desktop/theme.hpp"
#include "protocol/codec.hpp"

namespace berth::desktop {
namespace {

using namespace std::chrono_literals;
using client::rest::Preference;
using protocol::Json;

constexpr auto gathering = 500ms;  // several choices go together
constexpr auto retry_pause = 15s;
constexpr qsizetype most_roaming_keys = 4;  // of one command
constexpr qint64 look_pause = 30'000;       // ms between two looks because a window was looked at

QString unsent_key() { return QStringLiteral("roaming/unsent"); }

/// A field that roams: its name for all clients, its place in QSettings, and how its value is written.
struct Field {
  QString name;
  QString key;
  std::function<Json(const QVariant&)> written;              // an invalid value: nothing was chosen
  std::function<std::optional<QVariant>(const Json&)> read;  // none: no value that this release knows
};

Json written_profiles(const QVariant& stored) {
  return protocol::parse_json(stored.toString().toStdString()).value_or(Json::array());
}

/// As it will be read: what is no profile is not kept.
std::optional<QVariant> read_profiles(const Json& json) {
  if (!json.is_array()) return {};
  const auto profiles = TerminalProfiles::fromJson(QByteArray::fromStdString(protocol::to_text(json)));
  return QString::fromUtf8(TerminalProfiles::toJson(profiles));
}

/// As the web's model/settings.ts has them.
const std::vector<Field>& roaming_fields() {
  static const auto all = [] {
    std::vector<Field> fields;
    for (const auto& setting : settings_table())
      fields.push_back({QString::fromLatin1(setting.name), key_of(setting),
                        [&setting](const QVariant& stored) { return written_setting(setting, stored); },
                        [&setting](const Json& json) { return read_setting(setting, json); }});
    // Terminal profiles: a list, and the name of one.
    fields.push_back({QStringLiteral("terminal.profiles"), QStringLiteral("terminal/profiles"),
                      written_profiles, read_profiles});
    fields.push_back({QStringLiteral("terminal.default_profile"), QStringLiteral("terminal/default_profile"),
                      [](const QVariant& stored) { return Json(stored.toString().toStdString()); },
                      [](const Json& json) {
                        return json.is_string() && json.get_ref<const std::string&>().size() <= 200
                                   ? std::optional<QVariant>(QString::fromStdString(json.get<std::string>()))
                                   : std::nullopt;
                      }});
    return fields;
  }();
  return all;
}

/// The keys of a command; null where it has its usual ones.
Json written_keys(const QVariant& value) {
  if (!value.isValid()) return nullptr;
  auto texts = Json::array();
  for (const auto& text : value.toStringList())
    if (!text.isEmpty()) texts.push_back(text.toStdString());
  return texts;
}

std::optional<QVariant> read_keys(const Json& json) {
  if (json.is_null()) return QVariant();
  if (!json.is_array()) return {};
  QStringList texts;
  for (const auto& text : json) {
    if (!text.is_string() || texts.size() >= most_roaming_keys) continue;
    const auto keys = keys_of_chord(QString::fromStdString(text.get<std::string>()));
    if (keys.isEmpty()) continue;
    if (const auto one = chord_text(keys.first()); !texts.contains(one)) texts.append(one);
  }
  if (texts.isEmpty() && !json.empty()) return {};
  return texts.isEmpty() ? QVariant(QString()) : QVariant(texts);
}

/// Of a command that only the other client has, too: its keys are kept and change nothing here.
std::optional<Field> field_of_keys(const QString& command) {
  static const QRegularExpression possible(QStringLiteral("^[a-z0-9_.]{1,80}$"),
                                           QRegularExpression::DontCaptureOption);
  if (!possible.match(command).hasMatch()) return {};
  return Field{QStringLiteral("keys.") + command, QStringLiteral("keys/") + command, written_keys, read_keys};
}

std::optional<Field> field_of_key(const QString& key) {
  for (const auto& field : roaming_fields())
    if (key == field.key) return field;
  if (key.startsWith(QLatin1String("keys/"))) return field_of_keys(key.sliced(5));
  return {};
}

std::optional<Field> field_of_name(const QString& name) {
  for (const auto& field : roaming_fields())
    if (name == field.name) return field;
  if (name.startsWith(QLatin1String("keys."))) return field_of_keys(name.sliced(5));
  return {};
}

QPointer<RoamingSettings>& the_one() {
  static QPointer<RoamingSettings> instance;
  return instance;
}

void keep_value(const QString& key, const QVariant& value) {
  value.isValid() ? QSettings().setValue(key, value) : QSettings().remove(key);
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
  keep_value(key, value);
  const auto field = field_of_key(key);
  if (field && the_one()) the_one()->chosen(field->name);
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
    const auto field = field_of_name(at.key());
    body.preferences.push_back({field->name.toStdString(),
                                protocol::to_text(field->written(QSettings().value(field->key))),
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
  const auto field = field_of_name(name);
  const auto json = protocol::parse_json(preference.value);
  if (!field || unsent_.contains(name) || !json) return;
  const auto value = field->read(*json);
  if (!value) return;
  // Read back from a file a value may be of another type: what would be written is compared.
  const bool was_chosen = QSettings().contains(field->key);
  if (was_chosen == value->isValid() &&
      (!was_chosen || field->written(QSettings().value(field->key)) == field->written(*value)))
    return;
  keep_value(field->key, *value);
  tell(field->key);
  Q_EMIT taken(field->key);
}

void RoamingSettings::tell(const QString& key) {
  if (key == QLatin1String("theme"))
    Theme::instance()->choose(static_cast<ThemeChoice>(QSettings().value(key).toInt()));
  if (key == QLatin1String("workbench/icon_theme")) refresh_file_icons();
  if (key.startsWith(QLatin1String("keys/")))
    Q_EMIT KeyBindings::instance()->changed();
  else
    Q_EMIT EditorChoices::instance()->changed();
}

std::map<QString, Json> RoamingSettings::allChosen() {
  std::map<QString, Json> all;
  QSettings settings;
  for (const auto& field : roaming_fields())
    if (const auto value = settings.value(field.key); value.isValid()) all[field.name] = field.written(value);
  settings.beginGroup(QStringLiteral("keys"));
  for (const auto& command : settings.childKeys())
    if (const auto field = field_of_keys(command)) all[field->name] = field->written(settings.value(command));
  return all;
}

bool RoamingSettings::chooseJson(const QString& name, const Json& value) {
  const auto field = field_of_name(name);
  if (!field) return false;
  const auto read = field->read(value);
  if (!read) return false;
  const auto now = QSettings().value(field->key);
  if (now.isValid() == read->isValid() && (!now.isValid() || field->written(now) == field->written(*read)))
    return true;
  choose(field->key, *read);
  tell(field->key);
  return true;
}

QStringList RoamingSettings::names() {
  QStringList all;
  for (const auto& field : roaming_fields()) all.append(field.name);
  return all;
}

bool RoamingSettings::fits(const QString& name, const std::string& value) {
  const auto field = field_of_name(name);
  const auto json = protocol::parse_json(value);
  return field && json && field->read(*json);
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
