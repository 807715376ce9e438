// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/diff_view.hpp"

#include <QGridLayout>
#include <QLabel>
#include <QPointer>
#include <QScrollBar>
#include <QSettings>
#include <QThreadPool>
#include <QToolButton>
#include <algorithm>
#include <memory>

#include "client/desktop/diff_pane.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int context = 3;          // rows above a change that is gone to
constexpr int least_for_two = 560;  // px
constexpr const char* inline_key = "diff/inline";

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
      right_name_(new QLabel),
      both_(new DiffPane(DiffPane::Role::both)) {
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
  grid->addWidget(both_, 2, 0, 1, 2);
  both_->setAccessibleName(tr("Both as one text"));
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
  connect(EditorChoices::instance(), &EditorChoices::changed, this, &DiffView::arrange);
  arrange();
}

bool DiffView::isInline() const {
  return width() < least_for_two || QSettings().value(QLatin1String(inline_key)).toBool();
}

void DiffView::chooseInline(bool wanted) {
  QSettings().setValue(QLatin1String(inline_key), wanted);
  Q_EMIT EditorChoices::instance()->changed();
}

QToolButton* DiffView::makeInlineButton() {
  auto* button = new QToolButton;
  button->setObjectName(QStringLiteral("inlineDifference"));
  button->setIcon(Theme::icon(QStringLiteral("view-list-text")));
  button->setToolTip(tr("As one text, not side by side"));
  button->setAccessibleName(tr("As one text"));
  button->setCheckable(true);
  button->setFocusPolicy(Qt::StrongFocus);
  const auto follow = [button] { button->setChecked(QSettings().value(QLatin1String(inline_key)).toBool()); };
  connect(button, &QToolButton::clicked, this, [](bool on) { chooseInline(on); });
  connect(EditorChoices::instance(), &EditorChoices::changed, button, follow);
  follow();
  return button;
}

DiffPane* DiffView::shown() const { return isInline() ? both_ : left_; }

void DiffView::arrange() {
  const bool one = isInline();
  if (both_->isVisibleTo(this) == one && left_->isVisibleTo(this) != one) return;
  for (QWidget* widget : {static_cast<QWidget*>(left_), static_cast<QWidget*>(right_),
                          static_cast<QWidget*>(left_name_), static_cast<QWidget*>(right_name_)})
    widget->setVisible(!one);
  both_->setVisible(one);
  auto* grid = static_cast<QGridLayout*>(layout());
  grid->setRowStretch(1, one ? 0 : 1);
  grid->setRowStretch(2, one ? 1 : 0);
  const auto& begins = changes();
  const int first = begins.empty() ? 0 : begins.front() - context;
  shown()->showRow(first);
  if (!one) right_->showRow(first);
}

void DiffView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange();
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
  inline_changes_.clear();
  left_->clearText();
  right_->clearText();
  both_->clearText();
}

void DiffView::display(const client::SideBySide& texts, const QString& fileName) {
  changes_.clear();
  for (std::size_t row = 0; row < texts.changed.size(); ++row)
    if (texts.changed[row] && (row == 0 || !texts.changed[row - 1]))
      changes_.push_back(static_cast<int>(row));
  const auto columns = std::max(longest_line_in(texts.left.text), longest_line_in(texts.right.text));
  left_->show(texts.left, texts.changed, fileName, columns);
  right_->show(texts.right, texts.changed, fileName, columns);
  const auto together = client::inline_difference(texts);
  inline_changes_.clear();
  using Kind = client::InlineDifference::Kind;
  for (std::size_t row = 0; row < together.kinds.size(); ++row)
    if (together.kinds[row] != Kind::same && (row == 0 || together.kinds[row - 1] == Kind::same))
      inline_changes_.push_back(static_cast<int>(row));
  both_->showInline(together, fileName, columns);
  const auto show_first = [](DiffPane* pane, const std::vector<int>& begins) {
    pane->showRow(begins.empty() ? 0 : begins.front() - context);
  };
  show_first(left_, changes_);
  show_first(right_, changes_);
  show_first(both_, inline_changes_);
  Q_EMIT compared();
}

void DiffView::step(bool forward) {
  const auto& begins = changes();
  const int at = shown()->firstRow() + context;
  const auto after = std::upper_bound(begins.begin(), begins.end(), at);
  const auto here = std::lower_bound(begins.begin(), begins.end(), at);
  if (forward && after != begins.end()) shown()->showRow(*after - context);
  if (!forward && here != begins.begin()) shown()->showRow(*std::prev(here) - context);
}

}  // namespace berth::desktop
