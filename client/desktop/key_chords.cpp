// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/key_chords.hpp"

#include <array>
#include <utility>

namespace berth::desktop {
namespace {

constexpr qsizetype longest_chord_text = 64;

constexpr std::array<std::pair<const char*, Qt::Key>, 15> keys_by_name{{
    {"space", Qt::Key_Space},
    {"down", Qt::Key_Down},
    {"left", Qt::Key_Left},
    {"right", Qt::Key_Right},
    {"up", Qt::Key_Up},
    {"backspace", Qt::Key_Backspace},
    {"delete", Qt::Key_Delete},
    {"end", Qt::Key_End},
    {"enter", Qt::Key_Return},
    {"escape", Qt::Key_Escape},
    {"home", Qt::Key_Home},
    {"insert", Qt::Key_Insert},
    {"pagedown", Qt::Key_PageDown},
    {"pageup", Qt::Key_PageUp},
    {"tab", Qt::Key_Tab},
}};

/// A key that types a sign: without and with Shift. Browsers tell a key's place, Qt what it types: named as a
/// US keyboard has them.
constexpr std::array<std::pair<char, char>, 21> signs_with_shift{
    {{'`', '~'}, {'\\', '|'}, {'[', '{'}, {']', '}'}, {',', '<'}, {'=', '+'}, {'-', '_'},
     {'.', '>'}, {'\'', '"'}, {';', ':'}, {'/', '?'}, {'1', '!'}, {'2', '@'}, {'3', '#'},
     {'4', '$'}, {'5', '%'},  {'6', '^'}, {'7', '&'}, {'8', '*'}, {'9', '('}, {'0', ')'}}};

QString name_of_key(int key, bool shift) {
  if (key == Qt::Key_Enter) key = Qt::Key_Return;
  if (key == Qt::Key_Backtab) key = Qt::Key_Tab;
  for (const auto& [name, code] : keys_by_name)
    if (code == key) return QString::fromLatin1(name);
  if (key >= Qt::Key_F1 && key <= Qt::Key_F24) return QStringLiteral("f%1").arg(key - Qt::Key_F1 + 1);
  if (key >= Qt::Key_A && key <= Qt::Key_Z) return QChar(u'a' + (key - Qt::Key_A));
  for (const auto& [plain, shifted] : signs_with_shift)
    if (key == plain || (shift && key == shifted)) return QChar(QLatin1Char(plain));
  return {};
}

/// Whether it types something: such a key is nobody's who types.
bool types_something(const QString& name) { return name.size() == 1 || name == QLatin1String("space"); }

QString chord_of_key(QKeyCombination key, bool second) {
  const auto held = key.keyboardModifiers() & ~Qt::KeypadModifier;
  if (held & ~(Qt::ControlModifier | Qt::AltModifier | Qt::ShiftModifier)) return {};
  const auto name = name_of_key(key.key(), held.testFlag(Qt::ShiftModifier));
  const bool bare = !(held & (Qt::ControlModifier | Qt::AltModifier));
  if (name.isEmpty() || (bare && !second && types_something(name))) return {};
  QString text;
  if (held & Qt::ControlModifier) text += QStringLiteral("ctrl+");
  if (held & Qt::AltModifier) text += QStringLiteral("alt+");
  if (held & Qt::ShiftModifier) text += QStringLiteral("shift+");
  return text + name;
}

QList<QKeyCombination> keys_of_name(const QString& name, Qt::KeyboardModifiers held) {
  const bool shift = held.testFlag(Qt::ShiftModifier);
  if (name == QLatin1String("tab")) return {QKeyCombination(held, shift ? Qt::Key_Backtab : Qt::Key_Tab)};
  if (name == QLatin1String("enter"))
    return {QKeyCombination(held, Qt::Key_Return), QKeyCombination(held, Qt::Key_Enter)};
  for (const auto& [known, code] : keys_by_name)
    if (name == QLatin1String(known)) return {QKeyCombination(held, code)};
  if (name.size() == 1) {
    const auto sign = name.at(0).toLatin1();
    if (sign >= 'a' && sign <= 'z') return {QKeyCombination(held, Qt::Key(Qt::Key_A + (sign - 'a')))};
    for (const auto& [plain, shifted] : signs_with_shift) {
      if (sign != plain) continue;
      if (!shift) return {QKeyCombination(held, Qt::Key(plain))};
      return {QKeyCombination(held, Qt::Key(plain)), QKeyCombination(held, Qt::Key(shifted))};
    }
    return {};
  }
  bool is_number = false;
  const int number = QStringView(name).mid(1).toInt(&is_number);
  if (!name.startsWith(u'f') || !is_number || number < 1 || number > 24 ||
      name != QStringLiteral("f%1").arg(number))
    return {};
  return {QKeyCombination(held, Qt::Key(Qt::Key_F1 + number - 1))};
}

QList<QKeyCombination> keys_of_one(const QString& text, bool second) {
  auto parts = text.split(u'+');
  const auto name = parts.takeLast();
  Qt::KeyboardModifiers held;
  for (const auto& part : parts) {
    const auto modifier =
        part == QLatin1String("ctrl") || part == QLatin1String("cmd") || part == QLatin1String("meta")
            ? Qt::ControlModifier
        : part == QLatin1String("alt")   ? Qt::AltModifier
        : part == QLatin1String("shift") ? Qt::ShiftModifier
                                         : Qt::NoModifier;
    if (modifier == Qt::NoModifier || held.testFlag(modifier)) return {};
    held |= modifier;
  }
  const auto keys = keys_of_name(name, held);
  if (keys.isEmpty() || chord_of_key(keys.first(), second).isEmpty()) return {};
  return keys;
}

}  // namespace

QString chord_text(const QKeySequence& keys) {
  if (keys.isEmpty() || keys.count() > 2) return {};
  const auto first = chord_of_key(keys[0], false);
  if (keys.count() == 1 || first.isEmpty()) return first;
  const auto second = chord_of_key(keys[1], true);
  return second.isEmpty() ? QString() : first + u' ' + second;
}

QList<QKeySequence> keys_of_chord(const QString& text) {
  if (text.size() > longest_chord_text) return {};
  const auto chords = text.toLower().simplified().split(u' ', Qt::SkipEmptyParts);
  if (chords.isEmpty() || chords.size() > 2) return {};
  QList<QKeySequence> all;
  for (const auto& first : keys_of_one(chords.first(), false)) {
    if (chords.size() == 1) all.append(QKeySequence(first));
    if (chords.size() == 2)
      for (const auto& second : keys_of_one(chords.last(), true)) all.append(QKeySequence(first, second));
  }
  return all;
}

}  // namespace berth::desktop
