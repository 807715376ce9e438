// SPDX-License-Identifier: GPL-3.0-or-later
// Snippets: how they are read, the way through their stops, and where they come from.
#include "client/desktop/snippet.hpp"

#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QPushButton>

#include "client/desktop/snippet_library.hpp"
#include "client/desktop/snippet_session.hpp"
#include "client/desktop/snippets_dialog.hpp"
#include "client/desktop/word_completion.hpp"
#include "editor_fixture.hpp"

namespace berth::desktop {
namespace {

SnippetText laid_out(const char* body) {
  return lay_out_snippet(QString::fromUtf8(body), {QStringLiteral("  "), QStringLiteral("    "),
                                                   [](const QString& name) -> std::optional<QString> {
                                                     if (name == u"TM_FILENAME")
                                                       return QStringLiteral("my_file.hpp");
                                                     if (name == u"EMPTY") return QString();
                                                     return {};
                                                   }});
}

std::string text_of(const char* body) { return laid_out(body).text.toStdString(); }

/// "1:2+3,7+3 0:9+0": each stop's places.
std::string stops_of(const char* body) {
  std::string out;
  const auto made = laid_out(body);
  for (const auto& stop : made.stops) {
    out += (out.empty() ? "" : " ") + std::to_string(stop.number) + ":";
    for (const auto& place : stop.places)
      out +=
          (out.back() == ':' ? "" : ",") + std::to_string(place.begin) + "+" + std::to_string(place.length);
  }
  return out;
}

TEST(SnippetText, StopsPlaceholdersMirrorsAndChoices) {
  EXPECT_EQ(text_of("for ${1:i} in ${2:x}:\n\t$0"), "for i in x:\n      ");
  EXPECT_EQ(stops_of("for ${1:i} in ${2:x}:\n\t$0"), "1:4+1 2:9+1 0:18+0");
  EXPECT_EQ(stops_of("$1 = ${1:ab};$2"), "1:0+2,5+2 2:8+0 0:8+0") << "a mirror before its placeholder, no $0";
  EXPECT_EQ(stops_of("${1:a ${2:b} c}"), "1:0+5 2:2+1 0:5+0") << "one within the other";
  const auto choices = laid_out("${1|one,t\\,wo,thr\\|ee|}");
  EXPECT_EQ(choices.text, QStringLiteral("one"));
  EXPECT_EQ(choices.stops[0].choices, (QStringList{"one", "t,wo", "thr|ee"}));
}

TEST(SnippetText, VariablesAndTransforms) {
  EXPECT_EQ(text_of("$TM_FILENAME ${TM_FILENAME} ${EMPTY:none} ${UNKNOWN:kept} $UNKNOWN"),
            "my_file.hpp my_file.hpp none kept UNKNOWN");
  EXPECT_EQ(text_of("${TM_FILENAME/(.*)\\.(.*)$/${1:/upcase}_${2:/upcase}/}"), "MY_FILE_HPP");
  EXPECT_EQ(text_of("${TM_FILENAME/[^.]+/${0:/pascalcase}/}"), "MyFile.hpp");
  EXPECT_EQ(text_of("${TM_FILENAME/(x)?[a-z]+/${1:?yes:no}-${1:+if}${1:-else}/}"), "no-else_file.hpp");
  EXPECT_EQ(text_of("${TM_FILENAME/_/-/g}"), "my-file.hpp");
}

TEST(SnippetText, WhatIsBrokenStaysAsText) {
  EXPECT_EQ(text_of("\\$1 a\\}b $ ${ ${1 ${1| ${x/y}"), "$1 a}b $ ${ ${1 ${1| ${x/y}");
  EXPECT_EQ(text_of("${TM_FILENAME/(/x/}"), "${TM_FILENAME/(/x/}") << "no expression";
  EXPECT_EQ(text_of("${1:$1}"), "") << "within itself";
  EXPECT_EQ(text_of("${1:a $2 ${2:b $1}}"), "a b  b ");
  std::string deep;
  for (int i = 0; i < 3'000; ++i) deep += "${1:";
  EXPECT_FALSE(text_of(deep.c_str()).empty());
}

class EditorSnippets : public EditorFixture {
 protected:
  void SetUp() override {
    EditorFixture::SetUp();
    ASSERT_TRUE(test::wait_for([] { return SnippetLibrary::instance()->isLoaded(); }, 60'000));
    forget();
  }
  void TearDown() override {
    forget();
    EditorFixture::TearDown();
  }
  static void forget() {
    for (const auto& id : {QStringLiteral("global"), QStringLiteral("python")})
      SnippetLibrary::instance()->setOwn(id, {});
    QDir(SnippetLibrary::folder()).removeRecursively();
  }
  SnippetSession* session() { return editor.findChild<SnippetSession*>(); }
};

TEST_F(EditorSnippets, TabGoesThroughTheStops) {
  load("a.py", "    \n");
  select(4, 4);
  session()->insert(QStringLiteral("for ${1:item} in ${2:items}:\n\t${0:pass}"), 4, 4);
  turn();
  EXPECT_EQ(editor.text(), "    for item in items:\n        pass\n");
  EXPECT_EQ(editor.selectedText(), QStringLiteral("item"));
  type("x");
  press(Qt::Key_Tab);
  EXPECT_EQ(editor.selectedText(), QStringLiteral("items"));
  type("xs");
  press(Qt::Key_Backtab, shift);
  EXPECT_EQ(editor.selectedText(), QStringLiteral("x"));
  press(Qt::Key_Tab);
  press(Qt::Key_Tab);
  EXPECT_EQ(editor.selectedText(), QStringLiteral("pass"));
  EXPECT_FALSE(session()->isActive()) << "the last one ends it";
  EXPECT_EQ(editor.text(), "    for x in xs:\n        pass\n");
  editor.undo();
  turn();
}

TEST_F(EditorSnippets, MirrorsAreTypedIntoAtOnceAndOthersMayWriteMeanwhile) {
  load("a.cpp", "\n");
  session()->insert(QStringLiteral("namespace ${1:name} {\n$0\n}  // namespace ${1} ${1/(.*)/${1:/upcase}/}"),
                    0, 0);
  turn();
  EXPECT_EQ(sci(Sci::SCI_GETSELECTIONS), 2);
  type("ab");
  EXPECT_EQ(editor.text(), "namespace ab {\n\n}  // namespace ab NAME\n");
  others(protocol::TextOperation().insert("// x\n").retain(static_cast<std::int64_t>(mirror.size())));
  type("c");
  press(Qt::Key_Tab);
  EXPECT_EQ(editor.text(), "// x\nnamespace abc {\n\n}  // namespace abc ABC\n");
  EXPECT_EQ(editor.cursorLine(), 3);
  EXPECT_FALSE(session()->isActive());
}

TEST_F(EditorSnippets, AChoiceIsAListAndEscapeOrGoingAwayEndsIt) {
  load("a.py", "\n");
  session()->insert(QStringLiteral("x = ${1|one,two,three|}$0"), 0, 0);
  turn();
  ASSERT_TRUE(sci(Sci::SCI_AUTOCACTIVE));
  press(Qt::Key_Down);
  press(Qt::Key_Return);
  ASSERT_TRUE(test::wait_for([&] { return !session()->isActive(); }));
  EXPECT_EQ(editor.text(), "x = two\n");
  session()->insert(QStringLiteral("${1:a} ${2:b}"), 0, 0);
  turn();
  EXPECT_TRUE(session()->isActive());
  press(Qt::Key_Escape);
  EXPECT_FALSE(session()->isActive());
  session()->insert(QStringLiteral("${1:a} ${2:b}"), 0, 0);
  turn();
  press(Qt::Key_End, ctrl);
  ASSERT_TRUE(test::wait_for([&] { return !session()->isActive(); }));
  press(Qt::Key_Tab);
  EXPECT_TRUE(editor.text().ends_with("    ")) << "Tab is Tab again";
}

TEST_F(EditorSnippets, TheyAreOfferedWhileTyping) {
  load("a.py", "\n");
  auto* words = editor.findChild<WordCompletion*>();
  type("de");
  EXPECT_FALSE(words->isShown());
  type("f");
  ASSERT_TRUE(test::wait_for([&] { return words->isShown(); }));
  press(Qt::Key_Tab);
  ASSERT_TRUE(test::wait_for([&] { return session()->isActive(); }));
  EXPECT_EQ(editor.text(), "def name() -> None:\n    pass\n");
  EXPECT_EQ(editor.selectedText(), QStringLiteral("name"));
}

TEST_F(EditorSnippets, EverySetThatComesWithTheProgramCanBeRead) {
  int languages = 0;
  for (const char* language : {"Python", "C++", "C", "JavaScript", "TypeScript", "HTML", "CSS", "Rust", "Go",
                               "Java", "C#", "Bash", "Markdown", "CMake", "SQL"}) {
    const auto& all = SnippetLibrary::instance()->of(QLatin1String(language));
    EXPECT_GE(all.size(), 5u) << language;
    languages += !all.empty();
    for (const auto& snippet : all) {
      const auto made = lay_out_snippet(snippet.body, {{}, QStringLiteral("  "), {}});
      EXPECT_FALSE(made.text.contains(QStringLiteral("${"))) << language << ": " << made.text.toStdString();
      EXPECT_GE(made.stops.size(), 1u) << snippet.name.toStdString();
    }
  }
  EXPECT_EQ(languages, 15);
  for (const auto& name : QDir(QStringLiteral(":/berth/snippets")).entryList()) {
    QFile file(QStringLiteral(":/berth/snippets/") + name);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    EXPECT_EQ(read_snippets(file.readAll(), {}).problem, QString()) << name.toStdString();
  }
}

TEST_F(EditorSnippets, OnesOwnAreReadOnAnotherThread) {
  const auto own = QStringLiteral("{ \"Tide\": { \"prefix\": \"tide\", \"body\": \"tide($0)\" } }");
  ASSERT_EQ(SnippetLibrary::instance()->setOwn(QStringLiteral("python"), own), QString());
  SnippetLibrary fresh;
  const auto has_own = [&] { return fresh.of(QStringLiteral("Python")).front().own; };
  EXPECT_FALSE(fresh.isLoaded()) << "whoever types does not wait for the disk";
  EXPECT_FALSE(has_own());
  ASSERT_TRUE(test::wait_for([&] { return fresh.isLoaded(); }, 60'000));
  EXPECT_TRUE(has_own());
  EXPECT_EQ(fresh.own(QStringLiteral("python")), own);
}

TEST_F(EditorSnippets, OnesOwnAreJsonAsInVsCodeAndComeFirst) {
  const auto own = QStringLiteral(
      "{ // mine\n"
      "  \"Print\": { \"prefix\": [\"pr\", \"def\"], \"body\": [\"print(${1:x}) /* \\\"//\\\" */\", \"$0\"], "
      "},\n"
      "}\n");
  EXPECT_EQ(SnippetLibrary::instance()->setOwn(QStringLiteral("python"), own), QString());
  const auto& all = SnippetLibrary::instance()->of(QStringLiteral("Python"));
  EXPECT_TRUE(all[0].own);
  EXPECT_EQ(all[0].body, QStringLiteral("print(${1:x}) /* \"//\" */\n$0"));
  EXPECT_NE(SnippetLibrary::instance()->setOwn(QStringLiteral("python"), QStringLiteral("{\n  x\n}")),
            QString());
  EXPECT_TRUE(SnippetLibrary::instance()
                  ->setOwn(QStringLiteral("python"), QStringLiteral("{\n  x\n}"))
                  .contains(QStringLiteral("2")))
      << "the line is told";
  EXPECT_NE(SnippetLibrary::instance()->setOwn(QStringLiteral("../evil"), own), QString());
  EXPECT_EQ(SnippetLibrary::instance()->own(QStringLiteral("python")), own) << "what is wrong is not kept";
  EXPECT_EQ(read_snippets("{\"a\": {\"prefix\": \"p\", \"body\": \"b\", \"scope\": \"go, rust\"}}",
                          QStringLiteral("python"))
                .snippets.size(),
            0u);
  SnippetsDialog dialog(QStringLiteral("python"));
  dialog.show();
  EXPECT_EQ(QString::fromStdString(dialog.editor()->text()), own);
  dialog.editor()->load("{ \"a\": 3 }");
  auto* save = dialog.findChild<QPushButton*>();
  for (auto* button : dialog.findChildren<QPushButton*>())
    if (button->text().contains(QStringLiteral("Save"))) save = button;
  save->click();
  EXPECT_TRUE(dialog.isVisible());
  EXPECT_TRUE(
      dialog.findChild<QLabel*>(QStringLiteral("snippetsTold"))->text().contains(QStringLiteral("prefix")));
}

}  // namespace
}  // namespace berth::desktop
