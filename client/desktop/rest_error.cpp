// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/rest_error.hpp"

#include <QCoreApplication>

namespace berth::desktop {

QString sentence(const Error& error) {
  auto text = QString::fromStdString(error.message).trimmed();
  if (text.isEmpty()) return QCoreApplication::translate("berth", "That did not work.");
  if (!text.endsWith(QLatin1Char('.')) && !text.endsWith(QLatin1Char('?')) &&
      !text.endsWith(QLatin1Char('!')))
    text += QLatin1Char('.');
  return text;
}

}  // namespace berth::desktop
