// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/place_row.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int place_icon = 22;  // px

}  // namespace

PlaceRow::PlaceRow(const QIcon& icon, const QString& name, const QString& action, QWidget* parent)
    : QFrame(parent), name_(name), words_(new QLabel), open_(new QPushButton) {
  setObjectName(QStringLiteral("serverRow"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(14, 8, 8, 8);
  row->setSpacing(10);
  if (!icon.isNull()) {
    auto* picture = new QLabel;
    const auto paint = [picture, icon] { picture->setPixmap(icon.pixmap(place_icon, place_icon)); };
    paint();
    connect(Theme::instance(), &Theme::changed, picture, paint);
    row->addWidget(picture);
  }
  auto* texts = new QVBoxLayout;
  texts->setSpacing(1);
  auto* title = new QLabel(name);
  title->setTextFormat(Qt::PlainText);
  title->setFont(Theme::instance()->uiFont(1, QFont::DemiBold));
  title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);  // a long name is cut
  words_->setTextFormat(Qt::PlainText);
  words_->setProperty("role", QStringLiteral("muted"));
  words_->setWordWrap(true);
  texts->addWidget(title);
  texts->addWidget(words_);
  row->addLayout(texts, 1);
  setAction(action);
  connect(open_, &QPushButton::clicked, this, &PlaceRow::openWanted);
  row->addWidget(open_);
}

void PlaceRow::setWords(const QString& words, bool problem) {
  words_->setText(words);
  const auto role = problem ? QStringLiteral("error") : QStringLiteral("muted");
  if (words_->property("role").toString() == role) return;
  words_->setProperty("role", role);
  words_->style()->unpolish(words_);
  words_->style()->polish(words_);
}

QString PlaceRow::words() const { return words_->text(); }

void PlaceRow::setAction(const QString& text, bool enabled) {
  open_->setText(text);
  open_->setAccessibleName(QStringLiteral("%1: %2").arg(text, name_));
  open_->setEnabled(enabled);
}

void PlaceRow::makeForgettable(const QString& words) {
  auto* forget = new QToolButton;
  forget->setIcon(Theme::icon(QStringLiteral("window-close"), Theme::Tint::muted));
  forget->setToolTip(words);
  forget->setAccessibleName(QStringLiteral("%1: %2").arg(words, name_));
  connect(forget, &QToolButton::clicked, this, &PlaceRow::forgetWanted);
  layout()->addWidget(forget);
}

}  // namespace berth::desktop
