// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/text_printing.hpp"

#include <QFileDialog>
#include <QMessageBox>
#include <QPainter>
#include <QPointer>
#include <QPrintDialog>
#include <QPrintPreviewDialog>
#include <QPrinter>
#include <memory>

#include "client/core/base_name.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/syntax.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr double text_points = 9;
constexpr double head_points = 8;
const QColor ink(0x1f, 0x23, 0x28);  // paper is white, whatever the theme
const QColor faint_ink(0x8c, 0x95, 0x9f);

struct Row {
  int line = 0;  // from 1; 0 where a line goes on
  std::vector<StyledRun> runs;
};

/// Breaks lines where the paper ends.
std::vector<Row> rows_of(const std::vector<std::vector<StyledRun>>& lines, int columns, int tab) {
  std::vector<Row> rows;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    rows.push_back({static_cast<int>(at) + 1, {}});
    int column = 0;
    for (const auto& run : lines[at]) {
      QString piece;
      const auto put = [&] {
        if (!piece.isEmpty())
          rows.back().runs.push_back({std::exchange(piece, {}), run.colour, run.bold, run.italic});
      };
      for (qsizetype i = 0; i < run.text.size(); ++i) {
        const auto sign = run.text[i];
        const int width = sign == u'\t' ? tab - column % tab : sign.isLowSurrogate() ? 0 : 1;
        if (column + width > columns && !sign.isLowSurrogate()) {
          put();
          rows.push_back({});
          column = 0;
        }
        piece += sign == u'\t' ? QString(width, u' ') : QString(sign);
        column += width;
      }
      put();
    }
  }
  return rows;
}

/// A printer that asks nobody yet.
std::shared_ptr<QPrinter> new_printer(const QString& name) {
  auto printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
  printer->setDocName(name);
  printer->setPageMargins({15, 15, 15, 15}, QPageLayout::Millimeter);
  return printer;
}

bool is_printable(const CodeEditor* editor, QWidget* window) {
  if (editor->SendScintilla(QsciScintillaBase::SCI_GETLENGTH) <= TextPrinting::largest_printed) return true;
  auto* box =
      new QMessageBox(QMessageBox::Information, CodeEditor::tr("Print"),
                      CodeEditor::tr("This text is too long to be printed."), QMessageBox::Ok, window);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->open();
  return false;
}

}  // namespace

TextPrinting TextPrinting::of(CodeEditor* editor, const QString& name) {
  editor->flushEdits();
  TextPrinting printing;
  printing.name_ = name;
  printing.text_ = QString::fromStdString(editor->text());
  printing.language_ = editor->language();
  printing.tab_width_ =
      std::max(1, static_cast<int>(editor->SendScintilla(QsciScintillaBase::SCI_GETTABWIDTH)));
  return printing;
}

int TextPrinting::print(QPrinter* printer) const {
  QPainter painter(printer);
  if (!painter.isActive()) return 0;
  auto font = Theme::instance()->codeFont();
  font.setPointSizeF(text_points);
  auto head_font = Theme::instance()->uiFont();
  head_font.setPointSizeF(head_points);
  const QFontMetricsF metrics(font, printer);
  const QFontMetricsF head_metrics(head_font, printer);
  const auto page = QRectF(QPointF(0, 0), printer->pageRect(QPrinter::DevicePixel).size());
  const auto cell = metrics.horizontalAdvance(u'0');
  const auto height = metrics.lineSpacing() * 1.1;
  const auto lines = coloured_lines(text_, definition_of_name(language_), false, ink);
  const auto digits = std::max(3, static_cast<int>(QString::number(lines.size()).size()));
  const auto left = cell * (digits + 2);
  const auto top = head_metrics.lineSpacing() * 2;
  const auto columns = std::max(20, static_cast<int>((page.width() - left) / cell));
  const auto rows = rows_of(lines, columns, tab_width_);
  const auto per_page = std::max<std::size_t>(1, static_cast<std::size_t>((page.height() - top) / height));
  const int pages = static_cast<int>((rows.size() + per_page - 1) / per_page);
  const int first = printer->fromPage() > 0 ? printer->fromPage() : 1;
  const int last = printer->toPage() > 0 ? std::min(printer->toPage(), pages) : pages;
  for (int number = first; number <= last; ++number) {
    if (number > first && !printer->newPage()) return pages;
    painter.setFont(head_font);
    painter.setPen(faint_ink);
    const QRectF head(0, 0, page.width(), head_metrics.lineSpacing());
    const auto counted = CodeEditor::tr("Page %1 of %2").arg(number).arg(pages);
    const auto room = page.width() - head_metrics.horizontalAdvance(counted) - cell * 2;
    painter.drawText(head, Qt::AlignLeft, head_metrics.elidedText(name_, Qt::ElideMiddle, room));
    painter.drawText(head, Qt::AlignRight, counted);
    painter.drawLine(QPointF(0, top * 0.7), QPointF(page.width(), top * 0.7));
    auto y = top + metrics.ascent();
    const auto begin = static_cast<std::size_t>(number - 1) * per_page;
    for (auto at = begin; at < std::min(rows.size(), begin + per_page); ++at, y += height) {
      painter.setFont(font);
      painter.setPen(faint_ink);
      if (rows[at].line > 0) {
        const auto text = QString::number(rows[at].line);
        painter.drawText(QPointF(cell * (digits - text.size()), y), text);
      }
      auto x = left;
      for (const auto& run : rows[at].runs) {
        auto styled = font;
        styled.setBold(run.bold);
        styled.setItalic(run.italic);
        painter.setFont(styled);
        painter.setPen(run.colour);
        painter.drawText(QPointF(x, y), run.text);
        x += QFontMetricsF(styled, printer).horizontalAdvance(run.text);
      }
    }
  }
  return pages;
}

bool TextPrinting::writePdf(const QString& file, int from, int to) const {
  const auto printer = new_printer(name_);
  printer->setOutputFormat(QPrinter::PdfFormat);
  printer->setOutputFileName(file);
  if (from > 0) printer->setFromTo(from, to);
  return print(printer.get()) > 0;
}

void TextPrinting::askAndPrint(CodeEditor* editor, const QString& name, QWidget* window) {
  if (!is_printable(editor, window)) return;
  const auto printer = new_printer(name);
  auto* dialog = new QPrintDialog(printer.get(), window);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setOption(QAbstractPrintDialog::PrintPageRange);
  QObject::connect(dialog, qOverload<>(&QDialog::accepted), window,
                   [printer, printing = of(editor, name)] { printing.print(printer.get()); });
  // It outlives the dialog, which is deleted later.
  QObject::connect(dialog, &QObject::destroyed, window, [printer] {});
  dialog->open();
}

void TextPrinting::preview(CodeEditor* editor, const QString& name, QWidget* window) {
  if (!is_printable(editor, window)) return;
  const auto printer = new_printer(name);
  auto* dialog = new QPrintPreviewDialog(printer.get(), window);
  dialog->setObjectName(QStringLiteral("printPreview"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->resize(900, 760);
  QObject::connect(dialog, &QPrintPreviewDialog::paintRequested, window,
                   [printing = of(editor, name)](QPrinter* to) { printing.print(to); });
  QObject::connect(dialog, &QObject::destroyed, window, [printer] {});
  dialog->open();
}

void TextPrinting::askAndWritePdf(CodeEditor* editor, const QString& name, QWidget* window) {
  if (!is_printable(editor, window)) return;
  auto* dialog = new QFileDialog(window, CodeEditor::tr("Write as PDF"), {}, CodeEditor::tr("PDF (*.pdf)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QStringLiteral("pdf"));
  dialog->selectFile(client::base_name(name) + QStringLiteral(".pdf"));
  QObject::connect(
      dialog, &QFileDialog::fileSelected, window, [printing = of(editor, name), window](const QString& file) {
        if (printing.writePdf(file)) return;
        auto* box =
            new QMessageBox(QMessageBox::Warning, CodeEditor::tr("Write as PDF"),
                            CodeEditor::tr("%1 can't be written.").arg(file), QMessageBox::Ok, window);
        box->setTextFormat(Qt::PlainText);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
      });
  dialog->open();
}

}  // namespace berth::desktop
