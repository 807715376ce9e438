// SPDX-License-Identifier: GPL-3.0-or-later
// What a new terminal begins with: a name for a command, variables, a folder, and how its tab looks. Those
// that every workspace may have stand here; the person's own are in the settings, and roam.
#pragma once

#include <QIcon>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>
#include <optional>

namespace berth::desktop {

struct TerminalProfile {
  QString name;
  QString command = {};  // run by the login shell; "" is that itself
  QString folder = {};   // relative to home; "" where the terminal beside it is
  QMap<QString, QString> environment = {};
  QString icon = {};    // one of TerminalProfiles::icons()
  QString colour = {};  // one of TerminalProfiles::colours()
  bool operator==(const TerminalProfile&) const = default;
};

class TerminalProfiles {
 public:
  static constexpr int most = 50;

  /// The login shell, then those of `programs` (client::Terminals::programs()) that are known here.
  static QList<TerminalProfile> builtIn(const QStringList& programs);
  static QList<TerminalProfile> own();
  /// Names are made different; what is more than `most` is left out. It roams.
  static void setOwn(const QList<TerminalProfile>& profiles);
  /// The person's own first; one of theirs takes the place of a built-in one of its name.
  static QList<TerminalProfile> all(const QStringList& programs);
  /// What a plain new terminal begins with; the login shell where that one is not there.
  static TerminalProfile usual(const QStringList& programs);
  static void chooseUsual(const QString& name);
  /// The one that a terminal of this command was begun with.
  static std::optional<TerminalProfile> of(const QString& command, const QString& title,
                                           const QStringList& programs);

  /// As it is kept: a list of objects. What is no profile is left out, whatever it is.
  static QByteArray toJson(const QList<TerminalProfile>& profiles);
  static QList<TerminalProfile> fromJson(const QByteArray& json);

  static const QStringList& icons();
  static const QStringList& colours();
  static QString colourName(const QString& colour);
  /// 16 px wide.
  static QIcon icon(const TerminalProfile& profile);
};

}  // namespace berth::desktop
