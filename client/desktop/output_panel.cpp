// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/output_panel.hpp"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/desktop/theme.hpp"

namespace berth::desktop {

OutputPanel::OutputPanel(client::OutputLog* log, QWidget* parent)
    : Panel(tr("Output"), parent), log_(log), text_(new QPlainTextEdit), source_(new QComboBox) {
  setObjectName(QStringLiteral("output"));
  source_->setAccessibleName(tr("Output of"));
  source_->addItem(tr("Everything"), -1);
  for (const auto source : {client::OutputLog::Source::connection, client::OutputLog::Source::workspace,
                            client::OutputLog::Source::transfers, client::OutputLog::Source::import,
                            client::OutputLog::Source::ports})
    source_->addItem(client::OutputLog::name(source), static_cast<int>(source));
  text_->setReadOnly(true);
  text_->setUndoRedoEnabled(false);
  text_->setMaximumBlockCount(static_cast<int>(client::OutputLog::most));
  text_->setFrameShape(QFrame::NoFrame);
  text_->setLineWrapMode(QPlainTextEdit::WidgetWidth);
  text_->setAccessibleName(tr("Output"));
  text_->setPlaceholderText(tr("Nothing happened yet."));
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  auto* strip = new QWidget;
  auto* row = new QHBoxLayout(strip);
  row->setContentsMargins(8, 6, 8, 6);
  row->addWidget(source_);
  row->addStretch();
  body()->addWidget(strip);
  body()->addWidget(text_, 1);
  auto* copy = addTool(QStringLiteral("edit-copy"), tr("Copy the output"));
  connect(copy, &QToolButton::clicked, this,
          [this] { QApplication::clipboard()->setText(text_->toPlainText()); });
  auto* clear = addTool(QStringLiteral("edit-clear-all"), tr("Clear the output"));
  connect(clear, &QToolButton::clicked, log, &client::OutputLog::clear);
  setFocusProxy(text_);
  connect(log, &client::OutputLog::added, this, &OutputPanel::append);
  connect(log, &client::OutputLog::cleared, text_, &QPlainTextEdit::clear);
  connect(source_, &QComboBox::currentIndexChanged, this, &OutputPanel::refresh);
  connect(Theme::instance(), &Theme::changed, this, &OutputPanel::refresh);
  refresh();
}

void OutputPanel::append(const client::OutputLog::Entry& entry) {
  const int wanted = source_->currentData().toInt();
  if (wanted >= 0 && wanted != static_cast<int>(entry.source)) return;
  const auto& colors = Theme::instance()->colors();
  auto* bar = text_->verticalScrollBar();
  const bool at_end = bar->value() >= bar->maximum() - 4;
  QTextCursor cursor(text_->document());
  cursor.movePosition(QTextCursor::End);
  if (!text_->document()->isEmpty()) cursor.insertBlock();
  QTextCharFormat format;
  format.setForeground(colors.faint);
  cursor.insertText(QDateTime::fromMSecsSinceEpoch(entry.at).toString(QStringLiteral("HH:mm:ss.zzz  ")),
                    format);
  format.setForeground(colors.muted);
  if (wanted < 0) cursor.insertText(client::OutputLog::name(entry.source) + QStringLiteral("  "), format);
  format.setForeground(entry.problem ? colors.bad : colors.text);
  cursor.insertText(entry.text, format);
  if (at_end) bar->setValue(bar->maximum());
}

void OutputPanel::refresh() {
  text_->setFont(Theme::instance()->codeFont(12));
  text_->clear();
  for (const auto& entry : log_->entries()) append(entry);
}

}  // namespace berth::desktop
