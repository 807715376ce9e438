// SPDX-License-Identifier: GPL-3.0-or-later
// Which commands are in each other's way by their keys: the same keys, or those of one are how the other's
// begin. Compared as chord texts, so that Shift and what it types are one.
#pragma once

#include <QSet>
#include <QString>
#include <QStringList>
#include <vector>

namespace berth::desktop {

struct CommandKeys {
  QString id;
  QString title;
  QStringList chords;  // as chord_text() writes them
};

struct KeyConflict {
  enum class Kind {
    same,
    begins_other,   // what is pressed first of the other's: that one is never reached
    begun_by_other  // the other is done at its first key
  };
  Kind kind;
  QString title;  // of the other command
  QString chord;  // the other's
};

/// Of `chord`, as the command `id` has it or would have it, with all others.
QList<KeyConflict> key_conflicts(const std::vector<CommandKeys>& all, const QString& id,
                                 const QString& chord);
/// Ids of the commands that have any.
QSet<QString> commands_in_conflict(const std::vector<CommandKeys>& all);
/// Whether pressing `pressed` leads to `chord`: it is that, or begins with it.
bool chord_begins_with(const QString& chord, const QString& pressed);

}  // namespace berth::desktop
