// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/symbol_popup.hpp"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int most_symbols_shown = 500;

QString icon_of_symbol(const QString& kind) {
  if (kind == QLatin1String("function") || kind == QLatin1String("method"))
    return QStringLiteral("code-function");
  if (kind == QLatin1String("heading")) return QStringLiteral("format-text-bold");
  if (kind == QLatin1String("class") || kind == QLatin1String("interface") || kind == QLatin1String("enum"))
    return QStringLiteral("code-class");
  return QStringLiteral("code-block");
}

}  // namespace

SymbolPopup::SymbolPopup(CodeEditor* editor, const QString& typed, QWidget* window)
    : QFrame(window, Qt::Popup),
      editor_(editor),
      all_(client::outline_of(editor->text(), editor->language())),
      field_(new QLineEdit),
      list_(new QListWidget),
      hint_(new QLabel),
      begun_at_(editor->selections().front().head),
      begun_top_(editor->topPosition()) {
  setAttribute(Qt::WA_DeleteOnClose);
  setObjectName(QStringLiteral("quickOpen"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 8, 8, 8);
  layout->setSpacing(6);
  field_->setPlaceholderText(tr("Name of a symbol, or a colon and a line"));
  field_->setAccessibleName(field_->placeholderText());
  field_->installEventFilter(this);
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setUniformItemSizes(true);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setAccessibleName(tr("Symbols"));
  hint_->setProperty("role", QStringLiteral("muted"));
  hint_->setTextFormat(Qt::PlainText);
  hint_->setContentsMargins(4, 2, 4, 4);
  layout->addWidget(field_);
  layout->addWidget(list_, 1);
  layout->addWidget(hint_);
  connect(field_, &QLineEdit::textChanged, this, &SymbolPopup::refresh);
  connect(list_, &QListWidget::currentRowChanged, this, &SymbolPopup::preview);
  connect(list_, &QListWidget::itemClicked, this, &SymbolPopup::choose);
  const int width = std::min(560, window->width() - 40);
  highest_ = std::min(440, window->height() - 100);
  resize(width, highest_);
  move(window->mapToGlobal(QPoint((window->width() - width) / 2, 46)));
  field_->setText(typed);
  refresh();
  show();
  field_->setFocus();
}

std::pair<int, int> SymbolPopup::typedPlace() const {
  const auto text = field_->text().trimmed();
  if (!text.startsWith(u':')) return {0, 0};
  return {text.section(u':', 1, 1).toInt(), text.section(u':', 2, 2).toInt()};
}

void SymbolPopup::refresh() {
  const auto typed = field_->text().trimmed();
  const bool by_line = typed.startsWith(u':');
  {
    const QSignalBlocker blocker(list_);
    list_->clear();
    int shown = 0;
    if (!by_line)
      for (const auto& symbol : client::matching_symbols(all_, typed)) {
        if (++shown > most_symbols_shown) break;
        // As deep as it lies, while all of them stand in their order.
        const auto indent = typed.isEmpty() ? QString(symbol.depth * 4, u' ') : QString();
        auto* item = new QListWidgetItem(
            Theme::icon(icon_of_symbol(symbol.kind), Theme::Tint::muted),
            QStringLiteral("%1%2    :%3").arg(indent, symbol.name).arg(symbol.line), list_);
        item->setData(Qt::UserRole, symbol.line);
      }
  }
  const bool none = list_->count() == 0;
  list_->setVisible(!none);
  hint_->setVisible(none);
  const auto lines = editor_->SendScintilla(QsciScintillaBase::SCI_GETLINECOUNT);
  hint_->setText(by_line        ? tr("Type a line from 1 to %1, and after another colon a column.").arg(lines)
                 : all_.empty() ? tr("Nothing with a name was found here. A colon and a number go to a line.")
                                : tr("No symbol has such a name."));
  const int rows = std::max(1, list_->count()) * std::max(26, list_->sizeHintForRow(0));
  resize(width(), std::min(highest_, rows + field_->sizeHint().height() + 34));
  if (!none && !typed.isEmpty()) list_->setCurrentRow(0);
  if (!none && typed.isEmpty()) {
    // Begins where the cursor is.
    int here = 0;
    for (int row = 0; row < list_->count(); ++row)
      if (list_->item(row)->data(Qt::UserRole).toInt() <= editor_->cursorLine()) here = row;
    const QSignalBlocker blocker(list_);
    list_->setCurrentRow(here);
  }
  if (by_line) preview();
}

void SymbolPopup::preview() {
  if (const auto [line, column] = typedPlace(); line > 0) return editor_->goToPlace(line, column);
  if (const auto* item = list_->currentItem()) editor_->goToPlace(item->data(Qt::UserRole).toInt(), 0);
}

void SymbolPopup::choose() {
  if (!list_->currentItem() && typedPlace().first <= 0) return;
  chosen_ = true;
  preview();
  close();
  editor_->setFocus();
}

void SymbolPopup::hideEvent(QHideEvent* event) {
  QFrame::hideEvent(event);
  if (std::exchange(chosen_, true)) return;
  editor_->goTo(begun_at_);
  editor_->showFrom(begun_top_, {});
}

bool SymbolPopup::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
  const auto* key = static_cast<QKeyEvent*>(event);
  const int rows = std::max(1, list_->count());
  switch (key->key()) {
    case Qt::Key_Down:
      list_->setCurrentRow((list_->currentRow() + 1) % rows);
      return true;
    case Qt::Key_Up:
      list_->setCurrentRow((list_->currentRow() - 1 + rows) % rows);
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
