// SPDX-License-Identifier: GPL-3.0-or-later
// What can be set: each setting's name, words, kind, bounds and usual value, as the web's model/settings.ts
// has them. The dialog, the JSON text and what roams are made from this table; a value that does not fit it
// is never taken, wherever it comes from.
#pragma once

#include <QString>
#include <QVariant>
#include <optional>
#include <string>
#include <vector>

#include "protocol/codec.hpp"

namespace berth::desktop {

enum class SettingKind { yes_or_no, number, choice };
enum class SettingGroup { window, editor, terminal };

struct SettingChoice {
  const char* value;
  const char* label;  // QT_TRANSLATE_NOOP("Settings", …)
};

struct Setting {
  const char* name;  // "editor.font_size", of all clients
  SettingGroup group;
  SettingKind kind;
  const char* title;  // QT_TRANSLATE_NOOP("Settings", …)
  const char* about;  // the same; what it does, in a sentence
  int usual = 0;      // of a choice: its place in `choices`
  int least = 0;      // of a number
  int most = 0;
  const char* unit = "";
  std::vector<SettingChoice> choices{};
  bool by_number = false;  // kept in QSettings as a choice's place, not as its word
  bool at_start = false;   // it counts from the next start on
};

const std::vector<Setting>& settings_table();
/// Null: there is none of this name.
const Setting* setting_of(const QString& name);
/// Where it stands in QSettings: a slash in place of the first dot.
QString key_of(const Setting& setting);
/// As chosen, else usual: a bool, a number, or a choice's word.
QVariant value_of(const Setting& setting);
QVariant usual_value(const Setting& setting);
bool is_usual(const Setting& setting);
/// By the person: it roams, and everything here that shows it follows.
void choose_setting(const Setting& setting, const QVariant& value);
/// As usual from now on.
void reset_setting(const Setting& setting);

/// What QSettings has, as JSON; and back, none where the value is not the setting's.
protocol::Json written_setting(const Setting& setting, const QVariant& stored);
std::optional<QVariant> read_setting(const Setting& setting, const protocol::Json& json);
/// What a value must be: "must be true or false".
QString what_fits(const Setting& setting);

/// In the person's language.
QString setting_words(const char* text);
QString setting_words(SettingGroup group);

}  // namespace berth::desktop
