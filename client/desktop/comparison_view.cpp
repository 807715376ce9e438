// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/comparison_view.hpp"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/core/base_name.hpp"
#include "client/core/plain_tip.hpp"
#include "client/desktop/diff_view.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

using client::History;

QString size_words(const std::optional<std::uint64_t>& bytes) {
  return bytes ? QLocale().formattedDataSize(static_cast<qint64>(*bytes), 1)
               : ComparisonView::tr("more than %1")
                     .arg(QLocale().formattedDataSize(static_cast<qint64>(History::largest_compared), 0));
}

}  // namespace

ComparisonView::ComparisonView(History* history, QWidget* parent)
    : QWidget(parent), history_(history), hint_(new QLabel), diff_(new DiffView) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  hint_->setTextFormat(Qt::PlainText);
  hint_->setWordWrap(true);
  hint_->setProperty("role", QStringLiteral("muted"));
  hint_->setContentsMargins(14, 12, 14, 12);
  column->addWidget(makeHead());
  column->addWidget(hint_);
  column->addWidget(diff_, 1);
  column->addStretch();
  connect(history_, &History::comparisonChanged, this, &ComparisonView::refresh);
  connect(history_, &History::busyChanged, this, &ComparisonView::refreshBusy);
  refresh();
}

QString ComparisonView::hint() const { return hint_->text(); }

QToolButton* ComparisonView::makeAgainst(const QString& text, const QString& tip, History::Against against) {
  auto* button = new QToolButton;
  button->setText(text);
  button->setToolTip(tip);
  button->setCheckable(true);
  button->setFocusPolicy(Qt::StrongFocus);
  connect(button, &QToolButton::clicked, this, [this, against] { history_->compareAgainst(against); });
  return button;
}

QToolButton* ComparisonView::makeStep(const char* icon, const QString& text, const QKeySequence& key,
                                      bool forward) {
  auto* button = new QToolButton;
  button->setIcon(Theme::icon(QLatin1String(icon)));
  button->setToolTip(QStringLiteral("%1 (%2)").arg(text, key.toString(QKeySequence::NativeText)));
  button->setAccessibleName(text);
  connect(button, &QToolButton::clicked, diff_, [this, forward] { diff_->step(forward); });
  // For the whole window, as long as this stands in one.
  connect(new QShortcut(key, this), &QShortcut::activated, diff_, [this, forward] { diff_->step(forward); });
  return button;
}

QWidget* ComparisonView::makeHead() {
  head_ = new QWidget;
  auto* row = new QHBoxLayout(head_);
  row->setContentsMargins(12, 8, 10, 8);
  name_ = new QLabel;
  name_->setTextFormat(Qt::PlainText);
  name_->setMinimumWidth(40);
  name_->setFont(Theme::instance()->uiFont(1, QFont::DemiBold));
  with_before_ =
      makeAgainst(tr("With Before"), tr("Compare with the version before"), History::Against::before);
  with_now_ = makeAgainst(tr("With Now"), tr("Compare with what is there now"), History::Against::now);
  auto* either = new QButtonGroup(this);
  either->addButton(with_before_);
  either->addButton(with_now_);
  download_ = new QToolButton;
  download_->setObjectName(QStringLiteral("downloadFile"));
  download_->setIcon(Theme::icon(QStringLiteral("download")));
  download_->setToolTip(tr("Download this file as it is in this version"));
  download_->setAccessibleName(tr("Download this file"));
  download_->setFocusPolicy(Qt::StrongFocus);
  connect(download_, &QToolButton::clicked, this, [this] {
    if (history_->file()) Q_EMIT downloadWanted(QString::fromStdString(history_->file()->path));
  });
  restore_ = new QPushButton(tr("Restore This File"));
  restore_->setObjectName(QStringLiteral("restoreFile"));
  restore_->setAutoDefault(false);  // Enter in a list is not Restore
  connect(restore_, &QPushButton::clicked, this, [this] {
    if (history_->file()) Q_EMIT restoreWanted(QString::fromStdString(history_->file()->path));
  });
  row->addWidget(name_);
  row->addWidget(with_before_);
  row->addWidget(with_now_);
  row->addWidget(makeStep("go-up", tr("Change before"), QKeySequence(Qt::SHIFT | Qt::Key_F7), false));
  row->addWidget(makeStep("go-down", tr("Next change"), QKeySequence(Qt::Key_F7), true));
  row->addWidget(diff_->makeInlineButton());
  row->addStretch();
  row->addWidget(download_);
  row->addWidget(restore_);
  return head_;
}

QString ComparisonView::reason() const {
  const auto& why = history_->uncompared();
  if (!why) return {};
  const bool now = history_->against() == History::Against::now;
  const auto sizes = (now ? tr("%1 in this version, %2 now") : tr("%1 before, %2 in this version"))
                         .arg(size_words(why->left), size_words(why->right));
  if (why->why == History::Uncompared::Why::not_text)
    return tr("This is no text: %1. Download it to look into it.").arg(sizes);
  return tr("Too large to compare here: %1. Texts of up to %2 are compared; download it to look into it.")
      .arg(sizes, QLocale().formattedDataSize(static_cast<qint64>(History::largest_compared), 0));
}

void ComparisonView::refresh() {
  const auto& file = history_->file();
  const bool now = history_->against() == History::Against::now;
  head_->setVisible(file.has_value());
  (now ? with_now_ : with_before_)->setChecked(true);
  diff_->setNames(now ? tr("This version") : tr("Before"), now ? tr("Now") : tr("This version"));
  const auto& texts = history_->comparison();
  QString hint;
  if (!file) {
    hint = history_->chosen() ? tr("Choose a file to see what changed in it.") : QString();
  } else if (history_->comparisonState() == History::State::failed) {
    hint = history_->comparisonProblem();
  } else if (history_->comparisonState() == History::State::ready) {
    hint = reason();
  }
  diff_->setVisible(hint.isEmpty() && file.has_value());
  if (texts && texts->left == texts->right) hint = tr("Nothing differs.");
  hint_->setText(hint);
  hint_->setVisible(!hint.isEmpty());
  diff_->clear();
  if (!file) return;
  const auto path = QString::fromStdString(file->path);
  name_->setText(client::base_name(path));
  name_->setToolTip(client::plain_tip(path));
  const bool has_it = file->kind != protocol::rest::VersionChangeKind::deleted;
  restore_->setVisible(has_it);
  download_->setVisible(has_it);
  if (texts) diff_->show(texts->left, texts->right, client::base_name(path));
}

void ComparisonView::refreshBusy() { restore_->setEnabled(!history_->isBusy()); }

}  // namespace berth::desktop
