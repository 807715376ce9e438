// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/echo_predictor.hpp"

#include <gtest/gtest.h>

#include <QString>
#include <deque>
#include <functional>

#include "tests/soak.hpp"

namespace berth::test {
namespace {

using client::EchoPredictor;
using client::EchoScreen;

constexpr int echo_columns = 40;

/// A line editor at the far end, as readline is one, and what it has printed so far.
class FarEnd {
 public:
  explicit FarEnd(std::u32string prompt) : prompt_(std::move(prompt)) { draw(); }
  bool echo = true;
  std::u32string suggestion;  // shown behind the text, where that is a beginning of it

  void key(const std::string& bytes) {
    if (bytes == "\r") {
      text_.clear();
      at_ = 0;
      row_ = std::min(row_ + 1, 23);
      echo = !next_is_secret;
    } else if (bytes == "\x7f") {
      if (at_ > 0) text_.erase(--at_, 1);
    } else if (bytes == "\x1b[D") {
      if (at_ > 0) --at_;
    } else if (bytes == "\x1b[C") {
      if (at_ < text_.size()) ++at_;
    } else if (bytes == "\x01") {
      at_ = 0;
    } else {
      for (const auto c : QString::fromStdString(bytes).toStdU32String()) text_.insert(at_++, 1, c);
    }
    draw();
  }
  bool next_is_secret = false;  // from the next Enter to the one after
  EchoScreen screen;

 private:
  void draw() {
    screen = {echo_columns, 24, false, row_, 0, std::u32string(echo_columns, U' ')};
    int column = 0;
    const auto print = [&](char32_t c) {
      if (column >= echo_columns) return;
      screen.line[static_cast<std::size_t>(column)] = c;
      if (client::certain_width(c) == 2 && column + 1 < echo_columns)
        screen.line[static_cast<std::size_t>(column) + 1] = 0;
      column += client::certain_width(c);
    };
    for (const auto c : prompt_) print(c);
    screen.column = column;
    if (!echo) return;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (i == at_) screen.column = column;
      print(text_[i]);
    }
    if (at_ == text_.size()) screen.column = column;
    if (!text_.empty() && suggestion.starts_with(text_))
      for (const auto c : suggestion.substr(text_.size())) print(c);
    screen.column = std::min(screen.column, echo_columns - 1);
  }
  std::u32string prompt_;
  std::u32string text_;
  std::size_t at_ = 0;
  int row_ = 3;
};

/// A link with a delay each way, the far end, and the predictor at this end.
class Link {
 public:
  explicit Link(FarEnd& far_end, std::int64_t delay) : far_(far_end), delay_(delay) { look(); }

  void type(const std::string& keys) {
    look();
    predictor.typed(keys, ++number_, now);
    sent_.push_back({now + delay_, keys, number_});
  }
  /// Time goes on, by single milliseconds.
  void pass(std::int64_t ms) {
    for (; ms > 0; --ms) {
      ++now;
      while (!sent_.empty() && sent_.front().at <= now) {
        far_.key(sent_.front().keys);
        answers_.push_back({now + delay_, far_.screen, sent_.front().number});
        sent_.pop_front();
      }
      while (!answers_.empty() && answers_.front().at <= now) {
        seen_ = answers_.front().screen;
        const auto number = answers_.front().number;
        answers_.pop_front();
        look();
        predictor.acknowledged(number, now);
      }
      if (predictor.due() && *predictor.due() <= now) look();
    }
  }
  /// The line with what is predicted.
  std::u32string shown() const {
    auto line = seen_.line;
    if (const auto predicted = predictor.shown())
      for (const auto& cell : predicted->cells) {
        line[static_cast<std::size_t>(cell.column)] = cell.text;
        if (cell.width == 2) line[static_cast<std::size_t>(cell.column) + 1] = 0;
      }
    return line;
  }
  int cursor() const {
    const auto predicted = predictor.shown();
    return predicted ? predicted->cursor : seen_.column;
  }
  const EchoScreen& seen() const { return seen_; }
  EchoPredictor predictor;
  std::int64_t now = 1'000;

 private:
  struct Sent {
    std::int64_t at;
    std::string keys;
    std::uint64_t number;
  };
  struct Answer {
    std::int64_t at;
    EchoScreen screen;
    std::uint64_t number;
  };
  void look() { predictor.look(seen_, now); }
  FarEnd& far_;
  std::int64_t delay_;
  EchoScreen seen_ = far_.screen;
  std::deque<Sent> sent_;
  std::deque<Answer> answers_;
  std::uint64_t number_ = 0;
};

std::string shown_text(const Link& link) {
  auto line = link.shown();
  std::erase(line, U'\0');
  return QString::fromStdU32String(line).trimmed().toStdString();
}

class EchoPredictorTest : public testing::Test {
 protected:
  FarEnd far_end{U"$ "};
  Link link{far_end, 100};

  /// Typed, echoed and judged: from here on predictions are shown.
  void earnTrust() {
    link.type("a");
    link.pass(400);
    ASSERT_EQ(shown_text(link), "$ a");
  }
};

TEST_F(EchoPredictorTest, ShowsNothingBeforeAnEchoWasSeen) {
  link.type("a");
  EXPECT_FALSE(link.predictor.shown());
  EXPECT_EQ(shown_text(link), "$");
}

TEST_F(EchoPredictorTest, ShowsKeysAtOnceWhereTheyAreEchoed) {
  earnTrust();
  for (const auto* key : {"b", "c", "d"}) link.type(key);
  EXPECT_EQ(shown_text(link), "$ abcd");
  EXPECT_EQ(link.cursor(), 6);
  link.pass(500);
  EXPECT_TRUE(link.predictor.isIdle());
  EXPECT_EQ(shown_text(link), "$ abcd");
}

TEST_F(EchoPredictorTest, EditsInTheMiddleOfTheLine) {
  earnTrust();
  for (const auto* key : {"b", "c", "\x1b[D", "\x1b[D", "X", "\x7f", "\x7f", "Y"}) link.type(key);
  EXPECT_EQ(shown_text(link), "$ Ybc");
  EXPECT_EQ(link.cursor(), 3);
  link.pass(500);
  EXPECT_EQ(shown_text(link), "$ Ybc");
  EXPECT_EQ(link.seen().column, 3);
}

TEST_F(EchoPredictorTest, WideCharactersTakeTwoColumns) {
  earnTrust();
  link.type("漢");
  link.type("b");
  EXPECT_EQ(link.cursor(), 6);
  EXPECT_EQ(shown_text(link), "$ a漢b");
  link.type("\x7f");
  link.type("\x7f");
  EXPECT_EQ(link.cursor(), 3);
  link.pass(500);
  EXPECT_EQ(shown_text(link), "$ a");
}

TEST_F(EchoPredictorTest, NeverShowsAPassword) {
  earnTrust();
  far_end.next_is_secret = true;
  link.type("\r");
  for (const auto* key : {"s", "e", "c", "r", "e", "t"}) {
    link.type(key);
    for (int i = 0; i < 90; ++i) {
      link.pass(1);
      ASSERT_FALSE(link.predictor.shown() && !link.predictor.shown()->cells.empty());
    }
  }
}

TEST_F(EchoPredictorTest, DoesNotGuessAtTheEndOfTheLine) {
  earnTrust();
  for (int i = 0; i < 60; ++i) link.type("x");
  const auto predicted = link.predictor.shown();
  ASSERT_TRUE(predicted);
  for (const auto& cell : predicted->cells) EXPECT_LT(cell.column, echo_columns - 1);
  EXPECT_LT(predicted->cursor, echo_columns);
}

TEST_F(EchoPredictorTest, IsSilentInTheAlternateScreen) {
  earnTrust();
  auto screen = link.seen();
  screen.alternate = true;
  link.predictor.look(screen, link.now);
  link.predictor.typed("j", 1'000, link.now);
  EXPECT_FALSE(link.predictor.shown());
}

TEST_F(EchoPredictorTest, TakesAWrongGuessBack) {
  earnTrust();
  far_end.echo = false;  // a program has the keyboard now, and does not echo
  link.type("b");
  EXPECT_EQ(shown_text(link), "$ ab");
  link.pass(200 + EchoPredictor::grace + 5);
  EXPECT_FALSE(link.predictor.shown());
}

// As the web's predictor has it: rule 4.
TEST_F(EchoPredictorTest, TakesPredictionsOffAtOnceWhenSomethingElseWasAtWork) {
  earnTrust();
  const auto truth = link.seen();
  const auto stands = [&](const std::function<void(EchoScreen&)>& change) {
    EchoPredictor predictor = link.predictor;
    predictor.typed("b", 1'000, link.now);
    EXPECT_TRUE(predictor.shown());
    auto screen = truth;
    change(screen);
    predictor.look(screen, link.now);
    return predictor.shown().has_value();
  };
  EXPECT_TRUE(stands([](EchoScreen&) {}));
  EXPECT_TRUE(stands([](EchoScreen& screen) { screen.column = 4; })) << "where the key leads";
  EXPECT_TRUE(stands([](EchoScreen& screen) { screen.line[10] = U'!'; })) << "behind the predictions";
  EXPECT_FALSE(stands([](EchoScreen& screen) { ++screen.row; }));
  EXPECT_FALSE(stands([](EchoScreen& screen) { screen.column = 5; })) << "where no key leads";
  EXPECT_FALSE(stands([](EchoScreen& screen) { screen.column = 0; }));
  EXPECT_FALSE(stands([](EchoScreen& screen) { screen.line[0] = U'?'; })) << "another prompt";
}

// The web's: 'a password is never shown, with or without Enter before it'.
TEST_F(EchoPredictorTest, NeverShowsAPasswordThatIsAskedForWithoutEnter) {
  earnTrust();
  link.type("b");
  EXPECT_EQ(shown_text(link), "$ ab");
  EchoScreen question{echo_columns, 24, false, 3, 10, U"Password: "};
  question.line.resize(echo_columns, U' ');
  link.predictor.look(question, link.now);
  EXPECT_FALSE(link.predictor.shown());
  link.predictor.typed("S", 1'000, link.now);
  EXPECT_FALSE(link.predictor.shown());
}

TEST_F(EchoPredictorTest, DoesNotTrustBehindAnotherText) {
  earnTrust();
  auto screen = link.seen();
  screen.line.replace(0, 2, U"? ");  // a question in the same place, which may be for a secret
  link.predictor.look(screen, link.now);
  link.predictor.typed("s", 1'000, link.now);
  EXPECT_FALSE(link.predictor.shown());
}

TEST_F(EchoPredictorTest, LearnsThatSuggestionsDoNotMove) {
  far_end.suggestion = U"git status --short";
  link.type("g");
  link.pass(400);
  for (const auto* key : {"i", "t", " ", "s"}) {
    link.type(key);
    link.pass(400);
  }
  link.type("t");
  EXPECT_EQ(shown_text(link), "$ git status --short");
}

TEST(EchoSwitch, TurnsItselfOnAboveFiftyMilliseconds) {
  client::EchoSwitch echo;
  EXPECT_FALSE(echo.isOn());
  echo.measured(51);
  EXPECT_TRUE(echo.isOn());
  echo.measured(40);
  EXPECT_TRUE(echo.isOn()) << "does not flicker around the limit";
  echo.measured(34);
  EXPECT_FALSE(echo.isOn());
  echo.choose(client::EchoSwitch::Choice::on);
  EXPECT_TRUE(echo.isOn());
}

// Whatever is typed at whatever pace: once all is judged the screen is the truth, nothing is shown for longer
// than an answer takes, and no key of a secret ever.
TEST(EchoPredictorRandom, IsNeverWrongOnceAllIsConfirmed) {
  Soak soak(150, 20'000);
  for (int round = 0; round < soak.rounds(); ++round) {
    FarEnd far_end(soak.below(2) ? U"$ " : U"ada@boat:~/project$ ");
    if (soak.below(4) == 0) far_end.suggestion = U"make test all";
    const auto delay = static_cast<std::int64_t>(soak.below(250));
    Link link(far_end, delay);
    bool secret = false;
    for (int step = 0; step < 120; ++step) {
      static const std::string keys[] = {"a", "b", "m", "漢", " ", "\x7f", "\x1b[D", "\x1b[C", "\x01", "\r"};
      const auto& key = keys[soak.below(soak.below(3) ? 5 : 10)];
      if (key == "\r") {
        far_end.next_is_secret = soak.below(3) == 0;
        link.type(key);
        link.pass(2 * delay + EchoPredictor::grace + 2);
        secret = far_end.next_is_secret;
        continue;
      }
      link.type(key);
      if (secret) {
        ASSERT_FALSE(link.predictor.shown() && !link.predictor.shown()->cells.empty())
            << "a secret is shown, round " << round;
      }
      link.pass(static_cast<std::int64_t>(soak.below(soak.below(5) ? 40 : 600)));
    }
    link.pass(2 * delay + EchoPredictor::grace + 2);
    ASSERT_TRUE(link.predictor.isIdle()) << "round " << round;
    ASSERT_EQ(link.shown(), link.seen().line) << "round " << round;
    ASSERT_EQ(link.cursor(), link.seen().column) << "round " << round;
  }
}

}  // namespace
}  // namespace berth::test
