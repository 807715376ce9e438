// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/file_comparison.hpp"

#include <QClipboard>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPointer>
#include <QStringDecoder>

#include "client/core/base_name.hpp"
#include "client/core/document.hpp"
#include "client/core/file_reading.hpp"
#include "client/core/history.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/text_comparison.hpp"

namespace berth::desktop {
namespace {

constexpr std::uint64_t largest_compared_file = client::History::largest_compared;

/// What Windows-1252 has where Latin-1 has control characters; 0 for none.
constexpr char16_t windows_signs[32] = {0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                        0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
                                        0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                        0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

void tell_compared(QWidget* window, const QString& text) {
  auto* box =
      new QMessageBox(QMessageBox::Information, TextComparison::tr("Compare"), text, QMessageBox::Ok, window);
  box->setTextFormat(Qt::PlainText);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->open();
}

using Taken = std::function<void(std::string)>;

void fetch_text(client::WorkspaceConnection* connection, const QString& path, protocol::Encoding encoding,
                QWidget* window, Taken taken) {
  client::FileReading::read(connection, path, largest_compared_file, window, [=](Result<QByteArray> bytes) {
    if (!bytes) return tell_compared(window, sentence(bytes.error()));
    auto text = text_of_file(*bytes, encoding);
    if (!text)
      return tell_compared(window, TextComparison::tr("%1 is no text.").arg(client::base_name(path)));
    taken(std::move(*text));
  });
}

void show_comparison(const QString& title, TextComparison::Side left, TextComparison::Side right,
                     const QString& fileName, QWidget* window) {
  (new TextComparison(title, std::move(left), std::move(right), fileName, window))->show();
}

}  // namespace

std::optional<std::string> text_of_file(const QByteArray& bytes, protocol::Encoding encoding) {
  QString text;
  if (encoding == protocol::Encoding::latin1 || encoding == protocol::Encoding::windows1252) {
    text = QString::fromLatin1(bytes);
    if (encoding == protocol::Encoding::windows1252)
      for (auto& sign : text)
        if (sign.unicode() >= 0x80 && sign.unicode() < 0xa0 && windows_signs[sign.unicode() - 0x80] != 0)
          sign = windows_signs[sign.unicode() - 0x80];
  } else {
    const auto kind = encoding == protocol::Encoding::utf16le ? QStringDecoder::Utf16LE
                      : encoding == protocol::Encoding::utf16be
                          ? QStringDecoder::Utf16BE
                          : QStringDecoder::encodingForData(bytes).value_or(QStringDecoder::Utf8);
    QStringDecoder decoder(kind, QStringDecoder::Flag::Stateless);  // what ends in the middle is wrong
    text = decoder(bytes);
    if (decoder.hasError() && encoding == protocol::Encoding::unknown && !bytes.contains('\0'))
      return text_of_file(bytes, protocol::Encoding::windows1252);
    if (text.startsWith(QChar::ByteOrderMark)) text.remove(0, 1);
  }
  if (text.contains(QChar(0))) return {};
  text.replace(QLatin1String("\r\n"), QLatin1String("\n"));
  text.replace(u'\r', u'\n');
  return text.toStdString();
}

void compare_with_file(client::WorkspaceConnection* connection, client::Document* document,
                       CodeEditor* editor, QWidget* window) {
  const auto path = document->path();
  fetch_text(connection, path, document->encoding(), window,
             [=, editor = QPointer<CodeEditor>(editor)](std::string text) {
               if (!editor) return;
               editor->flushEdits();
               const auto now = editor->text();
               if (now == text)
                 return tell_compared(window, TextComparison::tr("The text is as its file on the disk."));
               show_comparison(TextComparison::tr("%1: on the Disk and Here").arg(client::base_name(path)),
                               {TextComparison::tr("On the disk"), std::move(text)},
                               {TextComparison::tr("Here"), now}, client::base_name(path), window);
             });
}

void compare_with_clipboard(CodeEditor* editor, QWidget* window) {
  const auto clipboard = QGuiApplication::clipboard()->text();
  if (clipboard.isEmpty())
    return tell_compared(window, TextComparison::tr("There is no text on the clipboard."));
  editor->flushEdits();
  const auto selected = editor->selectedText();
  show_comparison(TextComparison::tr("Clipboard and %1").arg(editor->fileName()),
                  {TextComparison::tr("Clipboard"), clipboard.toStdString()},
                  {selected.isEmpty() ? TextComparison::tr("Here") : TextComparison::tr("Selected here"),
                   selected.isEmpty() ? editor->text() : selected.toStdString()},
                  editor->fileName(), window);
}

}  // namespace berth::desktop
