// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/version_list.hpp"

#include <QDateTime>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

using client::History;

QDate day_of(const History::Version& version) {
  return QDateTime::fromMSecsSinceEpoch(version.created).date();
}

QString name_of(QDate day) {
  const auto today = QDate::currentDate();
  if (day == today) return VersionList::tr("Today");
  if (day == today.addDays(-1)) return VersionList::tr("Yesterday");
  return QLocale().toString(day, QLocale::LongFormat);
}

QString counts_of(const History::Version& version) {
  QStringList parts;
  if (version.added > 0) parts.append(VersionList::tr("%1 added").arg(version.added));
  if (version.modified > 0) parts.append(VersionList::tr("%1 changed").arg(version.modified));
  if (version.deleted > 0) parts.append(VersionList::tr("%1 deleted").arg(version.deleted));
  return parts.isEmpty() ? VersionList::tr("no file changed") : parts.join(QStringLiteral(", "));
}

}  // namespace

QString time_of(const History::Version& version) {
  return QDateTime::fromMSecsSinceEpoch(version.created).time().toString(QStringLiteral("HH:mm:ss"));
}

QString title_of(const History::Version& version) {
  if (!version.name.empty()) return QString::fromStdString(version.name);
  if (version.kind == protocol::rest::VersionKind::restored) return VersionList::tr("Restored");
  if (version.kind == protocol::rest::VersionKind::imported) return VersionList::tr("Imported");
  return time_of(version);
}

VersionList::VersionList(History* history, QWidget* parent)
    : QWidget(parent),
      history_(history),
      list_(new QListWidget),
      hint_(new QLabel),
      again_(new QPushButton(tr("Try Again"))),
      more_(new QPushButton(tr("Earlier Versions"))) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  hint_->setWordWrap(true);
  hint_->setTextFormat(Qt::PlainText);
  hint_->setContentsMargins(12, 12, 12, 8);
  hint_->setProperty("role", QStringLiteral("muted"));
  list_->setAccessibleName(tr("Versions"));
  list_->setObjectName(QStringLiteral("versions"));
  list_->setTextElideMode(Qt::ElideRight);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  more_->setProperty("flat", true);
  layout->addWidget(hint_);
  layout->addWidget(again_, 0, Qt::AlignHCenter);
  layout->addWidget(list_, 1);
  layout->addWidget(more_);
  connect(again_, &QPushButton::clicked, history_, &History::load);
  connect(more_, &QPushButton::clicked, history_, &History::loadMore);
  connect(list_, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem* item) {
    if (!item) return;
    const auto at = item->data(Qt::UserRole).toULongLong();
    if (at < history_->versions().size()) history_->choose(history_->versions()[at]);
  });
  connect(history_, &History::timelineChanged, this, &VersionList::refresh);
  connect(history_, &History::versionChanged, this, &VersionList::refreshChosen);
  refresh();
}

void VersionList::refresh() {
  const QSignalBlocker quiet(list_);
  const int scrolled = list_->verticalScrollBar()->value();
  list_->clear();
  QDate day;
  const auto& versions = history_->versions();
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const auto& version = versions[i];
    if (day_of(version) != day) {
      day = day_of(version);
      auto* heading = new QListWidgetItem(name_of(day), list_);
      heading->setFlags(Qt::NoItemFlags);
      heading->setFont(Theme::instance()->uiFont(0.9, QFont::DemiBold));
      heading->setData(Qt::UserRole, QVariant::fromValue<qulonglong>(versions.size()));
    }
    const auto title = title_of(version);
    const auto time = time_of(version);
    auto* item = new QListWidgetItem(
        QStringLiteral("%1\n%2%3")
            .arg(title, title == time ? QString() : time + QStringLiteral(" · "), counts_of(version)),
        list_);
    item->setData(Qt::UserRole, QVariant::fromValue<qulonglong>(i));
    item->setToolTip(
        QLocale().toString(QDateTime::fromMSecsSinceEpoch(version.created), QLocale::LongFormat));
    if (!version.name.empty()) item->setFont(Theme::instance()->uiFont(1, QFont::DemiBold));
  }
  list_->verticalScrollBar()->setValue(scrolled);
  const bool failed = history_->state() == History::State::failed;
  QString hint;
  if (history_->state() == History::State::loading) {
    hint = tr("Loading…");
  } else if (!history_->problem().isEmpty()) {
    hint = history_->problem();
  } else if (versions.empty()) {
    hint = tr("Nothing is stored yet. A version is made a moment after each change.");
  }
  hint_->setText(hint);
  hint_->setVisible(!hint.isEmpty());
  again_->setVisible(failed);
  more_->setVisible(history_->hasMore());
  refreshChosen();
}

void VersionList::refreshChosen() {
  const QSignalBlocker quiet(list_);
  const auto& chosen = history_->chosen();
  if (!chosen) return;
  for (int row = 0; row < list_->count(); ++row) {
    const auto at = list_->item(row)->data(Qt::UserRole).toULongLong();
    if (at < history_->versions().size() && history_->versions()[at].id == chosen->id)
      return list_->setCurrentRow(row);
  }
}

}  // namespace berth::desktop
