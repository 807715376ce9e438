// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/key_conflicts.hpp"

#include <QHash>

namespace berth::desktop {

bool chord_begins_with(const QString& chord, const QString& pressed) {
  return !pressed.isEmpty() && chord.startsWith(pressed) &&
         (chord.size() == pressed.size() || chord.at(pressed.size()) == u' ');
}

QList<KeyConflict> key_conflicts(const std::vector<CommandKeys>& all, const QString& id,
                                 const QString& chord) {
  QList<KeyConflict> conflicts;
  if (chord.isEmpty()) return conflicts;
  for (const auto& other : all) {
    if (other.id == id) continue;
    for (const auto& its : other.chords) {
      if (its == chord)
        conflicts.append({KeyConflict::Kind::same, other.title, its});
      else if (chord_begins_with(its, chord))
        conflicts.append({KeyConflict::Kind::begins_other, other.title, its});
      else if (chord_begins_with(chord, its))
        conflicts.append({KeyConflict::Kind::begun_by_other, other.title, its});
    }
  }
  return conflicts;
}

QSet<QString> commands_in_conflict(const std::vector<CommandKeys>& all) {
  // A list of some hundreds that is asked for at each change: by their texts, not each with each.
  QHash<QString, QSet<QString>> owners, beginnings;
  for (const auto& one : all)
    for (const auto& chord : one.chords) {
      owners[chord].insert(one.id);
      if (const auto blank = chord.indexOf(u' '); blank > 0) beginnings[chord.first(blank)].insert(one.id);
    }
  QSet<QString> out;
  for (auto at = owners.cbegin(); at != owners.cend(); ++at) {
    if (at->size() > 1) out += *at;
    const auto longer = beginnings.value(at.key()) - *at;
    if (!longer.isEmpty()) out += longer + *at;
  }
  return out;
}

}  // namespace berth::desktop
