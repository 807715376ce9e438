// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_profiles.hpp"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>
#include <QSettings>
#include <algorithm>
#include <array>

#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/terminal_schemes.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr qsizetype longest_name = 60;
constexpr qsizetype longest_profile_command = 4'000;
constexpr qsizetype longest_folder = 1'000;
constexpr qsizetype most_variables = 100;
constexpr qsizetype longest_variable = 4'000;

QString profiles_key() { return QStringLiteral("terminal/profiles"); }
QString usual_profile_key() { return QStringLiteral("terminal/default_profile"); }

/// Programs that talk, by what a person calls them; shells by their names alone, so that the runner adds to
/// them what tells of prompts.
struct KnownProgram {
  const char* program;
  const char* name;
  const char* command;
  const char* icon;
};
constexpr std::array<KnownProgram, 11> known_programs{{
    {"bash", "bash", "bash", "dialog-scripts"},
    {"zsh", "zsh", "zsh", "dialog-scripts"},
    {"fish", "fish", "fish", "dialog-scripts"},
    {"nu", "Nushell", "nu", "dialog-scripts"},
    {"pwsh", "PowerShell", "pwsh", "dialog-scripts"},
    {"python3", "Python", "python3", "code-context"},
    {"ipython", "IPython", "ipython", "code-context"},
    {"node", "Node.js", "node", "code-context"},
    {"deno", "Deno", "deno repl", "code-context"},
    {"irb", "Ruby", "irb", "code-context"},
    {"tmux", "tmux", "tmux new-session -A -s berth", "view-split-left-right"},
}};

bool is_variable(const QString& name) {
  return !name.isEmpty() && name.size() <= longest_name && !name.contains(u'=') && !name.contains(QChar(0));
}

/// Without what could not be sent, and within its bounds.
TerminalProfile tidied(TerminalProfile profile) {
  const auto plain = [](QString text, qsizetype longest) {
    text.removeIf([](QChar c) { return c.isNull(); });
    return text.trimmed().left(longest);
  };
  profile.name = profile.name.simplified().left(longest_name);
  profile.command = plain(profile.command, longest_profile_command);
  profile.folder = plain(profile.folder, longest_folder);
  while (profile.folder.startsWith(u'/') || profile.folder.startsWith(QLatin1String("~")))
    profile.folder.removeFirst();
  QMap<QString, QString> variables;
  for (auto at = profile.environment.begin(); at != profile.environment.end(); ++at)
    if (is_variable(at.key()) && variables.size() < most_variables)
      variables[at.key()] = plain(at.value(), longest_variable);
  profile.environment = variables;
  if (!TerminalProfiles::icons().contains(profile.icon)) profile.icon.clear();
  if (!TerminalProfiles::colours().contains(profile.colour)) profile.colour.clear();
  return profile;
}

}  // namespace

const QStringList& TerminalProfiles::icons() {
  static const QStringList all{QStringLiteral("dialog-scripts"),       QStringLiteral("code-context"),
                               QStringLiteral("code-function"),        QStringLiteral("media-playback-start"),
                               QStringLiteral("network-server"),       QStringLiteral("network-connect"),
                               QStringLiteral("document-edit"),        QStringLiteral("internet-services"),
                               QStringLiteral("view-split-left-right")};
  return all;
}

const QStringList& TerminalProfiles::colours() {
  static const QStringList all{QStringLiteral("red"),  QStringLiteral("green"),   QStringLiteral("yellow"),
                               QStringLiteral("blue"), QStringLiteral("magenta"), QStringLiteral("cyan")};
  return all;
}

QString TerminalProfiles::colourName(const QString& colour) {
  static constexpr std::array<const char*, 6> names{
      QT_TRANSLATE_NOOP("TerminalProfiles", "Red"),     QT_TRANSLATE_NOOP("TerminalProfiles", "Green"),
      QT_TRANSLATE_NOOP("TerminalProfiles", "Yellow"),  QT_TRANSLATE_NOOP("TerminalProfiles", "Blue"),
      QT_TRANSLATE_NOOP("TerminalProfiles", "Magenta"), QT_TRANSLATE_NOOP("TerminalProfiles", "Cyan")};
  const auto at = colours().indexOf(colour);
  return QCoreApplication::translate("TerminalProfiles",
                                     at < 0 ? QT_TRANSLATE_NOOP("TerminalProfiles", "As the theme has it")
                                            : names.at(static_cast<std::size_t>(at)));
}

QIcon TerminalProfiles::icon(const TerminalProfile& profile) {
  const auto name = profile.icon.isEmpty() ? icons().first() : profile.icon;
  const auto at = colours().indexOf(profile.colour);
  if (at < 0) return Theme::icon(name, Theme::Tint::muted);
  // Sharp on every screen: drawn as large as any has it.
  auto pixels = Theme::icon(name).pixmap(QSize(16, 16), 3.0);
  QPainter painter(&pixels);
  painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
  painter.fillRect(QRect(0, 0, 16, 16), TerminalSchemes::current().colours[static_cast<std::size_t>(at) + 1]);
  painter.end();
  return QIcon(pixels);
}

QList<TerminalProfile> TerminalProfiles::builtIn(const QStringList& programs) {
  QList<TerminalProfile> profiles{{QCoreApplication::translate("TerminalProfiles", "Login Shell")}};
  for (const auto& known : known_programs)
    if (programs.contains(QLatin1String(known.program)))
      profiles.append({.name = QString::fromLatin1(known.name),
                       .command = QString::fromLatin1(known.command),
                       .icon = QString::fromLatin1(known.icon)});
  return profiles;
}

QList<TerminalProfile> TerminalProfiles::own() {
  return fromJson(QSettings().value(profiles_key()).toString().toUtf8());
}

void TerminalProfiles::setOwn(const QList<TerminalProfile>& profiles) {
  // By way of its JSON: what is kept is what will be read.
  const auto kept = fromJson(toJson(profiles));
  RoamingSettings::choose(profiles_key(),
                          kept.isEmpty() ? QVariant() : QVariant(QString::fromUtf8(toJson(kept))));
}

QList<TerminalProfile> TerminalProfiles::all(const QStringList& programs) {
  auto profiles = own();
  for (const auto& profile : builtIn(programs))
    if (!std::ranges::contains(profiles, profile.name, &TerminalProfile::name)) profiles.append(profile);
  return profiles;
}

TerminalProfile TerminalProfiles::usual(const QStringList& programs) {
  const auto name = QSettings().value(usual_profile_key()).toString();
  const auto profiles = all(programs);
  const auto found = std::ranges::find(profiles, name, &TerminalProfile::name);
  return found == profiles.end() ? builtIn({}).first() : *found;
}

void TerminalProfiles::chooseUsual(const QString& name) {
  RoamingSettings::choose(usual_profile_key(),
                          name == builtIn({}).first().name ? QVariant() : QVariant(name));
}

std::optional<TerminalProfile> TerminalProfiles::of(const QString& command, const QString& title,
                                                    const QStringList& programs) {
  if (command.isEmpty()) return {};
  const auto profiles = all(programs);
  for (const auto& profile : profiles)
    if (profile.command == command && profile.name == title) return profile;
  const auto found = std::ranges::find(profiles, command, &TerminalProfile::command);
  return found == profiles.end() ? std::nullopt : std::optional(*found);
}

QByteArray TerminalProfiles::toJson(const QList<TerminalProfile>& profiles) {
  QJsonArray list;
  for (const auto& profile : profiles) {
    QJsonObject entry{{QStringLiteral("name"), profile.name}};
    const auto put = [&](const char* name, const QString& text) {
      if (!text.isEmpty()) entry.insert(QLatin1String(name), text);
    };
    put("command", profile.command);
    put("folder", profile.folder);
    put("icon", profile.icon);
    put("colour", profile.colour);
    QJsonObject variables;
    for (auto at = profile.environment.begin(); at != profile.environment.end(); ++at)
      variables.insert(at.key(), at.value());
    if (!variables.isEmpty()) entry.insert(QLatin1String("environment"), variables);
    list.append(entry);
  }
  return QJsonDocument(list).toJson(QJsonDocument::Compact);
}

QList<TerminalProfile> TerminalProfiles::fromJson(const QByteArray& json) {
  QList<TerminalProfile> profiles;
  for (const auto& value : QJsonDocument::fromJson(json).array()) {
    if (profiles.size() == most) break;
    const auto entry = value.toObject();
    const auto text = [&](const char* name) { return entry.value(QLatin1String(name)).toString(); };
    TerminalProfile profile{text("name"), text("command"), text("folder"), {}, text("icon"), text("colour")};
    const auto variables = entry.value(QLatin1String("environment")).toObject();
    for (auto at = variables.begin(); at != variables.end(); ++at)
      if (at.value().isString()) profile.environment[at.key()] = at.value().toString();
    profile = tidied(std::move(profile));
    if (profile.name.isEmpty()) continue;
    const auto base = profile.name;
    for (int i = 2; std::ranges::contains(profiles, profile.name, &TerminalProfile::name); ++i)
      profile.name = QStringLiteral("%1 %2").arg(base).arg(i);
    profiles.append(std::move(profile));
  }
  return profiles;
}

}  // namespace berth::desktop
