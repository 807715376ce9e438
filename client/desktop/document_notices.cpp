// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/document_notices.hpp"

#include <QVBoxLayout>

#include "client/core/base_name.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/text_comparison.hpp"

namespace berth::desktop {
namespace {

constexpr int notice_grace = 700;  // ms

}  // namespace

DocumentNotices::DocumentNotices(client::Document* document, const client::DocumentBuffer* text,
                                 QWidget* parent)
    : QWidget(parent),
      document_(document),
      text_(text),
      conflict_(new MessageBar),
      offline_(new MessageBar),
      restored_(new MessageBar),
      removed_(new MessageBar) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  for (auto* bar : {conflict_, offline_, restored_, removed_}) layout->addWidget(bar);
  grace_.setSingleShot(true);
  grace_.setInterval(notice_grace);
  connect(&grace_, &QTimer::timeout, this, &DocumentNotices::refreshOffline);
  connect(document, &client::Document::stateChanged, this, &DocumentNotices::refresh);
  connect(document, &client::Document::removedOnDisk, this, &DocumentNotices::addRemoval);
  refresh();
}

void DocumentNotices::refresh() {
  if (!document_->isLoaded()) return;
  refreshConflict();
  refreshRestored();
  // A question that is open says enough.
  if (!document_->isKeeping() || (document_->inConflict() && !document_->isOffline())) {
    grace_.stop();
    offline_->hide();
  } else if (offline_->isVisibleTo(this)) {
    refreshOffline();
  } else if (!grace_.isActive()) {
    grace_.start();
  }
}

void DocumentNotices::refreshOffline() {
  if (!document_->isKeeping()) return offline_->hide();
  const auto changes = document_->unsentChanges();
  using Kind = MessageBar::Kind;
  if (const auto& problem = document_->keepProblem(); !problem.isEmpty()) {
    if (!offline_->isVisibleTo(this) || offline_->text() != problem) offline_->show(Kind::error, problem);
    return;
  }
  const auto count = changes == 1 ? tr("1 change") : tr("%1 changes").arg(changes);
  const auto text =
      document_->isOffline()
          ? tr("Offline: your typing is kept on this device (%1).").arg(count)
          : tr("Your typing is kept on this device until the workspace has it (%1).").arg(count);
  if (offline_->isVisibleTo(this) && offline_->property("kind") == QLatin1String("info"))
    return offline_->setText(text);
  offline_->show(Kind::info, text);
}

void DocumentNotices::refreshRestored() {
  const bool wanted = document_->restoredFrom().has_value();
  if (wanted == restored_->isVisibleTo(this)) return;
  if (!wanted) return restored_->hide();
  restored_->show(MessageBar::Kind::info,
                  tr("Changes that had not reached the workspace are back in this text."),
                  {{tr("Show"),
                    [this] {
                      if (const auto& before = document_->restoredFrom())
                        compare(tr("Changes Brought Back"), tr("Before"), *before, tr("Now"), text_->text());
                    }},
                   {tr("Dismiss"), [this] {
                      document_->dismissRestored();
                      refreshRestored();
                    }}});
}

void DocumentNotices::refreshConflict() {
  if (document_->inConflict() == conflict_->isVisibleTo(this)) return;
  if (!document_->inConflict()) return conflict_->hide();
  conflict_->show(
      MessageBar::Kind::warning,
      document_->inDoubt()
          ? tr("Some of what you typed may be in this file already; whether it arrived is not known any "
               "more. "
               "Your text is kept here.")
          : tr("While you were offline this text was changed in the same place elsewhere. Your text is kept "
               "here."),
      {{tr("Show Both"),
        [this] {
          if (auto theirs = document_->theirText())
            compare(tr("Changed on Both Sides"), tr("Mine"), text_->text(), tr("Theirs"), std::move(*theirs));
        }},
       {tr("Keep Mine"), [this] { document_->keepMine(); }},
       {tr("Keep Theirs"), [this] { document_->takeTheirs(); }},
       {tr("Keep Both"), [this] { document_->keepBoth(); }}});
}

/// Several that come before anybody looked are one: from the first text to the present one.
void DocumentNotices::addRemoval(const client::DiskRemoval& removal) {
  if (!removal_) {
    removal_ = removal;
  } else {
    removal_->lines += removal.lines;
    removal_->places += removal.places;
    if (removal_->kept.isEmpty()) removal_->kept = removal.kept;
  }
  refreshRemoved();
}

void DocumentNotices::refreshRemoved() {
  if (!removal_) return removed_->hide();
  const auto name = client::base_name(document_->path());
  const auto lines = removal_->lines;
  auto text = lines == 0   ? tr("%1 was changed on disk: some of its text was removed.").arg(name)
              : lines == 1 ? tr("%1 was changed on disk: 1 line removed.").arg(name)
                           : tr("%1 was changed on disk: %2 lines removed.").arg(name).arg(lines);
  if (!removal_->kept.isEmpty())
    text += QLatin1Char(' ') + tr("The text before is in %1.").arg(removal_->kept);
  if (removed_->isVisibleTo(this)) return removed_->setText(text);
  removed_->show(
      MessageBar::Kind::info, text,
      {{tr("Show"),
        [this] { compare(tr("Changed on Disk"), tr("Before"), removal_->before, tr("Now"), text_->text()); }},
       {tr("Dismiss"), [this] {
          removal_.reset();
          refreshRemoved();
        }}});
}

void DocumentNotices::compare(const QString& title, const QString& leftName, std::string left,
                              const QString& rightName, std::string right) {
  auto* shown = new TextComparison(title, {leftName, std::move(left)}, {rightName, std::move(right)},
                                   client::base_name(document_->path()), this);
  shown->show();
}

}  // namespace berth::desktop
