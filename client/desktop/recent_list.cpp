// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/recent_list.hpp"

#include <QDateTime>
#include <QDir>
#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

#include "client/core/this_machine.hpp"
#include "client/desktop/place_row.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int most_recent_rows = 6;
constexpr int most_recent_actions = 15;

/// In a menu "&" makes a key of the letter behind it.
QString in_menu(QString text) { return text.replace(QLatin1Char('&'), QLatin1String("&&")); }

/// "~/code/berth" for a folder of this person's home.
QString short_folder(const QString& folder) {
  const auto home = QDir::homePath() + QLatin1Char('/');
  return folder.startsWith(home) ? QStringLiteral("~/") + folder.mid(home.size()) : folder;
}

}  // namespace

QString place_of(const client::RecentWorkspace& workspace) {
  if (workspace.server == client::ThisMachine::key())
    return QCoreApplication::translate("berth::desktop::RecentList", "This machine");
  return workspace.origin.authority();
}

RecentList::RecentList(client::RecentWorkspaces* recent, QWidget* parent)
    : QWidget(parent), recent_(recent), rows_(new QVBoxLayout(this)) {
  rows_->setContentsMargins(0, 0, 0, 0);
  rows_->setSpacing(8);
  connect(recent_, &client::RecentWorkspaces::changed, this, &RecentList::rebuild);
  rebuild();
}

void RecentList::rebuild() {
  while (auto* item = rows_->takeAt(0)) {
    if (item->widget()) item->widget()->deleteLater();
    delete item;
  }
  auto* label = new QLabel(tr("RECENT"));
  label->setProperty("role", QStringLiteral("panelTitle"));
  rows_->addWidget(label);
  for (const auto& one : recent_->all().first(std::min<qsizetype>(most_recent_rows, recent_->all().size()))) {
    auto* row = new PlaceRow(Theme::icon(QStringLiteral("folder-open-recent")),
                             one.name.isEmpty() ? one.id : one.name, tr("Open"));
    auto words = QStringLiteral("%1 · %2").arg(
        place_of(one), QLocale().toString(QDateTime::fromMSecsSinceEpoch(one.used), QLocale::ShortFormat));
    if (!one.source.isEmpty()) words += QStringLiteral(" · ") + short_folder(one.source);
    row->setWords(words);
    row->makeForgettable(tr("Take off this list"));
    connect(row, &PlaceRow::openWanted, this, [this, one] { Q_EMIT openWanted(one); });
    connect(row, &PlaceRow::forgetWanted, recent_,
            [recent = recent_, one] { recent->forget(one.server, one.id); });
    rows_->addWidget(row);
  }
  Q_EMIT rebuilt();
}

RecentMenu::RecentMenu(client::RecentWorkspaces* recent, QWidget* parent)
    : QMenu(tr("Open Recent"), parent), recent_(recent) {
  setObjectName(QStringLiteral("recentMenu"));
  setIcon(Theme::icon(QStringLiteral("document-open-recent")));
  connect(this, &QMenu::aboutToShow, this, &RecentMenu::fill);
}

void RecentMenu::fill() {
  clear();
  for (const auto& one :
       recent_->all().first(std::min<qsizetype>(most_recent_actions, recent_->all().size())))
    addAction(in_menu(QStringLiteral("%1 – %2").arg(one.name.isEmpty() ? one.id : one.name, place_of(one))),
              this, [this, one] { Q_EMIT openWanted(one); });
  if (isEmpty()) addAction(tr("None yet"))->setEnabled(false);
}

}  // namespace berth::desktop
