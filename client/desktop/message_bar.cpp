// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/message_bar.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int narrow_bar = 480;  // px

}  // namespace

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent),
      icon_(new QLabel),
      text_(new QLabel),
      progress_(new QProgressBar),
      buttons_(new QHBoxLayout) {
  setObjectName(QStringLiteral("messageBar"));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(12, 7, 8, 7);
  layout->setSpacing(10);
  layout->addWidget(icon_);
  layout->addWidget(text_, 1);
  progress_->setTextVisible(false);
  progress_->setAccessibleName(tr("Progress"));
  progress_->hide();
  layout->addWidget(progress_);
  layout->addLayout(buttons_);
  text_->setWordWrap(true);
  text_->setTextFormat(Qt::PlainText);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  hide();
}

void MessageBar::show(Kind kind, const QString& text, const QList<Action>& actions, bool closable) {
  static const char* names[] = {"info", "warning", "error", "good"};
  static const char* icons[] = {"help-about", "data-warning", "data-error", "dialog-ok"};
  static const Theme::Tint tints[] = {Theme::Tint::accent, Theme::Tint::warning, Theme::Tint::bad,
                                      Theme::Tint::good};
  const auto at = static_cast<int>(kind);
  setProperty("kind", QLatin1String(names[at]));
  style()->unpolish(this);
  style()->polish(this);
  icon_->setPixmap(Theme::icon(QLatin1String(icons[at]), tints[at]).pixmap(16, 16));
  text_->setText(text);
  progress_->hide();
  while (auto* item = buttons_->takeAt(0)) {
    item->widget()->deleteLater();
    delete item;
  }
  for (const auto& action : actions) {
    auto* button = new QPushButton(action.text);
    connect(button, &QPushButton::clicked, this, action.run);
    buttons_->addWidget(button);
  }
  if (closable) {
    auto* close = new QToolButton;
    close->setIcon(Theme::icon(QStringLiteral("window-close")));
    close->setToolTip(tr("Close"));
    close->setAccessibleName(tr("Close"));
    close->setAutoRaise(true);
    connect(close, &QToolButton::clicked, this, [this] {
      hide();
      Q_EMIT closed();
    });
    buttons_->addWidget(close);
  }
  QFrame::show();
}

void MessageBar::resizeEvent(QResizeEvent* event) {
  QFrame::resizeEvent(event);
  progress_->setFixedWidth(width() < narrow_bar ? 50 : 120);
}

void MessageBar::setText(const QString& text) { text_->setText(text); }

void MessageBar::setProgress(std::optional<double> percent) {
  progress_->setRange(0, percent ? 100 : 0);
  if (percent) progress_->setValue(static_cast<int>(std::clamp(*percent, 0.0, 100.0)));
  progress_->show();
}

QString MessageBar::text() const { return text_->text(); }

}  // namespace berth::desktop
