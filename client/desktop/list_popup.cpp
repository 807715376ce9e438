// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/list_popup.hpp"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int below_bar = 46;  // px from the window's top
constexpr int row_inset = 8;
constexpr int rows_of_page = 10;  // rows of PageUp and PageDown

/// Paints text, detail and keys of a row; icon and background are the style's.
class PopupRow : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    auto size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(std::max(size.height(), option.fontMetrics.height() + 12));
    size.setWidth(0);  // as wide as the list
    return size;
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& given, const QModelIndex& index) const override {
    auto option = given;
    initStyleOption(&option, index);
    const auto text = option.text;
    option.text.clear();
    auto* style = option.widget->style();
    style->drawControl(QStyle::CE_ItemViewItem, &option, painter, option.widget);
    const auto& colors = Theme::instance()->colors();
    const bool refused = index.data(ListPopup::RefusedRole).toBool();
    auto area = option.rect.adjusted(row_inset, 0, -row_inset, 0);
    if (!option.icon.isNull()) area.setLeft(area.left() + option.decorationSize.width() + 6);
    painter->save();
    painter->setFont(option.font);
    const auto& metrics = option.fontMetrics;
    const auto keys = index.data(ListPopup::KeysRole).toString();
    if (!keys.isEmpty()) area.setRight(paintKeys(painter, keys, area, metrics) - 10);
    const auto detail = index.data(ListPopup::DetailRole).toString();
    const int wanted = metrics.horizontalAdvance(text);
    // The text counts before the detail.
    const auto shown = metrics.elidedText(text, Qt::ElideRight, area.width());
    paintText(painter, shown, area, index.data(ListPopup::MatchRole).value<QList<int>>(),
              refused ? colors.faint : colors.text, colors.accent, metrics);
    area.setLeft(area.left() + wanted + 12);
    if (!detail.isEmpty() && area.width() > 30) {
      painter->setPen(refused ? colors.faint : colors.muted);
      painter->drawText(area, Qt::AlignVCenter | Qt::AlignLeft,
                        metrics.elidedText(detail, Qt::ElideMiddle, area.width()));
    }
    painter->restore();
  }

 private:
  /// Where they begin.
  static int paintKeys(QPainter* painter, const QString& keys, const QRect& area,
                       const QFontMetrics& metrics) {
    const auto& colors = Theme::instance()->colors();
    const int width = metrics.horizontalAdvance(keys) + 12;
    const QRectF chip(area.right() - width, area.center().y() - metrics.height() / 2.0, width,
                      metrics.height() + 2.0);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(colors.border);
    painter->setBrush(colors.panel);
    painter->drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter->setPen(colors.muted);
    painter->drawText(chip, Qt::AlignCenter, keys);
    return static_cast<int>(chip.left());
  }

  static void paintText(QPainter* painter, const QString& text, const QRect& area, const QList<int>& marked,
                        const QColor& usual, const QColor& accent, const QFontMetrics& metrics) {
    const auto all = Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine;
    painter->setPen(usual);
    painter->drawText(area, static_cast<int>(all), text);
    // Painted over in the same place, so that kerning and shaping stay as they are.
    painter->setPen(accent);
    for (const int at : marked) {
      if (at >= text.size()) break;
      const int left = metrics.horizontalAdvance(text.left(at));
      const int right = metrics.horizontalAdvance(text.left(at + 1));
      painter->save();
      painter->setClipRect(QRect(area.left() + left, area.top(), right - left, area.height()) & area);
      painter->drawText(area, static_cast<int>(all), text);
      painter->restore();
    }
  }
};

}  // namespace

ListPopup::ListPopup(QWidget* window, const QString& fieldName, const QString& listName, int widest,
                     int highest)
    : QFrame(window, Qt::Popup),
      field_(new QLineEdit),
      list_(new QListWidget),
      hint_(new QLabel),
      highest_(std::min(highest, window->height() - 100)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setObjectName(QStringLiteral("quickOpen"));
  setAccessibleName(fieldName);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 8, 8, 8);
  layout->setSpacing(6);
  field_->setPlaceholderText(fieldName);
  field_->setAccessibleName(fieldName);
  field_->installEventFilter(this);
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setUniformItemSizes(true);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setAccessibleName(listName);
  list_->setIconSize({16, 16});
  list_->setItemDelegate(new PopupRow(list_));
  hint_->setProperty("role", QStringLiteral("muted"));
  hint_->setTextFormat(Qt::PlainText);
  hint_->setWordWrap(true);
  hint_->setContentsMargins(4, 2, 4, 4);
  layout->addWidget(field_);
  layout->addWidget(list_, 1);
  layout->addWidget(hint_);
  connect(field_, &QLineEdit::textChanged, this, [this] { fill(); });
  connect(list_, &QListWidget::itemClicked, this, [this] { choose(); });
  const int width = std::min(widest, window->width() - 40);
  resize(width, highest_);
  move(window->mapToGlobal(QPoint((window->width() - width) / 2, below_bar)));
}

void ListPopup::openWith(const QString& typed) {
  {
    const QSignalBlocker blocker(field_);
    field_->setText(typed);
  }
  fill();
  show();
  field_->setFocus();
}

QString ListPopup::typed() const { return field_->text().trimmed(); }

void ListPopup::fit(const QString& hint) {
  const bool none = list_->count() == 0;
  list_->setVisible(!none);
  hint_->setVisible(none);
  hint_->setText(hint);
  const int rows = std::max(1, list_->count()) * std::max(28, list_->sizeHintForRow(0));
  resize(width(), std::min(highest_, rows + field_->sizeHint().height() + 34));
}

bool ListPopup::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
  const auto* key = static_cast<QKeyEvent*>(event);
  const int rows = std::max(1, list_->count());
  const int row = list_->currentRow();
  switch (key->key()) {
    case Qt::Key_Down:
      list_->setCurrentRow((row + 1) % rows);
      return true;
    case Qt::Key_Up:
      list_->setCurrentRow((row - 1 + rows) % rows);
      return true;
    case Qt::Key_PageDown:
      list_->setCurrentRow(std::min(row + rows_of_page, rows - 1));
      return true;
    case Qt::Key_PageUp:
      list_->setCurrentRow(std::max(row - rows_of_page, 0));
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      choose();
      return true;
    case Qt::Key_Escape:
    case Qt::Key_Tab:
      close();
      return true;
    default:
      return QFrame::eventFilter(watched, event);
  }
}

}  // namespace berth::desktop
