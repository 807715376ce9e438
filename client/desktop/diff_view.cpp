// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/diff_view.hpp"

#include <QGridLayout>
#include <QLabel>
#include <QPointer>
#include <QScrollBar>
#include <QThreadPool>
#include <algorithm>
#include <memory>

#include "client/desktop/diff_pane.hpp"

namespace berth::desktop {
namespace {

constexpr int context = 3;  // rows above a change that is gone to

std::size_t longest_line_in(std::string_view text) {
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  return longest;
}

}  // namespace

DiffView::DiffView(QWidget* parent)
    : QWidget(parent),
      left_(new DiffPane(DiffPane::Role::left)),
      right_(new DiffPane(DiffPane::Role::right)),
      left_name_(new QLabel),
      right_name_(new QLabel) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(1);
  grid->setVerticalSpacing(0);
  for (auto* name : {left_name_, right_name_}) {
    name->setTextFormat(Qt::PlainText);
    name->setProperty("role", QStringLiteral("muted"));
    name->setContentsMargins(10, 3, 10, 3);
  }
  grid->addWidget(left_name_, 0, 0);
  grid->addWidget(right_name_, 0, 1);
  grid->addWidget(left_, 1, 0);
  grid->addWidget(right_, 1, 1);
  grid->setColumnStretch(0, 1);
  grid->setColumnStretch(1, 1);
  grid->setRowStretch(1, 1);
  const auto tie = [](QScrollBar* one, QScrollBar* other) {
    connect(one, &QScrollBar::valueChanged, other, &QScrollBar::setValue);
    connect(other, &QScrollBar::valueChanged, one, &QScrollBar::setValue);
  };
  // Scrolling by the keys moves Scintilla without a word from its scroll bars.
  const auto follow = [](DiffPane* one, DiffPane* other) {
    connect(one, &QsciScintillaBase::SCN_UPDATEUI, other, [one, other](int updated) {
      if (updated & (QsciScintillaBase::SC_UPDATE_V_SCROLL | QsciScintillaBase::SC_UPDATE_H_SCROLL))
        other->follow(*one);
    });
  };
  follow(left_, right_);
  follow(right_, left_);
  tie(left_->verticalScrollBar(), right_->verticalScrollBar());
  tie(left_->horizontalScrollBar(), right_->horizontalScrollBar());
}

void DiffView::setNames(const QString& left, const QString& right) {
  left_name_->setText(left);
  right_name_->setText(right);
  left_->setAccessibleName(left);
  right_->setAccessibleName(right);
}

void DiffView::show(std::string left, std::string right, const QString& fileName) {
  const auto round = ++round_;
  QThreadPool::globalInstance()->start([view = QPointer<DiffView>(this),
                                        application = QCoreApplication::instance(), round, fileName,
                                        left = std::move(left), right = std::move(right)] {
    auto texts = std::make_shared<client::SideBySide>(client::side_by_side(left, right));
    // The pointer to the view is looked at on the GUI thread only, where it may die.
    QMetaObject::invokeMethod(application, [view, round, fileName, texts] {
      if (view && view->round_ == round) view->display(*texts, fileName);
    });
  });
}

void DiffView::clear() {
  ++round_;
  changes_.clear();
  left_->clearText();
  right_->clearText();
}

void DiffView::display(const client::SideBySide& texts, const QString& fileName) {
  changes_.clear();
  for (std::size_t row = 0; row < texts.changed.size(); ++row)
    if (texts.changed[row] && (row == 0 || !texts.changed[row - 1]))
      changes_.push_back(static_cast<int>(row));
  const auto columns = std::max(longest_line_in(texts.left.text), longest_line_in(texts.right.text));
  left_->show(texts.left, texts.changed, fileName, columns);
  right_->show(texts.right, texts.changed, fileName, columns);
  const int first = changes_.empty() ? 0 : changes_.front() - context;
  left_->showRow(first);
  right_->showRow(first);
  Q_EMIT compared();
}

void DiffView::step(bool forward) {
  const int at = left_->firstRow() + context;
  const auto after = std::upper_bound(changes_.begin(), changes_.end(), at);
  const auto here = std::lower_bound(changes_.begin(), changes_.end(), at);
  if (forward && after != changes_.end()) left_->showRow(*after - context);
  if (!forward && here != changes_.begin()) left_->showRow(*std::prev(here) - context);
}

}  // namespace berth::desktop
