// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/text_comparison.hpp"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/desktop/diff_view.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

TextComparison::TextComparison(const QString& title, Side left, Side right, const QString& fileName,
                               QWidget* parent)
    : QDialog(parent), view_(new DiffView) {
  setObjectName(QStringLiteral("textComparison"));
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(title);
  resize(1000, 620);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 10);
  layout->setSpacing(10);
  layout->addWidget(view_, 1);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  buttons->setContentsMargins(10, 0, 10, 0);
  const auto step = [&](const char* icon, const QString& text, const QKeySequence& key, bool forward) {
    auto* button = buttons->addButton(text, QDialogButtonBox::ActionRole);
    button->setIcon(Theme::icon(QLatin1String(icon)));
    button->setShortcut(key);
    button->setAutoDefault(false);
    connect(button, &QPushButton::clicked, view_, [this, forward] { view_->step(forward); });
  };
  step("go-up", tr("Change Before"), QKeySequence(Qt::SHIFT | Qt::Key_F7), false);
  step("go-down", tr("Next Change"), QKeySequence(Qt::Key_F7), true);
  auto* bar = new QHBoxLayout;
  bar->setContentsMargins(10, 0, 0, 0);
  bar->addWidget(view_->makeInlineButton());
  bar->addWidget(buttons, 1);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
  layout->addLayout(bar);
  view_->setNames(left.name, right.name);
  view_->show(std::move(left.text), std::move(right.text), fileName);
}

}  // namespace berth::desktop
