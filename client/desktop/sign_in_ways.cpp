// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/sign_in_ways.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr std::size_t most_providers = 8;  // in one card; the page in the browser has them all
constexpr qsizetype longest_provider_name = 40;

QFrame* line_beside_a_word() {
  auto* line = new QFrame;
  line->setObjectName(QStringLiteral("rule"));
  line->setFixedHeight(1);
  return line;
}

}  // namespace

SignInWays::SignInWays(QWidget* parent) : QWidget(parent), column_(new QVBoxLayout(this)) {
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(8);
}

void SignInWays::addWay(const QString& icon, const QString& text, const QString& provider, bool primary) {
  auto* button = new QPushButton(Theme::icon(icon, primary ? Theme::Tint::on_accent : Theme::Tint::text),
                                 QString(text).replace(QLatin1Char('&'), QLatin1String("&&")));
  button->setObjectName(provider.isEmpty() ? QStringLiteral("browserSignIn")
                                           : QStringLiteral("provider-") + provider);
  button->setAccessibleName(text);
  if (primary) button->setProperty("primary", true);
  connect(button, &QPushButton::clicked, this, [this, provider] { Q_EMIT chosen(provider); });
  if (!focusProxy()) setFocusProxy(button);
  column_->addWidget(button);
}

void SignInWays::setOptions(const protocol::rest::SignInOptions& options) {
  while (auto* item = column_->takeAt(0)) {
    // A click on one of them may be what led here.
    item->widget()->setObjectName({});
    item->widget()->hide();
    item->widget()->deleteLater();
    delete item;
  }
  setFocusProxy(nullptr);
  if (options.password) {
    auto* either = new QWidget;
    auto* row = new QHBoxLayout(either);
    row->setContentsMargins(0, 2, 0, 2);
    row->setSpacing(10);
    auto* word = new QLabel(tr("or"));
    word->setProperty("role", QStringLiteral("muted"));
    row->addWidget(line_beside_a_word(), 1);
    row->addWidget(word);
    row->addWidget(line_beside_a_word(), 1);
    column_->addWidget(either);
  }
  const auto count = std::min(options.providers.size(), most_providers);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& provider = options.providers[i];
    const auto name = QString::fromStdString(provider.name).simplified().left(longest_provider_name);
    addWay(QStringLiteral("user-identity"), tr("Continue with %1").arg(name),
           QString::fromStdString(provider.id), !options.password && i == 0);
  }
  addWay(QStringLiteral("internet-services"), tr("Sign In with the Browser"), {},
         !options.password && count == 0);
}

}  // namespace berth::desktop
