// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QDesktopServices>
#include <QTest>
#include <QToolButton>

#include "berth_server.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/ports_panel.hpp"
#include "client/desktop/run_control.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "desk.hpp"
#include "preview_browser.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

/// Takes the place of the system's browser.
class UrlCatcher : public QObject {
  Q_OBJECT

 public:
  UrlCatcher() { QDesktopServices::setUrlHandler(QStringLiteral("http"), this, "open"); }
  ~UrlCatcher() override { QDesktopServices::unsetUrlHandler(QStringLiteral("http")); }
  QList<QUrl> urls;

 public Q_SLOTS:
  void open(const QUrl& url) { urls.append(url); }
};

TEST(Desktop, previews_a_node_workspace_and_sees_the_page_change) {
  BerthServer server;
  Desk desk(server.setupLink());
  auto* window = desk.firstWorkspace(QStringLiteral("node"), QStringLiteral("Web server"));
  ASSERT_NE(window, nullptr);
  ASSERT_TRUE(window->workspace()->facts().port.has_value());
  const auto port = *window->workspace()->facts().port;
  const auto file = QString::fromStdString(window->workspace()->facts().open_file);
  ASSERT_TRUE(desk.waitForFile(file));
  auto* run = window->runControl();
  ASSERT_TRUE(wait_for([&] { return run->runButton()->isEnabled(); }));
  Desk::click(run->runButton());
  ASSERT_TRUE(wait_for([&] { return run->isRunning(); }, 15'000));
  ASSERT_TRUE(wait_for([&] { return window->workspace()->ports()->isListening(port); }, 90'000))
      << (desk.terminal() ? desk.terminal()->allText().toStdString() : std::string("no terminal"));

  UrlCatcher browser_calls;
  PreviewBrowser browser;
  ASSERT_TRUE(wait_for([&] { return run->previewButton()->isEnabled(); }));
  Desk::click(run->previewButton());
  ASSERT_TRUE(wait_for([&] { return browser_calls.urls.size() == 1; }, 10'000));
  const auto first = browser.open(browser_calls.urls.first());
  ASSERT_EQ(first.status, 200) << browser_calls.urls.first().toString().toStdString() << "\n"
                               << first.body.left(600).toStdString();
  Desk::picture(window, QStringLiteral("ide-preview"));

  // The page is in the file that the template opens, or beside it: put a word of our own into what it
  // answers.
  auto* editor = desk.editor();
  const auto before = editor->text();
  auto after = QString::fromStdString(before);
  const auto marker = QStringLiteral("Hello");
  ASSERT_TRUE(after.contains(marker)) << before;
  desktop::CodeEditor::Search search{marker, true};
  ASSERT_TRUE(editor->findNext(search, true));
  Desk::keys(editor, QStringLiteral("Changed by keys"));
  ASSERT_TRUE(desk.saved());
  PreviewBrowser::Page second;
  const bool changed = wait_for(
      [&] {
        second = browser.open(first.address);
        return second.body.contains("Changed by keys");
      },
      15'000);
  EXPECT_TRUE(changed) << second.body.left(600).toStdString();

  // The same server through a port of this machine: no cookie, no hand-over, whatever the program.
  auto* ports = window->workspace()->ports();
  window->ports()->toggleForward(port);
  const auto local = ports->localPort(port);
  ASSERT_NE(local, 0);
  PreviewBrowser plain;
  const auto forwarded = plain.open(QUrl(QStringLiteral("http://localhost:%1/").arg(local)));
  EXPECT_EQ(forwarded.status, 200);
  EXPECT_TRUE(forwarded.body.contains("Changed by keys")) << forwarded.body.left(600).toStdString();
  // Several at once, each with its own answer.
  for (const auto* path : {"/style.css", "/", "/nowhere"}) {
    const auto page =
        plain.open(QUrl(QStringLiteral("http://localhost:%1%2").arg(local).arg(QLatin1String(path))));
    EXPECT_EQ(page.status, QLatin1String(path) == QLatin1String("/nowhere") ? 404 : 200) << path;
  }
  Desk::picture(window, QStringLiteral("ports-forwarded"));
  window->ports()->toggleForward(port);
  EXPECT_EQ(ports->localPort(port), 0);
  EXPECT_EQ(plain.open(QUrl(QStringLiteral("http://localhost:%1/").arg(local))).status, 0) << "still listens";

  Desk::click(run->runButton());
  EXPECT_TRUE(wait_for([&] { return !run->isRunning(); }, 10'000));
  EXPECT_TRUE(wait_for([&] { return !window->workspace()->ports()->isListening(port); }, 10'000));
}

}  // namespace
}  // namespace berth::test

#include "node_preview_test.moc"
