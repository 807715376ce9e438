// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/remote_cursors.hpp"

#include <gtest/gtest.h>

#include <QFile>
#include <QImage>
#include <QTest>
#include <cmath>
#include <nlohmann/json.hpp>

#include "client/core/document.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/presence_colours.hpp"
#include "client/desktop/theme.hpp"
#include "fake_documents.hpp"
#include "wait_for.hpp"

namespace berth::desktop {
namespace {

using protocol::Participant;
using protocol::TextOperation;

class RemoteCursorsTest : public testing::Test {
 protected:
  void SetUp() override {
    runner.on<protocol::PresenceList>(
        [this](const protocol::Empty&) -> Result<protocol::PresenceList::Result> {
          ++lists;
          return protocol::PresenceList::Result{};
        });
    QObject::connect(&document, &client::Document::loaded, [this](const std::string& text) {
      editor.load(text);
      document.setBuffer(&editor);
    });
    QObject::connect(&editor, &CodeEditor::edited, &document, &client::Document::typed);
    editor.resize(600, 300);
    editor.show();
    connection.open();
    document.open();
    ASSERT_TRUE(test::wait_for([this] { return document.isLoaded() && lists >= 2; }));
    grace.session = "s-grace";
    grace.user = "u-grace";
    grace.name = "Grace";
    grace.colour = 1;
    grace.role = protocol::Role::editor;
    grace.connected = true;
    grace.document = document.runnerId();
    grace.path = "project/a.txt";
    grace.version = documents.version();
    grace.selections = {{6, 10}};
  }
  void TearDown() override { document.setBuffer(nullptr); }
  void tell() {
    runner.notify<protocol::PresenceChanged>({grace});
    ASSERT_TRUE(test::wait_for([this] { return !cursors->carets().isEmpty(); }));
  }
  /// The selected text of this colour.
  std::string selected(int colour) {
    const auto indicator = static_cast<unsigned long>(RemoteCursors::first_indicator + colour);
    const auto text = editor.text();
    std::string out;
    for (long at = 0; at < static_cast<long>(text.size()); ++at)
      if (editor.SendScintilla(CodeEditor::SCI_INDICATORVALUEAT, indicator, at))
        out += text[static_cast<std::size_t>(at)];
    return out;
  }

  test::FakeRunner runner;
  test::FakeDocuments documents{&runner, "alpha\nbeta\ngamma\n"};
  client::WorkspaceConnection connection{runner.dialSource()};
  client::Presence presence{&connection};
  client::Document document{&connection, QStringLiteral("project/a.txt")};
  CodeEditor editor;
  RemoteCursors* cursors = new RemoteCursors(&editor, &document, &presence);
  Participant grace{};
  int lists = 0;
};

TEST_F(RemoteCursorsTest, ACaretAndASelectionShowInTheirColourWithTheName) {
  tell();
  EXPECT_EQ(selected(1), "beta");
  const auto carets = cursors->carets();
  ASSERT_EQ(carets.size(), 1);
  EXPECT_EQ(carets[0].name, QStringLiteral("Grace"));
  EXPECT_EQ(carets[0].place, editor.caretPlace(10));
  EXPECT_GT(carets[0].name_opacity, 0.9);
  const auto shown = editor.grab().toImage();
  const auto origin = cursors->geometry().topLeft();
  const auto middle = origin + carets[0].place.center();
  EXPECT_EQ(shown.pixelColor(middle), person_colour(1));
}

TEST_F(RemoteCursorsTest, TheyMoveWithWhatIsTypedHereAndElsewhere) {
  tell();
  QTest::keyClicks(&editor, QStringLiteral("ab"));  // at the beginning
  ASSERT_TRUE(test::wait_for([this] { return !document.hasUnsent(); }));
  EXPECT_EQ(selected(1), "beta");
  EXPECT_EQ(cursors->carets().at(0).place, editor.caretPlace(12));
  const auto length = static_cast<std::int64_t>(documents.text().size());
  documents.edit(TextOperation().insert("new line\n").retain(length), true, "disk");
  ASSERT_TRUE(test::wait_for([this] { return editor.text() == documents.text(); }));
  EXPECT_EQ(selected(1), "beta");
  EXPECT_EQ(cursors->carets().at(0).place, editor.caretPlace(21));
}

TEST_F(RemoteCursorsTest, WhoLeavesTakesThemAlong) {
  tell();
  runner.notify<protocol::PresenceLeft>({"s-grace"});
  ASSERT_TRUE(test::wait_for([this] { return cursors->carets().isEmpty(); }));
  EXPECT_EQ(selected(1), "");
}

TEST_F(RemoteCursorsTest, ANameFadesOnceTheCaretRests) {
  tell();
  EXPECT_TRUE(test::wait_for([this] { return cursors->carets().at(0).name_opacity == 0; }));
  grace.selections = {{0, 0}};
  runner.notify<protocol::PresenceChanged>({grace});
  EXPECT_TRUE(test::wait_for([this] { return cursors->carets().at(0).name_opacity > 0.5; }));
}

TEST_F(RemoteCursorsTest, TheMouseGoesThroughToTheText) {
  tell();
  QTest::mouseClick(editor.viewport(), Qt::LeftButton, {}, editor.caretPlace(13).center());
  EXPECT_EQ(editor.cursorLine(), 3);
}

double luminance(const QColor& color) {
  const auto part = [](double value) {
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF());
}

/// WCAG 2.2.
double contrast(const QColor& one, const QColor& other) {
  const auto [darker, lighter] = std::minmax({luminance(one), luminance(other)});
  return (lighter + 0.05) / (darker + 0.05);
}

TEST(PresenceColours, AreTheSharedOnesAndCanBeReadInBothThemes) {
  QFile file(qEnvironmentVariable("BERTH_VECTORS") + QStringLiteral("/presence_colours.json"));
  ASSERT_TRUE(file.open(QIODevice::ReadOnly)) << "BERTH_VECTORS: the folder protocol/vectors";
  const auto shared = nlohmann::json::parse(file.readAll().toStdString());
  const auto before = Theme::instance()->choice();
  for (const bool dark : {false, true}) {
    Theme::instance()->choose(dark ? ThemeChoice::dark : ThemeChoice::light);
    const auto& wanted = shared[dark ? "dark" : "light"];
    const auto& palette = person_palette(dark);
    EXPECT_EQ(QColor(palette.text).name().toStdString(), wanted["text"].get<std::string>());
    ASSERT_EQ(wanted["colours"].size(), palette.colours.size());
    const auto& theme = Theme::instance()->colors();
    for (std::size_t index = 0; index < palette.colours.size(); ++index) {
      const QColor colour(palette.colours[index]);
      EXPECT_EQ(colour.name().toStdString(), wanted["colours"][index].get<std::string>());
      EXPECT_GE(contrast(colour, palette.text), 4.5) << colour.name().toStdString();
      for (const auto& ground : {theme.base, theme.panel, theme.window, theme.raised})
        EXPECT_GE(contrast(colour, ground), 3) << colour.name().toStdString();
    }
    EXPECT_EQ(person_colour(13), QColor(palette.colours[1]));
  }
  Theme::instance()->choose(before);
}

}  // namespace
}  // namespace berth::desktop
