// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/presence.hpp"

#include <gmock/gmock.h>

#include "client/core/document.hpp"
#include "fake_documents.hpp"
#include "random_edits.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using client::Document;
using client::Presence;
using protocol::Participant;
using protocol::PresenceSet;
using protocol::TextOperation;
using testing::ElementsAre;

Participant person(const std::string& session, const std::string& user, const std::string& name, int colour) {
  Participant who{};
  who.session = session;
  who.user = user;
  who.name = name;
  who.colour = colour;
  who.role = protocol::Role::editor;
  who.connected = true;
  who.since = colour;
  return who;
}

/// An editor that is a string, and tells presence what others change.
class ToldBuffer : public client::DocumentBuffer {
 public:
  std::string text() const override { return text_; }
  void apply(const TextOperation& operation) override {
    text_ = *operation.apply(text_);
    changed(operation);
  }
  std::string text_;
  std::function<void(const TextOperation&)> changed;
};

class PresenceTest : public testing::Test {
 protected:
  void SetUp() override {
    buffer.changed = [this](const TextOperation& operation) {
      presence.textChanged(&document, operation, false);
    };
    runner.on<protocol::PresenceList>(
        [this](const protocol::Empty&) -> Result<protocol::PresenceList::Result> {
          ++lists;
          protocol::PresenceList::Result result{others};
          result.participants.push_back(person(connection.hello()->session, "u-ada", "Ada Lovelace", 0));
          return result;
        });
    runner.on<PresenceSet>([this](const PresenceSet::Params& params) -> Result<protocol::Empty> {
      said.push_back(params);
      return protocol::Empty{};
    });
    QObject::connect(&document, &Document::loaded, [this](const std::string& text) {
      buffer.text_ = text;
      document.setBuffer(&buffer);
      presence.watch(&document);
    });
    QObject::connect(&presence, &Presence::followMoved,
                     [this](const Participant& who) { followed.push_back(who.top.value_or(-1)); });
    others = {person("s-grace", "u-grace", "Grace Hopper", 1)};
    connection.open();
    document.open();
    ASSERT_TRUE(wait_for([this] { return document.isLoaded() && lists >= 2; }));
    ASSERT_TRUE(wait_for([this] { return presence.all().size() == 2; }));
  }
  void TearDown() override { document.setBuffer(nullptr); }

  Participant grace(std::int64_t anchor, std::int64_t head) const {
    auto who = others.front();
    who.document = document.runnerId();
    who.path = "project/a.txt";
    who.version = documents.version();
    who.selections = {{anchor, head}};
    who.top = 0;
    return who;
  }
  void tell(const Participant& who) {
    runner.notify<protocol::PresenceChanged>({who});
    wait_for([&] { return presence.find(who.session) && presence.find(who.session)->path == who.path; });
  }
  std::vector<std::int64_t> heads() const {
    std::vector<std::int64_t> all;
    for (const auto& who : presence.in(&document))
      for (const auto& selection : who.selections) all.push_back(selection.head);
    return all;
  }
  void type(std::int64_t at, const std::string& text) {
    const client::LocalEdit edit{at, "", text,
                                 static_cast<std::int64_t>(protocol::utf16_length(buffer.text()))};
    buffer.text_ = *operation_of(edit).apply(buffer.text());
    document.typed(edit);
    presence.textChanged(&document, edit);
  }

  FakeRunner runner;
  FakeDocuments documents{&runner, "alpha\nbeta\ngamma\n"};
  client::WorkspaceConnection connection{runner.dialSource()};
  Presence presence{&connection};
  ToldBuffer buffer;
  Document document{&connection, QStringLiteral("project/a.txt")};
  std::vector<Participant> others;
  std::vector<PresenceSet::Params> said;
  std::vector<std::int64_t> followed;
  int lists = 0;
};

TEST_F(PresenceTest, SaysWhoIsWhoAndWhoseWindowsTheyAre) {
  auto window = person("s-ada-2", "u-ada", "Ada Lovelace", 4);
  auto second = person("s-grace-2", "u-grace", "Grace Hopper", 5);
  runner.notify<protocol::PresenceChanged>({window});
  runner.notify<protocol::PresenceChanged>({second});
  ASSERT_TRUE(wait_for([this] { return presence.all().size() == 4; }));
  QStringList labels;
  for (const auto& who : presence.all()) labels.append(presence.label(who));
  EXPECT_EQ(labels, (QStringList{QStringLiteral("Ada Lovelace (you)"), QStringLiteral("Grace Hopper"),
                                 QStringLiteral("Ada Lovelace (you, another window)"),
                                 QStringLiteral("Grace Hopper (2)")}));
  runner.notify<protocol::PresenceLeft>({"s-grace"});
  ASSERT_TRUE(wait_for([this] { return presence.all().size() == 3; }));
  EXPECT_EQ(presence.label(*presence.find("s-grace-2")), QStringLiteral("Grace Hopper"));
}

TEST_F(PresenceTest, InitialsAreOfTheFirstTwoNames) {
  EXPECT_EQ(Presence::initials(QStringLiteral("Ada Lovelace King")), QStringLiteral("AL"));
  EXPECT_EQ(Presence::initials(QStringLiteral(" ada ")), QStringLiteral("A"));
  EXPECT_EQ(Presence::initials(QStringLiteral("😀x")), QStringLiteral("😀"));
  EXPECT_EQ(Presence::initials({}), QStringLiteral("?"));
}

TEST_F(PresenceTest, CursorsStandBehindWhatIsTypedHereAndNotAcknowledged) {
  runner.hold(true);
  type(0, "new ");
  tell(grace(6, 8));
  EXPECT_THAT(heads(), ElementsAre(12));
  runner.hold(false);
  ASSERT_TRUE(wait_for([this] { return !document.hasUnsent(); }));
  EXPECT_THAT(heads(), ElementsAre(12));
}

TEST_F(PresenceTest, CursorsMoveWithTheTextAndAWriterSOwnFollowsWhatTheyWrite) {
  tell(grace(6, 6));
  type(2, "xx");
  EXPECT_THAT(heads(), ElementsAre(8));
  ASSERT_TRUE(wait_for([this] { return !document.hasUnsent(); }));
  const auto length = static_cast<std::int64_t>(documents.text().size());
  documents.edit(TextOperation().retain(8).insert("!").retain(length - 8), true, "s-grace");
  ASSERT_TRUE(wait_for([this] { return buffer.text() == documents.text(); }));
  EXPECT_THAT(heads(), ElementsAre(9));
  type(9, "mine");
  EXPECT_THAT(heads(), ElementsAre(9));
}

TEST_F(PresenceTest, WhatWasToldAheadOfTheTextWaitsForIt) {
  auto early = grace(1, 1);
  early.version += 1;
  tell(early);
  EXPECT_THAT(heads(), ElementsAre());
  const auto length = static_cast<std::int64_t>(documents.text().size());
  documents.edit(TextOperation().retain(length).insert("end\n"));
  EXPECT_TRUE(wait_for([this] { return !heads().empty(); }));
  EXPECT_THAT(heads(), ElementsAre(1));
}

TEST_F(PresenceTest, TheOwnPlaceIsToldOnChangeAndNotTooOften) {
  std::int64_t head = 1;
  presence.setPlace([&] { return Presence::Place{&document, {{head, head}}, 0, "t1"}; });
  ASSERT_TRUE(wait_for([this] { return !said.empty(); }, 200) || true);
  said.clear();
  presence.moved();
  for (head = 2; head < 10; ++head) presence.moved();
  ASSERT_TRUE(wait_for([&] { return !said.empty() && said.back().selections.at(0).head == 10; }));
  EXPECT_LE(said.size(), 2u);
  EXPECT_EQ(said.back().document, document.runnerId());
  EXPECT_EQ(said.back().terminal, "t1");
  const auto count = said.size();
  presence.moved();
  wait_for([] { return false; }, 100);
  EXPECT_EQ(said.size(), count);
}

TEST_F(PresenceTest, WhatIsTypedAndNotAcknowledgedIsTakenOffTheOwnPlace) {
  presence.setPlace([&] { return Presence::Place{&document, {{10, 10}}, 4, {}}; });
  runner.hold(true);
  type(0, "new ");
  presence.moved();
  ASSERT_TRUE(wait_for([&] { return !said.empty() && !said.back().selections.empty(); }));
  EXPECT_EQ(said.back().selections.at(0).head, 6);
  EXPECT_EQ(said.back().top, 0);
  EXPECT_EQ(said.back().version, document.version());
  runner.hold(false);
}

TEST_F(PresenceTest, ALostConnectionShowsTheOthersAsAwayAndAsksAgain) {
  tell(grace(1, 1));
  runner.drop();
  ASSERT_TRUE(wait_for([this] { return !connection.online(); }));
  EXPECT_FALSE(presence.find("s-grace")->connected);
  EXPECT_THAT(heads(), ElementsAre());
  others.clear();
  ASSERT_TRUE(wait_for([this] { return connection.online(); }));
  EXPECT_TRUE(wait_for([this] { return presence.all().size() == 1; }));
}

TEST_F(PresenceTest, FollowingTellsWhereTheOtherGoesUntilTheyLeave) {
  presence.follow(presence.session());
  EXPECT_TRUE(presence.following().empty());
  presence.follow("nobody");
  EXPECT_TRUE(presence.following().empty());
  tell(grace(1, 1));
  presence.follow("s-grace");
  EXPECT_EQ(presence.following(), "s-grace");
  auto lower = grace(7, 7);
  lower.top = 6;
  tell(lower);
  EXPECT_TRUE(wait_for([this] { return followed == std::vector<std::int64_t>{0, 6}; }));
  EXPECT_TRUE(wait_for([this] { return !said.empty() && said.back().following == "s-grace"; }));
  runner.notify<protocol::PresenceLeft>({"s-grace"});
  EXPECT_TRUE(wait_for([this] { return presence.following().empty(); }));
}

}  // namespace
}  // namespace berth::test
