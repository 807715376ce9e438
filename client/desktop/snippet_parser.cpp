// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/snippet_parser.hpp"

#include <set>

namespace berth::desktop {
namespace {

constexpr int deepest_snippet = 20;
constexpr int greatest_stop = 9'999;

bool is_name_sign(QChar sign) { return sign.isLetterOrNumber() || sign == u'_'; }

class SnippetReader {
 public:
  explicit SnippetReader(QStringView body) : body_(body) {}

  /// To the end, or within braces to the "}" that ends them, which is not taken.
  std::vector<SnippetPart> parts(bool within) {
    std::vector<SnippetPart> all;
    QString text;
    const auto flush = [&] {
      if (text.isEmpty()) return;
      SnippetPart part;
      part.text = std::exchange(text, {});
      all.push_back(std::move(part));
    };
    while (at_ < body_.size()) {
      const auto sign = body_[at_];
      if (within && sign == u'}') break;
      if (sign == u'\\' && at_ + 1 < body_.size() && QStringView(u"$}\\").contains(body_[at_ + 1])) {
        text += body_[at_ + 1];
        at_ += 2;
        continue;
      }
      const auto begin = at_;
      // What was no stop once is none when it is met again from further in.
      if (sign == u'$' && !failed_.contains(begin)) {
        if (auto part = special()) {
          flush();
          all.push_back(std::move(*part));
          continue;
        }
        failed_.insert(begin);
        at_ = begin;
      }
      text += body_[at_++];
    }
    flush();
    return all;
  }

 private:
  bool take(QChar sign) {
    if (at_ >= body_.size() || body_[at_] != sign) return false;
    ++at_;
    return true;
  }

  QString name() {
    const auto begin = at_;
    while (at_ < body_.size() && is_name_sign(body_[at_])) ++at_;
    return body_.mid(begin, at_ - begin).toString();
  }

  static std::optional<SnippetPart> named(const QString& name) {
    if (name.isEmpty()) return {};
    SnippetPart part;
    bool is_number = false;
    part.number = name.toInt(&is_number);
    if (is_number && part.number >= 0 && part.number <= greatest_stop) {
      part.kind = SnippetPart::Kind::stop;
    } else if (!name[0].isDigit()) {
      part.kind = SnippetPart::Kind::variable;
      part.text = name;
    } else {
      return {};
    }
    return part;
  }

  std::optional<SnippetPart> special() {
    ++at_;  // "$"
    if (!take(u'{')) {
      // $1x is the first stop and an x.
      if (at_ < body_.size() && body_[at_].isDigit()) {
        const auto begin = at_;
        while (at_ < body_.size() && body_[at_].isDigit()) ++at_;
        return named(body_.mid(begin, at_ - begin).toString());
      }
      return named(name());
    }
    if (depth_ >= deepest_snippet) return {};
    auto part = named(name());
    if (!part) return {};
    if (take(u'}')) return part;
    if (take(u':')) {
      ++depth_;
      part->inside = parts(true);
      --depth_;
    } else if (part->kind == SnippetPart::Kind::stop && take(u'|')) {
      if (!choices(part->choices)) return {};
    } else if (take(u'/')) {
      part->transform = transform();
      if (!part->transform) return {};
      return part;  // its brace is taken
    } else {
      return {};
    }
    return take(u'}') ? part : std::nullopt;
  }

  bool choices(QStringList& all) {
    QString choice;
    while (at_ < body_.size()) {
      const auto sign = body_[at_++];
      if (sign == u'\\' && at_ < body_.size() && QStringView(u",|\\").contains(body_[at_])) {
        choice += body_[at_++];
      } else if (sign == u',') {
        all.append(std::exchange(choice, {}));
      } else if (sign == u'|') {
        all.append(choice);
        return true;
      } else {
        choice += sign;
      }
    }
    return false;
  }

  /// Up to an unescaped "/"; braces of a format may hold some.
  std::optional<QString> section(bool format) {
    QString text;
    int braces = 0;
    while (at_ < body_.size()) {
      const auto sign = body_[at_++];
      if (sign == u'\\' && at_ < body_.size()) {
        if (body_[at_] != u'/') text += sign;
        text += body_[at_++];
        continue;
      }
      if (sign == u'/' && braces == 0) return text;
      if (format && sign == u'{' && text.endsWith(u'$')) ++braces;
      if (format && sign == u'}' && braces > 0) --braces;
      text += sign;
    }
    return {};
  }

  std::optional<SnippetTransform> transform() {
    const auto pattern = section(false);
    const auto format = pattern ? section(true) : std::nullopt;
    if (!format) return {};
    SnippetTransform made;
    QRegularExpression::PatternOptions options = QRegularExpression::UseUnicodePropertiesOption;
    while (at_ < body_.size() && body_[at_] != u'}') {
      const auto option = body_[at_++];
      if (option == u'g') made.everywhere = true;
      if (option == u'i') options |= QRegularExpression::CaseInsensitiveOption;
      if (option == u'm') options |= QRegularExpression::MultilineOption;
    }
    if (!take(u'}')) return {};
    made.expression = QRegularExpression(*pattern, options);
    made.format = *format;
    if (!made.expression.isValid()) return {};
    return made;
  }

  QStringView body_;
  std::set<qsizetype> failed_;
  qsizetype at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::vector<SnippetPart> parse_snippet(const QString& body) { return SnippetReader(body).parts(false); }

}  // namespace berth::desktop
