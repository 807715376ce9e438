// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/snippet.hpp"

#include <algorithm>
#include <map>

#include "client/desktop/snippet_parser.hpp"

namespace berth::desktop {
namespace {

constexpr qsizetype longest_snippet = 1 << 20;  // UTF-16 units
constexpr int deepest_layout = 20;

QString in_words(const QString& text, bool first_small) {
  static const QRegularExpression word(QStringLiteral("[A-Za-z0-9]+"));
  QString out;
  for (auto words = word.globalMatch(text); words.hasNext();) {
    const auto piece = words.next().captured(0);
    out +=
        (first_small && out.isEmpty() ? piece.first(1).toLower() : piece.first(1).toUpper()) + piece.mid(1);
  }
  return out;
}

QString shaped(const QString& value, const QString& how) {
  if (how == QLatin1String("upcase")) return value.toUpper();
  if (how == QLatin1String("downcase")) return value.toLower();
  if (how == QLatin1String("capitalize"))
    return value.first(std::min<qsizetype>(1, value.size())).toUpper() + value.mid(1);
  if (how == QLatin1String("pascalcase")) return in_words(value, false);
  if (how == QLatin1String("camelcase")) return in_words(value, true);
  return value;
}

/// The inside of a format's ${…}: "1", "1:/upcase", "1:+if", "1:?if:else", "1:-else", "1:else".
QString formatted_group(const QString& inside, const QRegularExpressionMatch& match) {
  const auto colon = inside.indexOf(u':');
  const auto value = match.captured(QStringView(inside).left(colon < 0 ? inside.size() : colon).toInt());
  if (colon < 0) return value;
  const auto rest = inside.mid(colon + 1);
  if (rest.startsWith(u'/')) return shaped(value, rest.mid(1));
  if (rest.startsWith(u'+')) return value.isEmpty() ? QString() : rest.mid(1);
  if (rest.startsWith(u'?')) {
    const auto otherwise = rest.indexOf(u':');
    return value.isEmpty() ? (otherwise < 0 ? QString() : rest.mid(otherwise + 1))
                           : rest.mid(1, otherwise < 0 ? -1 : otherwise - 1);
  }
  if (!value.isEmpty()) return value;
  return rest.startsWith(u'-') ? rest.mid(1) : rest;
}

QString formatted(const QString& format, const QRegularExpressionMatch& match) {
  static const QRegularExpression group(QStringLiteral("\\\\([nt$}\\\\])|\\$(\\d)|\\$\\{(\\d+[^}]*)\\}"));
  QString out;
  qsizetype copied = 0;
  for (auto groups = group.globalMatch(format); groups.hasNext();) {
    const auto found = groups.next();
    out += QStringView(format).mid(copied, found.capturedStart() - copied);
    copied = found.capturedEnd();
    if (found.hasCaptured(1)) {
      const auto sign = found.captured(1);
      out += sign == u"n" ? QStringLiteral("\n") : sign == u"t" ? QStringLiteral("\t") : sign;
    } else {
      out += found.hasCaptured(2) ? match.captured(found.captured(2).toInt())
                                  : formatted_group(found.captured(3), match);
    }
  }
  return out + format.mid(copied);
}

class Layout {
 public:
  explicit Layout(const SnippetSurroundings& around) : around_(around) {}

  SnippetText make(const std::vector<SnippetPart>& parts) {
    learn(parts, 0);
    add(parts, 0);
    SnippetText made{std::move(text_), {}};
    for (auto& [number, stop] : stops_)
      if (number != 0) made.stops.push_back(std::move(stop));
    if (const auto last = stops_.find(0); last != stops_.end())
      made.stops.push_back(std::move(last->second));
    else
      made.stops.push_back({0, {{made.text.size(), 0, {}}}, {}});
    // The place that is typed in comes first: the one that had something to begin with.
    for (auto& stop : made.stops)
      std::ranges::stable_sort(stop.places, {},
                               [](const SnippetPlace& place) { return place.transform.has_value(); });
    return made;
  }

 private:
  /// What each stop begins with is said at one of its places, maybe not the first.
  void learn(const std::vector<SnippetPart>& parts, int depth) {
    if (depth > deepest_layout) return;
    for (const auto& part : parts) {
      if (part.kind == SnippetPart::Kind::stop && (!part.inside.empty() || !part.choices.isEmpty()))
        usual_.try_emplace(part.number, &part);
      learn(part.inside, depth + 1);
    }
  }

  void add(const std::vector<SnippetPart>& parts, int depth) {
    if (depth > deepest_layout) return;
    for (const auto& part : parts) {
      if (part.kind == SnippetPart::Kind::text) {
        addText(part.text);
      } else if (part.kind == SnippetPart::Kind::variable) {
        addVariable(part, depth);
      } else {
        addStop(part, depth);
      }
    }
  }

  void addText(QString text) {
    text.replace(u'\t', around_.step);
    text.replace(u'\n', u'\n' + around_.indent);
    if (text_.size() + text.size() <= longest_snippet) text_ += text;
  }

  void addVariable(const SnippetPart& part, int depth) {
    const auto value = around_.variable ? around_.variable(part.text) : std::nullopt;
    if (!value) return part.inside.empty() ? addText(part.text) : add(part.inside, depth + 1);
    if (value->isEmpty() && !part.inside.empty()) return add(part.inside, depth + 1);
    const auto shown = part.transform ? part.transform->of(*value) : *value;
    if (text_.size() + shown.size() <= longest_snippet) text_ += shown;
  }

  void addStop(const SnippetPart& part, int depth) {
    const auto begin = text_.size();
    auto& stop = stops_[part.number];
    stop.number = part.number;
    const auto usual = usual_.find(part.number);
    if (usual != usual_.end() && open_.insert({part.number, true}).second) {
      const auto& first = *usual->second;
      if (!first.choices.isEmpty()) {
        stop.choices = first.choices;
        addText(first.choices.first());
      } else if (&first == &part) {
        add(first.inside, depth + 1);
      } else {
        // A mirror shows the same, but the stops within it stand in one place.
        auto text = Layout(around_).make(first.inside).text;
        if (part.transform) text = part.transform->of(text);
        if (text_.size() + text.size() <= longest_snippet) text_ += text;
      }
      open_.erase(part.number);
    }
    stops_[part.number].places.push_back({begin, text_.size() - begin, part.transform});
  }

  const SnippetSurroundings& around_;
  QString text_;
  std::map<int, SnippetStop> stops_;
  std::map<int, const SnippetPart*> usual_;
  std::map<int, bool> open_;  // stops that are being laid out
};

}  // namespace

QString SnippetTransform::of(const QString& value) const {
  QString out;
  qsizetype copied = 0;
  for (auto matches = expression.globalMatch(value); matches.hasNext();) {
    const auto match = matches.next();
    out += value.mid(copied, match.capturedStart() - copied) + formatted(format, match);
    copied = match.capturedEnd();
    if (!everywhere) break;
  }
  return out + value.mid(copied);
}

SnippetText lay_out_snippet(const QString& body, const SnippetSurroundings& around) {
  return Layout(around).make(parse_snippet(body));
}

}  // namespace berth::desktop
