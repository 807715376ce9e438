// SPDX-License-Identifier: GPL-3.0-or-later
// The person's choices as one JSON text, and back, as the web's model/settings_text.ts has it:
// { "theme": "dark", "editor.font_size": 15, "keys.save": ["ctrl+s"] }. What the text leaves out is as usual.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>

namespace berth::desktop {

/// What was chosen otherwise than usual.
QString settings_text();

struct SettingsProblem {
  QString message;
  int begin;  // UTF-16 units: the place in the text that is wrong
  int length;
};
/// Why the text can't be taken; none where it can.
std::optional<SettingsProblem> problem_in_settings(const QString& text);
/// Takes all of the text, or nothing and tells why.
std::optional<SettingsProblem> take_settings_text(const QString& text);

struct SettingsOffer {
  int typed;  // UTF-16 units before the cursor that the words replace
  QStringList words;
};
/// What may stand at the cursor: names of settings, or the values of the one whose value is typed.
SettingsOffer offer_in_settings(const QString& text, int cursor);

}  // namespace berth::desktop
