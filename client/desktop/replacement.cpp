// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/replacement.hpp"

#include <QStringList>

namespace berth::desktop {
namespace {

class Expansion {
 public:
  void add(const QString& text) {
    auto piece = text;
    if (all_ == u'U') piece = piece.toUpper();
    if (all_ == u'L') piece = piece.toLower();
    if (!piece.isEmpty() && !next_.isNull()) {
      piece[0] = next_ == u'u' ? piece[0].toUpper() : piece[0].toLower();
      next_ = {};
    }
    out_ += piece;
  }
  void setCase(QChar which) {
    if (which == u'u' || which == u'l')
      next_ = which;
    else
      all_ = which == u'E' ? QChar() : which;
  }
  QString take() { return std::move(out_); }

 private:
  QString out_;
  QChar next_;  // of the next letter
  QChar all_;   // of all that follow
};

/// The group that "$…" at `at` names, and how long that is; length 0 where it names none.
std::pair<QString, qsizetype> group_at(const QString& written, qsizetype at,
                                       const QRegularExpressionMatch& found) {
  const auto rest = QStringView(written).mid(at + 1);
  if (rest.startsWith(u'&')) return {found.captured(0), 2};
  if (rest.startsWith(u'{')) {
    const auto end = rest.indexOf(u'}');
    const auto name = rest.mid(1, std::max<qsizetype>(0, end - 1)).toString();
    if (end < 2) return {{}, 0};
    bool is_number = false;
    const int number = name.toInt(&is_number);
    if (is_number && number >= 0 && number <= found.regularExpression().captureCount())
      return {found.captured(number), end + 2};
    if (found.regularExpression().namedCaptureGroups().contains(name)) return {found.captured(name), end + 2};
    return {{}, 0};
  }
  // $12 is the twelfth group where there are as many, else the first and a 2.
  for (const qsizetype digits : {2, 1}) {
    if (rest.size() < digits) continue;
    if (!rest[0].isDigit() || !rest[digits - 1].isDigit()) continue;
    if (const int number = rest.first(digits).toInt(); number <= found.regularExpression().captureCount())
      return {found.captured(number), digits + 1};
  }
  return {{}, 0};
}

QString in_case_of_piece(const QString& found, const QString& replacement) {
  if (found.isEmpty() || replacement.isEmpty()) return replacement;
  const bool has_case = found.toUpper() != found.toLower();
  if (!has_case) return replacement;
  if (found == found.toUpper()) return replacement.toUpper();
  if (found == found.toLower()) return replacement.toLower();
  return (found[0].isUpper() ? replacement.first(1).toUpper() : replacement.first(1).toLower()) +
         replacement.mid(1);
}

}  // namespace

QString expand_replacement(const QString& written, const QRegularExpressionMatch& found) {
  Expansion out;
  for (qsizetype at = 0; at < written.size(); ++at) {
    const auto sign = written[at];
    const auto after = at + 1 < written.size() ? written[at + 1] : QChar();
    if (sign == u'\\' && !after.isNull()) {
      ++at;
      if (QStringView(u"ulULE").contains(after))
        out.setCase(after);
      else if (after.isDigit() && after.digitValue() <= found.regularExpression().captureCount())
        out.add(found.captured(after.digitValue()));
      else
        out.add(after == u'n'    ? QStringLiteral("\n")
                : after == u't'  ? QStringLiteral("\t")
                : after == u'\\' ? QStringLiteral("\\")
                                 : QString(sign) + after);
    } else if (sign == u'$' && after == u'$') {
      out.add(QStringLiteral("$"));
      ++at;
    } else if (sign == u'$') {
      const auto [text, length] = group_at(written, at, found);
      out.add(length > 0 ? text : QStringLiteral("$"));
      at += std::max<qsizetype>(0, length - 1);
    } else {
      out.add(QString(sign));
    }
  }
  return out.take();
}

QString in_case_of(const QString& found, const QString& replacement) {
  for (const QChar between : {u'-', u'_'}) {
    const auto pieces = found.split(between);
    auto parts = replacement.split(between);
    if (pieces.size() < 2 || pieces.size() != parts.size()) continue;
    for (qsizetype i = 0; i < parts.size(); ++i) parts[i] = in_case_of_piece(pieces[i], parts[i]);
    return parts.join(between);
  }
  return in_case_of_piece(found, replacement);
}

}  // namespace berth::desktop
