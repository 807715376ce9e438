// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/panel.hpp"

#include <QLabel>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int header_height = 34;  // px

}  // namespace

PanelHeader::PanelHeader(const QString& title, QWidget* parent)
    : QFrame(parent),
      title_(new QLabel(title.toUpper())),
      choices_(new QHBoxLayout),
      tools_(new QHBoxLayout) {
  setObjectName(QStringLiteral("panelHeader"));
  setFixedHeight(header_height);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 0, 6, 0);
  row->setSpacing(2);
  title_->setProperty("role", QStringLiteral("panelTitle"));
  title_->setTextFormat(Qt::PlainText);
  row->addWidget(title_);
  choices_->setSpacing(4);
  row->addLayout(choices_);
  row->addStretch();
  tools_->setSpacing(2);
  row->addLayout(tools_);
}

QSize PanelHeader::sizeHint() const { return {QFrame::sizeHint().width(), header_height}; }

QSize PanelHeader::minimumSizeHint() const { return {60, header_height}; }

QToolButton* PanelHeader::addTool(const QString& icon, const QString& tip) {
  auto* button = new QToolButton;
  button->setIcon(Theme::icon(icon, Theme::Tint::muted));
  button->setToolTip(tip);
  button->setAccessibleName(tip);
  button->setAutoRaise(true);
  tools_->addWidget(button);
  return button;
}

void PanelHeader::setChoices(const QList<Choice>& choices) {
  const auto text_of = [](const Choice& choice) {
    auto text = choice.title.toUpper();
    if (choice.count > 0) text += QStringLiteral("  %1").arg(choice.count);
    return text;
  };
  const bool several = choices.size() > 1;
  title_->setVisible(!several);
  if (!several && !choices.isEmpty()) title_->setText(text_of(choices.first()));
  while (buttons_.size() < (several ? choices.size() : 0)) {
    auto* button = new QToolButton;
    button->setObjectName(QStringLiteral("panelChoice"));
    button->setCheckable(true);
    connect(button, &QToolButton::clicked, this, [this, button] {
      button->setChecked(true);  // it is shown, whatever comes of it
      Q_EMIT chosen(button->property("panel").toString());
    });
    choices_->addWidget(button);
    buttons_.append(button);
  }
  while (buttons_.size() > (several ? choices.size() : 0)) buttons_.takeLast()->deleteLater();
  for (qsizetype i = 0; i < buttons_.size(); ++i) {
    auto* button = buttons_[i];
    button->setProperty("panel", choices[i].id);
    button->setText(text_of(choices[i]).replace(QLatin1Char('&'), QLatin1String("&&")));
    button->setAccessibleName(choices[i].count > 0 ? tr("%1: %2").arg(choices[i].title).arg(choices[i].count)
                                                   : choices[i].title);
    button->setChecked(choices[i].shown);
  }
}

Panel::Panel(const QString& title, QWidget* parent) : QWidget(parent), header_(new PanelHeader(title)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(header_);
  auto* body = new QFrame;
  body->setObjectName(QStringLiteral("panelBody"));
  body_ = new QVBoxLayout(body);
  body_->setContentsMargins(0, 0, 0, 0);
  body_->setSpacing(0);
  layout->addWidget(body, 1);
}

QToolButton* Panel::addTool(const QString& icon, const QString& tip) { return header_->addTool(icon, tip); }

PanelHeader* Panel::takeHeader() {
  layout()->removeWidget(header_);
  header_->setParent(nullptr);
  return header_;
}

}  // namespace berth::desktop
