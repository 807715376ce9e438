// SPDX-License-Identifier: GPL-3.0-or-later
// What the tab of a file shows besides its text, in a workspace's window.
#include <gtest/gtest.h>

#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QImage>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QTest>
#include <QTimer>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/code_folding.hpp"
#include "client/desktop/diff_pane.hpp"
#include "client/desktop/diff_view.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/find_bar.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/image_view.hpp"
#include "client/desktop/markdown_view.hpp"
#include "client/desktop/snippet_session.hpp"
#include "client/desktop/snippets_dialog.hpp"
#include "client/desktop/status_strip.hpp"
#include "client/desktop/tab_views.hpp"
#include "client/desktop/text_comparison.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace protocol;

constexpr int tabs_patience = 30'000;  // ms

const char* const guide =
    "# Tides\n\nHow the **harbour** reads its `tide` table, see [the program](main.py).\n\n"
    "![a chart](charts/p.png)\n\n```python\ndef tide(hour: float) -> float:\n    return 2.1  # "
    "metres\n```\n\n"
    "| Hour | Metres |\n|---|---|\n| 0 | 2.1 |\n| 6 | 0.1 |\n\n- [x] read\n- [ ] printed\n\n> The sea keeps "
    "no record.\n";

class EditorTabs : public Screens {
 protected:
  void SetUp() override {
    QSettings().clear();
    Screens::SetUp();
    documents.setText(guide);
    QImage image(320, 200, QImage::Format_RGB32);
    image.fill(QColor(0x2b, 0x7a, 0x9c));
    QBuffer buffer(&picture_bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "png");
    runner.on<FileRead>([this](const FileRead::Params& params) -> Result<FileRead::Result> {
      const auto channel = next_channel++;
      const auto bytes = params.path.ends_with(".png") ? picture_bytes.toStdString() : on_disk;
      read.append(QString::fromStdString(params.path));
      QTimer::singleShot(0, &runner, [this, channel, bytes] {
        runner.sendFrame({FrameKind::data, false, channel, 0}, bytes);
        runner.sendFrame({FrameKind::end, false, channel, bytes.size()});
      });
      return FileRead::Result{channel, bytes.size(), "etag"};
    });
    connection = std::make_unique<client::ServerConnection>(server.origin(), &secrets);
    signIn(*connection);
    window = std::make_unique<desktop::IdeWindow>(connection.get(), workspaces[0]);
    window->setAttribute(Qt::WA_DeleteOnClose, false);
    window->resize(1280, 820);
    window->show();
    ASSERT_TRUE(wait_for([&] { return window->editors()->current() != nullptr; }, tabs_patience));
  }
  void TearDown() override {
    window.reset();
    QSettings().clear();
  }
  desktop::EditorTab* open(const char* path) {
    auto* tab = window->editors()->openFile(QString::fromLatin1(path));
    EXPECT_TRUE(wait_for([&] { return tab->document()->isLoaded(); }, tabs_patience));
    return tab;
  }
  static desktop::TabViews* views(desktop::EditorTab* tab) { return tab->findChild<desktop::TabViews*>(); }
  static bool run(desktop::EditorTab* tab, const char* command) {
    return desktop::EditorCommands::of(tab->editor())->run(QLatin1String(command));
  }

  QByteArray picture_bytes;
  std::string on_disk;
  QStringList read;
  std::uint32_t next_channel = 50;
  std::unique_ptr<client::ServerConnection> connection;
  std::unique_ptr<desktop::IdeWindow> window;
};

TEST_F(EditorTabs, APreviewStandsBesideTheTextAndFollowsIt) {
  auto* tab = open("project/README.md");
  ASSERT_TRUE(views(tab)->hasPreview());
  EXPECT_TRUE(tab->findChild<QWidget*>(QStringLiteral("preview"))->isVisible());
  ASSERT_TRUE(run(tab, "preview_to_the_side"));
  auto* preview = views(tab)->markdown();
  ASSERT_NE(preview, nullptr);
  EXPECT_TRUE(tab->editor()->isVisible());
  EXPECT_TRUE(preview->toPlainText().startsWith(QStringLiteral("Tides")));
  ASSERT_TRUE(wait_for([&] { return read.contains(QStringLiteral("project/charts/p.png")); }, tabs_patience));
  QTest::keyClicks(tab->editor(), QStringLiteral("# New"));
  QTest::keyClick(tab->editor(), Qt::Key_Return);
  QTest::keyClick(tab->editor(), Qt::Key_Return);
  ASSERT_TRUE(
      wait_for([&] { return preview->toPlainText().startsWith(QStringLiteral("New")); }, tabs_patience));
  ASSERT_TRUE(wait_for(
      [&] {
        const QUrl chart(QStringLiteral("charts/p.png"));
        return preview->document()->resource(QTextDocument::ImageResource, chart).value<QImage>().width() > 1;
      },
      tabs_patience));
  picture(window.get(), QStringLiteral("editor-markdown-beside"));
  ASSERT_TRUE(run(tab, "toggle_preview_of_file"));
  EXPECT_FALSE(tab->editor()->isVisible());
  EXPECT_TRUE(preview->isVisible());
  ASSERT_TRUE(run(tab, "toggle_preview_of_file"));
  EXPECT_TRUE(tab->editor()->isVisible());
  EXPECT_FALSE(preview->isVisible());
  // A link of it opens the file.
  Q_EMIT preview->anchorClicked(QUrl(QStringLiteral("main.py")));
  EXPECT_EQ(window->editors()->current()->document()->path(), QStringLiteral("project/main.py"));
  EXPECT_FALSE(views(window->editors()->current())->hasPreview());
}

TEST_F(EditorTabs, APictureIsShownInPlaceOfItsText) {
  runner.on<DocumentOpen>([](const DocumentOpen::Params&) -> Result<DocumentOpen::Result> {
    return failure(ErrorCode::unsupported, "This file is no text.");
  });
  auto* tab = window->editors()->openFile(QStringLiteral("project/charts/p.png"));
  ASSERT_TRUE(wait_for(
      [&] {
        return views(tab)->picture() &&
               views(tab)->picture()->facts().startsWith(QStringLiteral("320 × 200"));
      },
      tabs_patience));
  EXPECT_TRUE(views(tab)->picture()->isVisible());
  picture(window.get(), QStringLiteral("editor-picture"));
  picture_bytes = "no picture";
  QTest::keyClick(views(tab)->picture(), Qt::Key_F5);
  ASSERT_TRUE(wait_for([&] { return read.size() >= 2; }, tabs_patience));
}

TEST_F(EditorTabs, ATextIsComparedWithItsFile) {
  auto* tab = open("project/notes.txt");
  on_disk = "another\r\ntext\r\n";
  ASSERT_TRUE(run(tab, "compare.with_file"));
  desktop::TextComparison* comparison = nullptr;
  ASSERT_TRUE(
      wait_for([&] { return (comparison = window->findChild<desktop::TextComparison*>()) != nullptr; },
               tabs_patience));
  ASSERT_TRUE(
      wait_for([&] { return comparison->view()->left()->text().startsWith(QStringLiteral("another\ntext")); },
               tabs_patience));
  EXPECT_TRUE(comparison->view()->right()->text().contains(QStringLiteral("# Tides")));
  picture(comparison, QStringLiteral("editor-compared"));
  desktop::DiffView::chooseInline(true);
  picture(comparison, QStringLiteral("editor-compared-inline"));
  desktop::DiffView::chooseInline(false);
  const auto closed = [&] {
    if (auto* shown = window->findChild<desktop::TextComparison*>()) shown->close();
    return wait_for([&] { return !window->findChild<desktop::TextComparison*>(); }, tabs_patience);
  };
  ASSERT_TRUE(closed());
  // With the clipboard: what is selected, however long, or else all of it.
  const auto shown = [&] { return window->findChild<desktop::TextComparison*>(); };
  QApplication::clipboard()->setText(QStringLiteral("clipped\n"));
  ASSERT_TRUE(run(tab, "compare.with_clipboard"));
  ASSERT_TRUE(wait_for(
      [&] { return shown() && shown()->view()->left()->text().startsWith(QStringLiteral("clipped")); },
      tabs_patience));
  EXPECT_TRUE(shown()->view()->right()->text().contains(QStringLiteral("# Tides")));
  ASSERT_TRUE(closed());
  tab->editor()->SendScintilla(QsciScintillaBase::SCI_SETSEL, 2ul, 7l);
  ASSERT_TRUE(run(tab, "compare.with_clipboard"));
  ASSERT_TRUE(wait_for(
      [&] { return shown() && shown()->view()->right()->text().startsWith(QStringLiteral("Tides")); },
      tabs_patience));
  EXPECT_FALSE(shown()->view()->right()->text().contains(u'#'));
  ASSERT_TRUE(closed());
  // What has nothing to show says so.
  const auto told = [&] {
    auto* box = window->findChild<QMessageBox*>();
    if (!box) return QString();
    const auto text = box->text();
    delete box;
    return text;
  };
  QString said;
  on_disk = tab->editor()->text();
  ASSERT_TRUE(run(tab, "compare.with_file"));
  ASSERT_TRUE(wait_for([&] { return !(said = told()).isEmpty(); }, tabs_patience));
  EXPECT_TRUE(said.contains(QStringLiteral("as its file"))) << said.toStdString();
  on_disk = std::string("P\0NG", 4);
  ASSERT_TRUE(run(tab, "compare.with_file"));
  ASSERT_TRUE(wait_for([&] { return !(said = told()).isEmpty(); }, tabs_patience));
  EXPECT_EQ(said, QStringLiteral("notes.txt is no text."));
}

TEST_F(EditorTabs, TheStatusBarChangesHowATextIsReadAndWritten) {
  auto* tab = open("project/notes.txt");
  std::optional<DocumentConvert::Params> converted;
  std::optional<Encoding> asked_as;
  runner.on<DocumentConvert>([&](const DocumentConvert::Params& params) -> Result<Empty> {
    converted = params;
    return Empty{};
  });
  runner.on<DocumentOpen>([&](const DocumentOpen::Params& params) -> Result<DocumentOpen::Result> {
    asked_as = params.encoding;
    return failure(ErrorCode::unavailable, "Not now.");
  });
  const auto choose = [&](const char* button, const char* action) {
    auto* pressed = window->status()->findChild<QPushButton*>(QLatin1String(button));
    ASSERT_NE(pressed, nullptr);
    ASSERT_TRUE(pressed->isVisible()) << button;
    EXPECT_FALSE(pressed->accessibleName().isEmpty());
    pressed->click();
    auto* menu = pressed->findChild<QMenu*>();
    auto* chosen = menu->findChild<QAction*>(QLatin1String(action));
    ASSERT_NE(chosen, nullptr) << action;
    EXPECT_TRUE(chosen->isEnabled()) << action;
    chosen->trigger();
    menu->close();
  };
  EXPECT_EQ(window->status()->findChild<QPushButton*>(QStringLiteral("encoding"))->text(),
            QStringLiteral("UTF-8"));
  choose("lineEnding", "ending-CRLF");
  ASSERT_TRUE(wait_for([&] { return converted.has_value(); }, tabs_patience));
  EXPECT_EQ(converted->line_ending, LineEnding::crlf);
  converted.reset();
  choose("encoding", "write-UTF-16 LE");
  ASSERT_TRUE(wait_for([&] { return converted.has_value(); }, tabs_patience));
  EXPECT_EQ(converted->encoding, Encoding::utf16le);
  choose("indentation", "tabs-8");
  EXPECT_EQ(window->status()->findChild<QPushButton*>(QStringLiteral("indentation"))->text(),
            QStringLiteral("Tabs: 8"));
  tab->editor()->setLanguage(QStringLiteral("Rust"));
  EXPECT_EQ(window->status()->findChild<QPushButton*>(QStringLiteral("language"))->text(),
            QStringLiteral("Rust"));
  choose("encoding", "read-Latin-1");
  ASSERT_TRUE(wait_for([&] { return asked_as.has_value(); }, tabs_patience));
  EXPECT_EQ(asked_as, Encoding::latin1);
}

TEST_F(EditorTabs, FoldsSnippetsAndFindingLayOut) {
  documents.setText(shown_program);
  auto* tab = open("project/main.py");
  auto* editor = tab->editor();
  ASSERT_TRUE(run(tab, "fold.close_all"));
  EXPECT_FALSE(editor->findChild<desktop::CodeFolding*>()->closed().isEmpty());
  picture(window.get(), QStringLiteral("editor-folded"));
  ASSERT_TRUE(run(tab, "fold.open_all"));
  editor->goToLine(1);
  editor->findChild<desktop::SnippetSession*>()->insert(
      QStringLiteral("for ${1:item} in ${2:items}:\n\tprint(${1})\n"), 0, 0);
  tab->findBar()->open(true);
  tab->findBar()->findChild<QLineEdit*>(QStringLiteral("findText"))->setText(QStringLiteral("tide"));
  tab->findBar()->findChild<QLineEdit*>(QStringLiteral("replaceText"))->setText(QStringLiteral("sea"));
  picture(window.get(), QStringLiteral("editor-snippet-find"));
  tab->findBar()->hide();
  desktop::SnippetsDialog snippets(QStringLiteral("python"), window.get());
  snippets.show();
  picture(&snippets, QStringLiteral("editor-snippets"));
}

}  // namespace
}  // namespace berth::test
