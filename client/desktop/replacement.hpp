// SPDX-License-Identifier: GPL-3.0-or-later
// What takes the place of something that was found. No widgets.
#pragma once

#include <QRegularExpression>
#include <QString>

namespace berth::desktop {

/// VS Code's form: $1, $0 or $&, $$, ${name}; \n, \t, \\; \u \l \U \L give what follows another case, until
/// \E. A group that the expression lacks stays as it is written.
QString expand_replacement(const QString& written, const QRegularExpressionMatch& found);

/// `replacement` in the case of `found`: all of it large or small, or its first letter; piece by piece where
/// both have as many between hyphens or underscores.
QString in_case_of(const QString& found, const QString& replacement);

}  // namespace berth::desktop
