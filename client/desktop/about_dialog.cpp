// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/about_dialog.hpp"

#include <Qsci/qsciglobal.h>
#include <zlib.h>

#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSysInfo>
#include <QTabBar>
#include <QTabWidget>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <boost/version.hpp>
#include <nlohmann/json.hpp>

#include "client/desktop/theme.hpp"
#include "protocol/version.hpp"

namespace berth::desktop {
namespace {

struct UsedLibrary {
  QString name;
  QString version;  // "" where it does not say
  QString licence;  // SPDX
};

QList<UsedLibrary> used_libraries() {
  return {
      {QStringLiteral("Qt"), QString::fromLatin1(qVersion()), QStringLiteral("LGPL-3.0-only")},
      {QStringLiteral("QScintilla"), QStringLiteral(QSCINTILLA_VERSION_STR), QStringLiteral("GPL-3.0-only")},
      {QStringLiteral("Scintilla"), {}, QStringLiteral("HPND")},
      {QStringLiteral("QTermWidget"), {}, QStringLiteral("GPL-2.0-or-later")},
      {QStringLiteral("KSyntaxHighlighting"), {}, QStringLiteral("MIT")},
      {QStringLiteral("Breeze Icons"), {}, QStringLiteral("LGPL-3.0-or-later")},
      {QStringLiteral("QtKeychain"), {}, QStringLiteral("BSD-3-Clause")},
      {QStringLiteral("Boost"), QString::fromLatin1(BOOST_LIB_VERSION).replace(u'_', u'.'),
       QStringLiteral("BSL-1.0")},
      {QStringLiteral("nlohmann-json"),
       QStringLiteral("%1.%2.%3")
           .arg(NLOHMANN_JSON_VERSION_MAJOR)
           .arg(NLOHMANN_JSON_VERSION_MINOR)
           .arg(NLOHMANN_JSON_VERSION_PATCH),
       QStringLiteral("MIT")},
      {QStringLiteral("zlib"), QString::fromLatin1(zlibVersion()), QStringLiteral("Zlib")},
      {QStringLiteral("utf8proc"), {}, QStringLiteral("MIT")},
  };
}

QString release_of_program() {
  return QString::fromUtf8(protocol::release.data(), static_cast<qsizetype>(protocol::release.size()));
}

QString version_of_wire() {
  return QStringLiteral("%1.%2").arg(protocol::version_major).arg(protocol::version_minor);
}

QList<std::pair<QString, QString>> versions_told() {
  const auto built = QStringLiteral(QT_VERSION_STR);
  const auto runs = QString::fromLatin1(qVersion());
  return {
      {AboutDialog::tr("Version"), release_of_program()},
      {AboutDialog::tr("Protocol"), version_of_wire()},
      {QStringLiteral("Qt"), runs == built ? runs : AboutDialog::tr("%1, built with %2").arg(runs, built)},
      {AboutDialog::tr("Windows"), QGuiApplication::platformName()},
      {AboutDialog::tr("System"), QSysInfo::prettyProductName()},
      {AboutDialog::tr("Kernel"), QSysInfo::kernelType() + u' ' + QSysInfo::kernelVersion()},
      {AboutDialog::tr("Processor"), QSysInfo::currentCpuArchitecture()}};
}

}  // namespace

QString about_versions() {
  auto text = QStringLiteral("Berth\n");
  for (const auto& [name, value] : versions_told()) text += name + QLatin1String(": ") + value + u'\n';
  return text;
}

AboutDialog::AboutDialog(QWidget* parent) : QDialog(parent) {
  setObjectName(QStringLiteral("aboutDialog"));
  setWindowTitle(tr("About Berth"));
  resize(660, 560);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(22, 20, 22, 18);
  column->setSpacing(14);
  column->addLayout(makeHead());
  auto* parts = new QTabWidget;
  parts->setObjectName(QStringLiteral("aboutParts"));
  parts->setDocumentMode(true);
  parts->addTab(makeVersions(), tr("Version"));
  parts->addTab(makeLibraries(), tr("Libraries"));
  parts->addTab(makeLicence(), tr("Licence"));
  parts->tabBar()->setAccessibleName(tr("About Berth"));
  column->addWidget(parts, 1);
  auto* buttons = new QHBoxLayout;
  auto* copy = new QPushButton(Theme::icon(QStringLiteral("edit-copy")), tr("Copy the Versions"));
  copy->setObjectName(QStringLiteral("copyVersions"));
  copy->setAutoDefault(false);
  connect(copy, &QPushButton::clicked, this, [copy] {
    QApplication::clipboard()->setText(about_versions());
    copy->setText(tr("Copied"));
  });
  buttons->addWidget(copy);
  buttons->addStretch();
  auto* done = new QPushButton(tr("Done"));
  done->setObjectName(QStringLiteral("aboutDone"));
  done->setDefault(true);
  connect(done, &QPushButton::clicked, this, &QDialog::close);
  buttons->addWidget(done);
  column->addLayout(buttons);
  done->setFocus();
}

QLayout* AboutDialog::makeHead() {
  auto* row = new QHBoxLayout;
  row->setSpacing(16);
  auto* logo = new QLabel;
  logo->setPixmap(Theme::logo().pixmap(QSize(64, 64), devicePixelRatioF()));
  logo->setAccessibleName(QStringLiteral("Berth"));
  row->addWidget(logo);
  auto* words = new QVBoxLayout;
  words->setSpacing(2);
  auto* name = new QLabel(QStringLiteral("%1 %2").arg(QStringLiteral("Berth"), release_of_program()));
  name->setProperty("role", QStringLiteral("title"));
  words->addWidget(name);
  auto* about = new QLabel(tr("Edit, run and preview in workspaces that never lose what you typed."));
  about->setProperty("role", QStringLiteral("muted"));
  about->setWordWrap(true);
  words->addWidget(about);
  row->addLayout(words, 1);
  return row;
}

QWidget* AboutDialog::makeVersions() {
  auto* page = new QWidget;
  auto* grid = new QGridLayout(page);
  grid->setContentsMargins(2, 14, 2, 4);
  grid->setHorizontalSpacing(18);
  grid->setVerticalSpacing(8);
  int row = 0;
  for (const auto& [name, value] : versions_told()) {
    auto* title = new QLabel(name);
    title->setProperty("role", QStringLiteral("muted"));
    auto* told = new QLabel(value);
    told->setTextFormat(Qt::PlainText);
    told->setWordWrap(true);
    told->setTextInteractionFlags(Qt::TextSelectableByMouse);
    grid->addWidget(title, row, 0, Qt::AlignTop);
    grid->addWidget(told, row++, 1);
  }
  auto* licence = new QLabel(
      tr("Free software under the GNU General Public License, version 3 or later. It comes without any "
         "warranty, as far as the law permits."));
  licence->setWordWrap(true);
  licence->setProperty("role", QStringLiteral("muted"));
  licence->setContentsMargins(0, 10, 0, 0);
  grid->addWidget(licence, row++, 0, 1, 2);
  grid->setRowStretch(row, 1);
  grid->setColumnStretch(1, 1);
  return page;
}

QWidget* AboutDialog::makeLibraries() {
  auto* list = new QTreeWidget;
  list->setObjectName(QStringLiteral("libraries"));
  list->setAccessibleName(tr("Libraries"));
  list->setHeaderLabels({tr("Library"), tr("Version"), tr("Licence")});
  list->setRootIsDecorated(false);
  list->setUniformRowHeights(true);
  list->setFrameShape(QFrame::NoFrame);
  for (const auto& one : used_libraries()) new QTreeWidgetItem(list, {one.name, one.version, one.licence});
  list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
  list->header()->setStretchLastSection(true);
  list->setCurrentItem(list->topLevelItem(0));
  return list;
}

QWidget* AboutDialog::makeLicence() {
  auto* text = new QPlainTextEdit;
  text->setObjectName(QStringLiteral("licence"));
  text->setAccessibleName(tr("Licence"));
  text->setReadOnly(true);
  text->setTabChangesFocus(true);
  text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  text->setLineWrapMode(QPlainTextEdit::WidgetWidth);
  text->setFont(Theme::instance() ? Theme::instance()->codeFont(Theme::usual_code_size - 2) : font());
  text->setFrameShape(QFrame::NoFrame);
  if (QFile file(QStringLiteral(":/berth/LICENSE")); file.open(QIODevice::ReadOnly))
    text->setPlainText(QString::fromUtf8(file.readAll()));
  return text;
}

AboutDialog* AboutDialog::open(QWidget* parent) {
  static QPointer<AboutDialog> shown;
  if (!shown) {
    shown = new AboutDialog(parent);
    shown->setAttribute(Qt::WA_DeleteOnClose);
  }
  shown->show();
  shown->raise();
  shown->activateWindow();
  return shown;
}

}  // namespace berth::desktop
