// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/translation.hpp"

#include <QCoreApplication>
#include <QFile>
#include <QLibraryInfo>
#include <QLocale>
#include <QSettings>
#include <QTranslator>

// Outside of any namespace, as Qt's macro wants it.
static void load_translations() { Q_INIT_RESOURCE(translations); }

namespace berth::desktop {

bool install_language(QCoreApplication* application, const QString& language) {
  load_translations();
  const auto code = language.section(u'_', 0, 0).section(u'-', 0, 0);
  auto* own = new QTranslator(application);
  if (!own->load(QStringLiteral(":/berth/translations/berth_%1.qm").arg(code))) {
    delete own;
    return false;
  }
  // The dialogs that Qt has itself, where its translations are installed.
  auto* of_qt = new QTranslator(application);
  if (of_qt->load(QStringLiteral("qtbase_") + code, QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
    QCoreApplication::installTranslator(of_qt);
  else
    delete of_qt;
  QCoreApplication::installTranslator(own);
  return true;
}

QString chosen_language() {
  const auto chosen = QSettings().value(QStringLiteral("workbench/language")).toString();
  if (!chosen.isEmpty() && chosen != QLatin1String("system")) return chosen;
  load_translations();
  // In the order that the person prefers; English needs no file.
  for (const auto& language : QLocale::system().uiLanguages(QLocale::TagSeparator::Underscore)) {
    const auto code = language.section(u'_', 0, 0);
    if (code == QLatin1String("en") ||
        QFile::exists(QStringLiteral(":/berth/translations/berth_%1.qm").arg(code)))
      return code;
  }
  return QStringLiteral("en");
}

QString& shown_language() {
  static QString language = QStringLiteral("en");
  return language;
}

void install_translation(QCoreApplication* application) {
  shown_language() = chosen_language();
  if (shown_language() != QLatin1String("en")) install_language(application, shown_language());
}

}  // namespace berth::desktop
