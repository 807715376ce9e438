// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/vim_keys.hpp"

#include <QStringList>
#include <algorithm>

namespace berth::desktop {
namespace {

using State = VimKeys::State;
using Kind = VimCommand::Kind;

constexpr int largest_count = 99'999;

const QStringList& operators() {
  static const QStringList all{QStringLiteral("d"),  QStringLiteral("c"),  QStringLiteral("y"),
                               QStringLiteral(">"),  QStringLiteral("<"),  QStringLiteral("gu"),
                               QStringLiteral("gU"), QStringLiteral("g~"), QStringLiteral("gc")};
  return all;
}

const QStringList& motions() {
  static const QStringList all =
      QStringLiteral("h j k l w b e W B E ge gE 0 ^ $ g_ gg G % { } H M L n N * # ; , + - _ |").split(u' ') +
      QStringList{QStringLiteral("\n"), QStringLiteral("\b"), QStringLiteral(" ")};
  return all;
}

/// With the key that follows.
const QStringList& motions_to() {
  static const QStringList all = QStringLiteral("f F t T ` '").split(u' ');
  return all;
}

const QStringList& actions(bool visual) {
  static const QStringList normal =
      QStringLiteral(
          "i a I A o O x X s S D C Y p P J gJ u . v V ~ : / ? ZZ ZQ zz zt zb gi gv & za zo zc zR zM")
          .split(u' ');
  static const QStringList selected =
      QStringLiteral("x X s S D C Y p P J gJ u U ~ v V o O I A : / ? gv zz zt zb").split(u' ');
  return visual ? selected : normal;
}

bool begins_one(const QStringList& all, QStringView typed) {
  return std::ranges::any_of(
      all, [&](const QString& one) { return one.size() > typed.size() && one.startsWith(typed); });
}

class Parser {
 public:
  Parser(const QString& keys, bool visual) : rest_(keys), visual_(visual) {}

  VimKeys parse() {
    int count = takeCount();
    if (rest_.startsWith(u'"')) {
      if (rest_.size() < 2) return {State::unfinished, {}};
      command_.name = rest_.at(1);
      rest_ = rest_.sliced(2);
      count = together(count, takeCount());
    }
    command_.count = count;
    if (rest_.isEmpty()) return {State::unfinished, {}};
    for (const char name : {'r', 'm', 'q', '@'})
      if (rest_.startsWith(QLatin1Char(name)) && (!visual_ || name != '@')) return withArgument(Kind::act, 1);
    // "gu" before "g…": the longest one that fits counts.
    for (qsizetype length = std::min<qsizetype>(2, rest_.size()); length > 0; --length) {
      const auto verb = rest_.first(length).toString();
      if (operators().contains(verb) && !(visual_ && verb == QLatin1String("u"))) return operation(verb);
      if (length == rest_.size() && actions(visual_).contains(verb)) {
        command_.kind = Kind::act;
        command_.verb = verb;
        return {State::whole, command_};
      }
    }
    if (visual_)
      if (const auto object = textObject(); object.state != State::wrong) return object;
    if (const auto moved = motion(); moved.state != State::wrong) return moved;
    return {begins_one(actions(visual_), rest_) || begins_one(operators(), rest_) ? State::unfinished
                                                                                  : State::wrong,
            {}};
  }

 private:
  static int together(int one, int other) {
    if (one == 0 || other == 0) return std::max(one, other);
    return static_cast<int>(std::min<qint64>(qint64(one) * other, largest_count));
  }
  int takeCount() {
    int count = 0;
    while (!rest_.isEmpty() && rest_.front() >= u'0' && rest_.front() <= u'9' &&
           (count > 0 || rest_.front() != u'0')) {
      count = std::min(count * 10 + rest_.front().digitValue(), largest_count);
      rest_ = rest_.sliced(1);
    }
    return count;
  }
  VimKeys withArgument(Kind kind, qsizetype length) {
    if (rest_.size() == length) return {State::unfinished, {}};
    if (rest_.size() > length + 1) return {State::wrong, {}};
    command_.kind = kind;
    (kind == Kind::act ? command_.verb : command_.target) = rest_.first(length).toString();
    command_.argument = rest_.back();
    return {State::whole, command_};
  }
  VimKeys operation(const QString& verb) {
    command_.kind = Kind::operate;
    command_.verb = verb;
    rest_ = rest_.sliced(verb.size());
    if (visual_) return {rest_.isEmpty() ? State::whole : State::wrong, command_};
    command_.count = together(command_.count, takeCount());
    if (rest_.isEmpty()) return {State::unfinished, {}};
    // dd, >>, and guu or gugu: the line.
    if (rest_ == verb || (verb.size() == 2 && rest_ == verb.last(1))) {
      command_.target = QStringLiteral("line");
      return {State::whole, command_};
    }
    if (verb.size() == 2 && rest_ == verb.first(1)) return {State::unfinished, {}};
    if (const auto object = textObject(); object.state != State::wrong) return object;
    auto moved = motion();
    moved.command.kind = Kind::operate;
    return moved;
  }
  VimKeys textObject() {
    if (rest_.front() != u'i' && rest_.front() != u'a') return {State::wrong, {}};
    if (rest_.size() == 1) return {State::unfinished, {}};
    static const auto objects = QStringLiteral("wWp\"'`()b[]{}B<>");
    if (rest_.size() != 2 || !objects.contains(rest_.back())) return {State::wrong, {}};
    command_.target = rest_.toString();
    if (command_.kind != Kind::operate) command_.kind = Kind::move;
    return {State::whole, command_};
  }
  VimKeys motion() {
    const auto typed = rest_.toString();
    if (motions().contains(typed)) {
      command_.kind = Kind::move;
      command_.target = typed;
      return {State::whole, command_};
    }
    for (const auto& one : motions_to())
      if (typed.startsWith(one)) return withArgument(Kind::move, one.size());
    return {begins_one(motions(), rest_) ? State::unfinished : State::wrong, {}};
  }

  QStringView rest_;
  bool visual_;
  VimCommand command_;
};

}  // namespace

VimKeys parse_vim_keys(const QString& keys, bool visual) { return Parser(keys, visual).parse(); }

}  // namespace berth::desktop
