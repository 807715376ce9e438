// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/settings_text.hpp"

#include <QCoreApplication>
#include <QRegularExpression>
#include <map>
#include <nlohmann/json.hpp>

#include "client/desktop/editor_commands.hpp"
#include "client/desktop/key_chords.hpp"
#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/settings_table.hpp"

namespace berth::desktop {
namespace {

using protocol::Json;

constexpr qsizetype longest_settings = 256 << 10;  // UTF-16 units

struct Parsed {
  Json json;
  std::optional<SettingsProblem> problem;
};

/// Where the value of this name stands, by its name in quotes: names have nothing that JSON would escape.
SettingsProblem problem_at(const QString& text, const QString& name, const QString& why) {
  const auto quoted = u'"' + name + u'"';
  const auto at = static_cast<int>(text.indexOf(quoted));
  return {QStringLiteral("%1: %2.").arg(name, why), std::max(0, at),
          at < 0 ? 0 : static_cast<int>(quoted.size())};
}

Parsed parse_settings(const QString& text) {
  if (text.size() > longest_settings)
    return {{}, SettingsProblem{QCoreApplication::translate("Settings", "The text is too long."), 0, 0}};
  const auto bytes = text.trimmed().isEmpty() ? std::string("{}") : text.toStdString();
  try {
    auto json = Json::parse(bytes);
    if (!json.is_object())
      return {{},
              SettingsProblem{QCoreApplication::translate("Settings", "The settings must stand in { }."), 0,
                              static_cast<int>(text.size())}};
    return {std::move(json), {}};
  } catch (const Json::parse_error& error) {
    const auto byte = std::min<std::size_t>(error.byte > 0 ? error.byte - 1 : 0, bytes.size());
    const auto before = QString::fromUtf8(bytes.data(), static_cast<qsizetype>(byte));
    const auto line = before.count(u'\n') + 1;
    return {{},
            SettingsProblem{
                QCoreApplication::translate("Settings", "This is not JSON: look at line %1.").arg(line),
                static_cast<int>(std::min(before.size(), text.size())), 1}};
  } catch (const Json::exception&) {  // a number beyond all numbers, and the like
    return {{}, SettingsProblem{QCoreApplication::translate("Settings", "This is not JSON."), 0, 0}};
  }
}

/// Why a value can't be that of the name; "" where it can.
QString why_not(const QString& name, const Json& value) {
  if (const auto* setting = setting_of(name))
    return read_setting(*setting, value) ? QString() : what_fits(*setting);
  if (RoamingSettings::names().contains(name))  // a field that has no row in the table
    return RoamingSettings::fits(name, value.dump())
               ? QString()
               : QCoreApplication::translate("Settings", "has another form");
  if (!name.startsWith(QLatin1String("keys.")))
    return QCoreApplication::translate("Settings", "is no setting");
  const auto command = name.sliced(5);
  const bool known = KeyBindings::instance()->isKnown(command) || RoamingSettings::allChosen().contains(name);
  if (!known) return QCoreApplication::translate("Settings", "is no command");
  if (!value.is_array() || value.size() > 4)
    return QCoreApplication::translate("Settings", "must be a list of at most four keys");
  for (const auto& one : value)
    if (!one.is_string() || keys_of_chord(QString::fromStdString(one.get<std::string>())).isEmpty())
      return QCoreApplication::translate("Settings", "%1 names no keys that can be bound")
          .arg(QString::fromStdString(one.dump(-1, ' ', false, Json::error_handler_t::replace)).left(60));
  return {};
}

std::optional<SettingsProblem> problem_of(const QString& text, const Json& json) {
  for (const auto& [key, value] : json.items()) {
    const auto name = QString::fromStdString(key);
    if (const auto why = why_not(name, value); !why.isEmpty()) return problem_at(text, name.left(120), why);
  }
  return {};
}

}  // namespace

QString settings_text() {
  auto chosen = nlohmann::ordered_json::object();
  auto all = RoamingSettings::allChosen();
  const auto take = [&](const QString& name) {
    if (const auto found = all.find(name); found != all.end() && !found->second.is_null())
      chosen[name.toStdString()] = found->second;
    all.erase(name);
  };
  for (const auto& setting : settings_table()) {
    const auto name = QString::fromLatin1(setting.name);
    if (is_usual(setting)) all.erase(name);
    take(name);  // in the table's order, as the dialog has them
  }
  for (auto rest = all; const auto& [name, value] : rest) take(name);
  return QString::fromStdString(chosen.dump(2)) + u'\n';
}

std::optional<SettingsProblem> problem_in_settings(const QString& text) {
  const auto [json, problem] = parse_settings(text);
  return problem ? problem : problem_of(text, json);
}

std::optional<SettingsProblem> take_settings_text(const QString& text) {
  const auto [json, problem] = parse_settings(text);
  if (problem) return problem;
  if (const auto wrong = problem_of(text, json)) return wrong;
  for (const auto& [name, value] : RoamingSettings::allChosen()) {
    if (json.contains(name.toStdString())) continue;
    if (const auto* setting = setting_of(name))
      reset_setting(*setting);
    else if (name.startsWith(QLatin1String("keys.")))
      RoamingSettings::chooseJson(name, nullptr);
  }
  for (const auto& [name, value] : json.items()) {
    const auto known = QString::fromStdString(name);
    if (const auto* setting = setting_of(known);
        setting && is_usual(*setting) && written_setting(*setting, {}) == value)
      continue;
    RoamingSettings::chooseJson(known, value);
  }
  return {};
}

SettingsOffer offer_in_settings(const QString& text, int cursor) {
  // The line up to the cursor tells: `"editor.word_wrap": "o` or `"edi`.
  const auto here = std::clamp(cursor, 0, static_cast<int>(text.size()));
  const auto line = text.left(here).section(u'\n', -1).section(u'{', -1);
  static const QRegularExpression value(QStringLiteral(R"re(^\s*,?\s*"([a-z_.0-9]+)"\s*:\s*("?[a-z_]*)$)re"));
  static const QRegularExpression name(QStringLiteral(R"re(^(?:.*,)?\s*("?[a-z_.0-9]*)$)re"));
  SettingsOffer offer{0, {}};
  const auto add = [&](const QString& word, const QString& begun) {
    if (word.startsWith(begun) && word != begun) offer.words.append(word);
  };
  if (const auto match = value.match(line); match.hasMatch()) {
    const auto begun = match.captured(2);
    offer.typed = static_cast<int>(begun.size());
    const auto* setting = setting_of(match.captured(1));
    if (!setting) return offer;
    if (setting->kind == SettingKind::yes_or_no)
      for (const auto* word : {"true", "false"}) add(QLatin1String(word), begun);
    for (const auto& one : setting->choices)
      add(QStringLiteral("\"%1\"").arg(QLatin1String(one.value)), begun);
    if (setting->kind == SettingKind::number && begun.isEmpty()) add(QString::number(setting->usual), begun);
    return offer;
  }
  const auto match = name.match(line);
  if (!match.hasMatch()) return offer;
  const auto begun = match.captured(1);
  offer.typed = static_cast<int>(begun.size());
  const auto quoted = begun.startsWith(u'"') ? begun : u'"' + begun;
  const auto fresh = [&](const QString& one) { return !text.contains(u'"' + one + u'"'); };
  QStringList names = RoamingSettings::names();
  if (begun.contains(QLatin1String("keys")))
    for (const auto& entry : KeyBindings::instance()->entries())
      names.append(QStringLiteral("keys.") + entry.id);
  for (const auto& one : names)
    if (const auto word = u'"' + one + u'"'; fresh(one) && word.startsWith(quoted)) offer.words.append(word);
  return offer;
}

}  // namespace berth::desktop
