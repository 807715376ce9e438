// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace berth::client {

/// A tool tip with a text that others wrote. Qt takes what looks like markup for it, and would load the
/// pictures that a file's name may name: so what has a "<" is escaped, everything else stays as it is.
inline QString plain_tip(const QString& text) {
  return text.contains(QLatin1Char('<'))
             ? QStringLiteral("<p style='white-space:pre'>%1</p>").arg(text.toHtmlEscaped())
             : text;
}

}  // namespace berth::client
