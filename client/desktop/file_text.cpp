// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/file_text.hpp"

#include <QString>
#include <QStringDecoder>

namespace berth::desktop {
namespace {

/// What Windows-1252 has where Latin-1 has control characters; 0 for none.
constexpr char16_t windows_signs[32] = {0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                        0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
                                        0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                        0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

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

}  // namespace berth::desktop
