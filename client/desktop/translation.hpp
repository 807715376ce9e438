// SPDX-License-Identifier: GPL-3.0-or-later
// The language of menus and messages: the system's or the one that the person chose, where there is a
// translation (translations/*.ts, compiled into the program); English otherwise.
#pragma once

#include <QString>

class QCoreApplication;

namespace berth::desktop {

/// Before the first window: what is shown already does not change.
void install_translation(QCoreApplication* application);
/// What install_translation() has chosen, "en" before; and what it would choose now.
QString& shown_language();
QString chosen_language();
/// As install_translation() would, of this language ("de", "de_AT"); false where there is none but English.
bool install_language(QCoreApplication* application, const QString& language);

}  // namespace berth::desktop
