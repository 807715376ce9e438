// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/save_question.hpp"

#include <QFileDialog>
#include <QFileInfo>
#include <QStandardPaths>

namespace berth::desktop {
namespace {

QFileDialog* save_dialog(QWidget* parent, const QString& name) {
  auto safe = name;
  safe.replace(QLatin1Char('/'), QLatin1Char('_')).replace(QLatin1Char(':'), QLatin1Char('-'));
  const auto folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
  auto* dialog = new QFileDialog(parent, QFileDialog::tr("Download"), folder);
  dialog->setObjectName(QStringLiteral("saveQuestion"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->selectFile(safe);
  return dialog;
}

/// What a file's name says it is, whatever filter was chosen; "" when it says nothing.
QString archive_kind(const QString& file) {
  for (const auto& kind : {QStringLiteral("zip"), QStringLiteral("tar.gz"), QStringLiteral("tar.zst")})
    if (file.endsWith(QLatin1Char('.') + kind, Qt::CaseInsensitive)) return kind;
  return {};
}

}  // namespace

void ask_where_to_save(QWidget* parent, const QString& name, QObject* context,
                       std::function<void(const QString&)> use) {
  auto* dialog = save_dialog(parent, name);
  QObject::connect(dialog, &QFileDialog::fileSelected, context, std::move(use));
  dialog->open();
}

void ask_where_to_save_archive(QWidget* parent, const QString& name, QObject* context,
                               std::function<void(const QString&, const QString&)> use) {
  auto* dialog = save_dialog(parent, name + QStringLiteral(".zip"));
  const QStringList kinds{QStringLiteral("zip"), QStringLiteral("tar.gz"), QStringLiteral("tar.zst")};
  QStringList filters;
  for (const auto& kind : kinds) filters.append(QFileDialog::tr("%1 archive (*.%1)").arg(kind));
  dialog->setNameFilters(filters);
  dialog->setDefaultSuffix(kinds.constFirst());  // so that it asks before a file is replaced
  QObject::connect(dialog, &QFileDialog::filterSelected, dialog,
                   [dialog, filters, kinds](const QString& filter) {
                     const auto kind = kinds.value(filters.indexOf(filter), kinds.constFirst());
                     dialog->setDefaultSuffix(kind);
                     auto file = QFileInfo(dialog->selectedFiles().value(0)).fileName();
                     if (const auto old = archive_kind(file); !old.isEmpty()) file.chop(old.size() + 1);
                     dialog->selectFile(file + QLatin1Char('.') + kind);
                   });
  QObject::connect(dialog, &QFileDialog::fileSelected, context,
                   [dialog, filters, kinds, use = std::move(use)](const QString& file) {
                     auto kind = archive_kind(file);
                     if (!kind.isEmpty()) return use(file, kind);
                     kind = kinds.value(filters.indexOf(dialog->selectedNameFilter()), kinds.constFirst());
                     use(file + QLatin1Char('.') + kind, kind);
                   });
  dialog->open();
}

}  // namespace berth::desktop
