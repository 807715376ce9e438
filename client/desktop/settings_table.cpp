// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/settings_table.hpp"

#include <QCoreApplication>
#include <QSettings>
#include <algorithm>

#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/terminal_schemes.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

using protocol::Json;

Setting yes(const char* name, SettingGroup group, bool usual, const char* title, const char* about) {
  return {name, group, SettingKind::yes_or_no, title, about, usual ? 1 : 0};
}

Setting number(const char* name, SettingGroup group, int usual, int least, int most, const char* unit,
               const char* title, const char* about) {
  return {name, group, SettingKind::number, title, about, usual, least, most, unit};
}

Setting choice(const char* name, SettingGroup group, const char* title, const char* about,
               std::vector<SettingChoice> choices, int usual = 0) {
  return {name, group, SettingKind::choice, title, about, usual, 0, 0, "", std::move(choices)};
}

Setting theme_setting() {
  auto setting =
      choice("theme", SettingGroup::window, QT_TRANSLATE_NOOP("Settings", "Colour theme"),
             QT_TRANSLATE_NOOP("Settings", "Light, dark, of high contrast, or as the system has it."),
             {{"system", QT_TRANSLATE_NOOP("Settings", "As the system has it")},  // the order of ThemeChoice
              {"light", QT_TRANSLATE_NOOP("Settings", "Light")},
              {"dark", QT_TRANSLATE_NOOP("Settings", "Dark")},
              {"contrast_light", QT_TRANSLATE_NOOP("Settings", "High contrast, light")},
              {"contrast_dark", QT_TRANSLATE_NOOP("Settings", "High contrast, dark")}});
  setting.by_number = true;
  return setting;
}

Setting language_setting() {
  auto setting = choice(
      "workbench.language", SettingGroup::window, QT_TRANSLATE_NOOP("Settings", "Language"),
      QT_TRANSLATE_NOOP("Settings",
                        "Of menus and messages. It counts from the next start on, which brings everything "
                        "back that is open."),
      {{"system", QT_TRANSLATE_NOOP("Settings", "As the system has it")},
       {"en", "English"},
       {"de", "Deutsch"}});
  setting.at_start = true;
  return setting;
}

std::vector<Setting> window_settings() {
  constexpr auto group = SettingGroup::window;
  return {theme_setting(), language_setting(),
          choice("workbench.icon_theme", group, QT_TRANSLATE_NOOP("Settings", "File icons"),
                 QT_TRANSLATE_NOOP("Settings", "The pictures before the names of files and folders."),
                 {{"breeze", QT_TRANSLATE_NOOP("Settings", "Breeze")},
                  {"system", QT_TRANSLATE_NOOP("Settings", "The system's")},
                  {"none", QT_TRANSLATE_NOOP("Settings", "None")}}),
          yes("workbench.tray", group, true, QT_TRANSLATE_NOOP("Settings", "Icon beside the clock"),
              QT_TRANSLATE_NOOP("Settings",
                                "Where the desktop has a place for it: what is open, what runs, and the way "
                                "back to it."))};
}

std::vector<Setting> editor_settings() {
  constexpr auto group = SettingGroup::editor;
  return {
      number("editor.font_size", group, Theme::usual_code_size, 8, 40, QT_TRANSLATE_NOOP("Settings", "px"),
             QT_TRANSLATE_NOOP("Settings", "Font size"),
             QT_TRANSLATE_NOOP("Settings", "Of text in the editor.")),
      choice("editor.key_map", group, QT_TRANSLATE_NOOP("Settings", "Key map"),
             QT_TRANSLATE_NOOP(
                 "Settings",
                 "How keys edit text: as in VS Code, or with the modes of Vim or the keys of Emacs over it."),
             {{"vscode", QT_TRANSLATE_NOOP("Settings", "VS Code")},
              {"vim", QT_TRANSLATE_NOOP("Settings", "Vim")},
              {"emacs", QT_TRANSLATE_NOOP("Settings", "Emacs")}}),
      number("editor.tab_size", group, 4, 1, 16, QT_TRANSLATE_NOOP("Settings", "columns"),
             QT_TRANSLATE_NOOP("Settings", "Tab size"),
             QT_TRANSLATE_NOOP("Settings",
                               "How wide a step of indentation is where the file itself does not show it.")),
      yes("editor.insert_spaces", group, true, QT_TRANSLATE_NOOP("Settings", "Indent with spaces"),
          QT_TRANSLATE_NOOP("Settings", "Where the file itself does not show what it uses.")),
      yes("editor.detect_indentation", group, true, QT_TRANSLATE_NOOP("Settings", "Detect indentation"),
          QT_TRANSLATE_NOOP("Settings", "Take tab size and spaces from the file.")),
      choice("editor.word_wrap", group, QT_TRANSLATE_NOOP("Settings", "Long lines"),
             QT_TRANSLATE_NOOP("Settings", "Alt+Z changes it."),
             {{"off", QT_TRANSLATE_NOOP("Settings", "Long lines run on")},
              {"on", QT_TRANSLATE_NOOP("Settings", "Wrap at the edge")}}),
      yes("editor.minimap", group, true, QT_TRANSLATE_NOOP("Settings", "Minimap"),
          QT_TRANSLATE_NOOP("Settings", "The whole file in small at the right edge, where there is room.")),
      yes("editor.sticky_scroll", group, true, QT_TRANSLATE_NOOP("Settings", "Sticky scroll"),
          QT_TRANSLATE_NOOP("Settings", "Keep the beginnings of the blocks you are in at the top.")),
      // Those that Scintilla can't draw are kept for the web, and read here as "none".
      choice("editor.render_whitespace", group, QT_TRANSLATE_NOOP("Settings", "White space"),
             QT_TRANSLATE_NOOP("Settings", "Where blanks and tabs are drawn."),
             {{"none", QT_TRANSLATE_NOOP("Settings", "Never")},
              {"selection", QT_TRANSLATE_NOOP("Settings", "In what is selected (in the browser)")},
              {"trailing", QT_TRANSLATE_NOOP("Settings", "At the ends of lines (in the browser)")},
              {"all", QT_TRANSLATE_NOOP("Settings", "Everywhere")}},
             1),
      yes("editor.completion", group, true, QT_TRANSLATE_NOOP("Settings", "Suggestions"),
          QT_TRANSLATE_NOOP("Settings", "Offer words while typing; Ctrl+Space offers them in any case.")),
      number("editor.ruler", group, 0, 0, 400, QT_TRANSLATE_NOOP("Settings", "columns"),
             QT_TRANSLATE_NOOP("Settings", "Ruler"),
             QT_TRANSLATE_NOOP("Settings", "A line at this column; 0 for none.")),
      choice("editor.cursor_style", group, QT_TRANSLATE_NOOP("Settings", "Cursor"),
             QT_TRANSLATE_NOOP("Settings", "Its shape in the editor."),
             {{"line", QT_TRANSLATE_NOOP("Settings", "Line")},
              {"block", QT_TRANSLATE_NOOP("Settings", "Block")},
              {"underline", QT_TRANSLATE_NOOP("Settings", "Underline (in the browser)")}}),
  };
}

std::vector<Setting> terminal_settings() {
  constexpr auto group = SettingGroup::terminal;
  return {
      number("terminal.font_size", group, Theme::usual_code_size, 8, 32, QT_TRANSLATE_NOOP("Settings", "px"),
             QT_TRANSLATE_NOOP("Settings", "Font size"),
             QT_TRANSLATE_NOOP("Settings", "Of letters in terminals.")),
      choice("terminal.cursor_style", group, QT_TRANSLATE_NOOP("Settings", "Cursor"),
             QT_TRANSLATE_NOOP("Settings", "Its shape in terminals where the program asks for none."),
             {{"block", QT_TRANSLATE_NOOP("Settings", "Block")},
              {"bar", QT_TRANSLATE_NOOP("Settings", "Line")},
              {"underline", QT_TRANSLATE_NOOP("Settings", "Underline")}}),
      yes("terminal.cursor_blink", group, true, QT_TRANSLATE_NOOP("Settings", "Blinking cursor"),
          QT_TRANSLATE_NOOP("Settings", "In the terminal that has the keys.")),
      number("terminal.scrollback", group, 10'000, 100, 100'000, QT_TRANSLATE_NOOP("Settings", "lines"),
             QT_TRANSLATE_NOOP("Settings", "Lines above the screen"),
             QT_TRANSLATE_NOOP("Settings", "How many a terminal keeps.")),
      choice("terminal.echo", group, QT_TRANSLATE_NOOP("Settings", "Show keys ahead"),
             QT_TRANSLATE_NOOP("Settings", "Before the workspace has answered; underlined until it has."),
             {{"auto", QT_TRANSLATE_NOOP("Settings", "On slow connections")},
              {"on", QT_TRANSLATE_NOOP("Settings", "Always")},
              {"off", QT_TRANSLATE_NOOP("Settings", "Never")}}),
      yes("terminal.notifications", group, true, QT_TRANSLATE_NOOP("Settings", "Notifications"),
          QT_TRANSLATE_NOOP("Settings", "When a long command ends in a terminal that nobody looks at.")),
      choice("terminal.color_scheme", group, QT_TRANSLATE_NOOP("Settings", "Colours"),
             QT_TRANSLATE_NOOP("Settings", "Of what programs print in terminals."),
             terminal_scheme_choices()),
      yes("terminal.copy_on_selection", group, false, QT_TRANSLATE_NOOP("Settings", "Copy what is selected"),
          QT_TRANSLATE_NOOP("Settings", "At once, without a key.")),
      yes("terminal.paste_warning", group, true,
          QT_TRANSLATE_NOOP("Settings", "Ask before several lines are pasted"),
          QT_TRANSLATE_NOOP("Settings", "Where the program would run each of them.")),
      choice("ports.auto_forward", group, QT_TRANSLATE_NOOP("Settings", "New ports of the workspace"),
             QT_TRANSLATE_NOOP("Settings", "Whether they get a number on this machine."),
             {{"ask", QT_TRANSLATE_NOOP("Settings", "Ask")},
              {"on", QT_TRANSLATE_NOOP("Settings", "Forward them")},
              {"off", QT_TRANSLATE_NOOP("Settings", "Only those that I choose")}}),
  };
}

std::optional<int> place_of(const Setting& setting, const QString& word) {
  for (std::size_t i = 0; i < setting.choices.size(); ++i)
    if (word == QLatin1String(setting.choices[i].value)) return static_cast<int>(i);
  return {};
}

QString word_at(const Setting& setting, int place) {
  const auto at = static_cast<std::size_t>(place);
  return QString::fromLatin1(setting.choices.at(at < setting.choices.size() ? at : 0).value);
}

}  // namespace

const std::vector<Setting>& settings_table() {
  static const auto all = [] {
    auto table = window_settings();
    for (auto part : {editor_settings(), terminal_settings()})
      table.insert(table.end(), part.begin(), part.end());
    return table;
  }();
  return all;
}

const Setting* setting_of(const QString& name) {
  const auto found = std::ranges::find_if(
      settings_table(), [&](const Setting& setting) { return name == QLatin1String(setting.name); });
  return found == settings_table().end() ? nullptr : &*found;
}

QString key_of(const Setting& setting) {
  auto key = QString::fromLatin1(setting.name);
  if (const auto dot = key.indexOf(u'.'); dot >= 0) key[dot] = u'/';
  return key;
}

QVariant usual_value(const Setting& setting) {
  if (setting.kind == SettingKind::yes_or_no) return setting.usual != 0;
  if (setting.kind == SettingKind::number) return setting.usual;
  return word_at(setting, setting.usual);
}

QVariant value_of(const Setting& setting) {
  const auto stored = QSettings().value(key_of(setting));
  if (!stored.isValid()) return usual_value(setting);
  if (setting.kind == SettingKind::yes_or_no) return stored.toBool();
  if (setting.kind == SettingKind::number) return std::clamp(stored.toInt(), setting.least, setting.most);
  if (setting.by_number) return word_at(setting, stored.toInt());
  return place_of(setting, stored.toString()) ? stored.toString() : usual_value(setting).toString();
}

bool is_usual(const Setting& setting) { return value_of(setting) == usual_value(setting); }

void choose_setting(const Setting& setting, const QVariant& value) {
  if (value == value_of(setting)) return;
  auto stored = value;
  if (setting.by_number) stored = place_of(setting, value.toString()).value_or(0);
  RoamingSettings::choose(key_of(setting), stored);
  RoamingSettings::tell(key_of(setting));
}

void reset_setting(const Setting& setting) {
  if (!QSettings().contains(key_of(setting))) return;
  // Told as a value: "not chosen" would leave the other devices as they are.
  choose_setting(setting, usual_value(setting));
}

Json written_setting(const Setting& setting, const QVariant& stored) {
  if (!stored.isValid())
    return written_setting(setting, setting.by_number ? QVariant(setting.usual) : usual_value(setting));
  if (setting.kind == SettingKind::yes_or_no) return stored.toBool();
  if (setting.kind == SettingKind::number) return stored.toInt();
  return (setting.by_number ? word_at(setting, stored.toInt()) : stored.toString()).toStdString();
}

std::optional<QVariant> read_setting(const Setting& setting, const Json& json) {
  if (setting.kind == SettingKind::yes_or_no)
    return json.is_boolean() ? std::optional<QVariant>(json.get<bool>()) : std::nullopt;
  if (setting.kind == SettingKind::number) {
    const bool possible = json.is_number_integer() && json >= setting.least && json <= setting.most;
    return possible ? std::optional<QVariant>(json.get<int>()) : std::nullopt;
  }
  if (!json.is_string()) return {};
  const auto word = QString::fromStdString(json.get<std::string>());
  const auto place = place_of(setting, word);
  if (!place) return {};
  return setting.by_number ? QVariant(*place) : QVariant(word);
}

QString what_fits(const Setting& setting) {
  if (setting.kind == SettingKind::yes_or_no)
    return QCoreApplication::translate("Settings", "must be true or false");
  if (setting.kind == SettingKind::number)
    return QCoreApplication::translate("Settings", "must be a whole number from %1 to %2")
        .arg(setting.least)
        .arg(setting.most);
  QStringList values;
  for (const auto& one : setting.choices)
    values.append(QStringLiteral("\"%1\"").arg(QLatin1String(one.value)));
  const auto last = values.takeLast();
  return QCoreApplication::translate("Settings", "must be %1 or %2")
      .arg(values.join(QStringLiteral(", ")), last);
}

QString setting_words(const char* text) { return QCoreApplication::translate("Settings", text); }

QString setting_words(SettingGroup group) {
  switch (group) {
    case SettingGroup::window:
      return QCoreApplication::translate("Settings", "Window");
    case SettingGroup::editor:
      return QCoreApplication::translate("Settings", "Editor");
    case SettingGroup::terminal:
      return QCoreApplication::translate("Settings", "Terminals");
  }
  return {};
}

}  // namespace berth::desktop
