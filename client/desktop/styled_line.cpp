// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/styled_line.hpp"

#include <Qsci/qsciscintillabase.h>

namespace berth::desktop {
namespace {

using Sci = QsciScintillaBase;

QColor colour_of_style(const QsciScintillaBase* editor, unsigned long style) {
  const auto bgr = editor->SendScintilla(Sci::SCI_STYLEGETFORE, style);
  return {static_cast<int>(bgr & 0xff), static_cast<int>(bgr >> 8 & 0xff),
          static_cast<int>(bgr >> 16 & 0xff)};
}

}  // namespace

std::vector<StyledRun> styled_line(const QsciScintillaBase* editor, long line, long most) {
  const auto begin = editor->SendScintilla(Sci::SCI_POSITIONFROMLINE, static_cast<unsigned long>(line));
  auto end = editor->SendScintilla(Sci::SCI_GETLINEENDPOSITION, static_cast<unsigned long>(line));
  if (begin < 0 || end <= begin) return {};
  if (end - begin > most)
    // Never in the middle of a character.
    end = editor->SendScintilla(Sci::SCI_POSITIONBEFORE, static_cast<unsigned long>(begin + most + 1));
  // Pairs of a byte and its style, and two NULs.
  std::vector<char> cells(static_cast<std::size_t>(end - begin) * 2 + 2);
  editor->SendScintilla(Sci::SCI_GETSTYLEDTEXT, begin, end, cells.data());
  const auto tab = std::max(1l, editor->SendScintilla(Sci::SCI_GETTABWIDTH));
  std::vector<StyledRun> runs;
  qsizetype columns = 0;
  for (std::size_t i = 0; i + 2 < cells.size();) {
    const auto style = static_cast<unsigned char>(cells[i + 1]);
    QByteArray bytes;
    for (; i + 2 < cells.size() && static_cast<unsigned char>(cells[i + 1]) == style; i += 2)
      bytes += cells[i];
    QString text;
    for (const auto character : QString::fromUtf8(bytes)) {
      const auto width = character == u'\t' ? tab - (columns + text.size()) % tab : 1;
      text += character == u'\t' ? QString(width, u' ') : QString(character);
    }
    columns += text.size();
    runs.push_back({text, colour_of_style(editor, style),
                    editor->SendScintilla(Sci::SCI_STYLEGETBOLD, static_cast<unsigned long>(style)) != 0,
                    editor->SendScintilla(Sci::SCI_STYLEGETITALIC, static_cast<unsigned long>(style)) != 0});
  }
  return runs;
}

}  // namespace berth::desktop
