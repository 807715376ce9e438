// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/symbol_popup.hpp"

#include <QLineEdit>
#include <QListWidget>

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
    : ListPopup(window, tr("Name of a symbol, or a colon and a line"), tr("Symbols"), 560, 440),
      editor_(editor),
      all_(client::outline_of(editor->text(), editor->language())),
      begun_at_(editor->selections().front().head),
      begun_top_(editor->topPosition()) {
  connect(list(), &QListWidget::currentRowChanged, this, &SymbolPopup::preview);
  connect(editor, &QObject::destroyed, this, [this] {
    chosen_ = true;  // nothing is to be shown again
    close();
  });
  openWith(typed);
}

std::pair<int, int> SymbolPopup::typedPlace() const {
  const auto text = typed();
  if (!text.startsWith(u':')) return {0, 0};
  return {text.section(u':', 1, 1).toInt(), text.section(u':', 2, 2).toInt()};
}

void SymbolPopup::fill() {
  const auto sought = typed();
  const bool by_line = sought.startsWith(u':');
  {
    const QSignalBlocker blocker(list());
    list()->clear();
    int shown = 0;
    if (!by_line)
      for (const auto& symbol : client::matching_symbols(all_, sought)) {
        if (++shown > most_symbols_shown) break;
        // As deep as it lies, while all of them stand in their order.
        const auto indent = sought.isEmpty() ? QString(symbol.depth * 4, u' ') : QString();
        auto* item = new QListWidgetItem(Theme::icon(icon_of_symbol(symbol.kind), Theme::Tint::muted),
                                         indent + symbol.name, list());
        item->setData(Qt::UserRole, symbol.line);
        item->setData(DetailRole, QStringLiteral(":%1").arg(symbol.line));
      }
  }
  const auto lines = editor_->SendScintilla(QsciScintillaBase::SCI_GETLINECOUNT);
  fit(by_line        ? tr("Type a line from 1 to %1, and after another colon a column.").arg(lines)
      : all_.empty() ? tr("Nothing with a name was found here. A colon and a number go to a line.")
                     : tr("No symbol has such a name."));
  const bool none = list()->count() == 0;
  if (!none && !sought.isEmpty()) list()->setCurrentRow(0);
  if (!none && sought.isEmpty()) {
    // Begins where the cursor is.
    int here = 0;
    for (int row = 0; row < list()->count(); ++row)
      if (list()->item(row)->data(Qt::UserRole).toInt() <= editor_->cursorLine()) here = row;
    const QSignalBlocker blocker(list());
    list()->setCurrentRow(here);
  }
  if (by_line) preview();
}

void SymbolPopup::preview() {
  if (const auto [line, column] = typedPlace(); line > 0) return editor_->goToPlace(line, column);
  if (const auto* item = list()->currentItem()) editor_->goToPlace(item->data(Qt::UserRole).toInt(), 0);
}

void SymbolPopup::choose() {
  if (!list()->currentItem() && typedPlace().first <= 0) return;
  chosen_ = true;
  preview();
  close();
  editor_->setFocus();
}

void SymbolPopup::hideEvent(QHideEvent* event) {
  ListPopup::hideEvent(event);
  if (std::exchange(chosen_, true)) return;
  editor_->goTo(begun_at_);
  editor_->showFrom(begun_top_, {});
}

}  // namespace berth::desktop
