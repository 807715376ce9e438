// SPDX-License-Identifier: GPL-3.0-or-later
// Signing in through the browser, against the real server: the test is the browser.
#include <gtest/gtest.h>

#include <QDesktopServices>
#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QUrlQuery>

#include "berth_server.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "desk.hpp"
#include "wait_for.hpp"
#include "web_person.hpp"

namespace berth::test {
namespace {

/// Takes the place of the system's browser.
class SignInPages : public QObject {
  Q_OBJECT

 public:
  SignInPages() { QDesktopServices::setUrlHandler(QStringLiteral("http"), this, "open"); }
  ~SignInPages() override { QDesktopServices::unsetUrlHandler(QStringLiteral("http")); }
  QList<QUrl> urls;

 public Q_SLOTS:
  void open(const QUrl& url) { urls.append(url); }
};

class DesktopSignIn : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(web.setUp(server.setupLink(), QStringLiteral("ada@example.org")));
    desk = std::make_unique<Desk>(origin.toString());
    ASSERT_TRUE(
        wait_for([this] { return button("browserSignIn") && button("browserSignIn")->isVisible(); }, 10'000));
  }
  QPushButton* button(const char* name) {
    return desk->start()->findChild<QPushButton*>(QLatin1String(name));
  }
  bool isIn() const {
    auto* list = desk->start()->workspacesPage();
    return list && list->isVisible();
  }
  /// Clicks, and gives the request of the page that opens.
  QString begin() {
    const auto before = pages.urls.size();
    Desk::click(button("browserSignIn"));
    if (!wait_for([&] { return pages.urls.size() > before; }, 10'000)) return {};
    EXPECT_EQ(pages.urls.last().path(), QStringLiteral("/authorize"));
    return QUrlQuery(pages.urls.last()).queryItemValue(QStringLiteral("request"), QUrl::FullyDecoded);
  }
  /// What the person's click in that page leads to.
  QUrl decide(const QString& request, bool allow) {
    const auto answer =
        web.call("POST", QStringLiteral("auth/native/") + request, {{QStringLiteral("allow"), allow}});
    EXPECT_EQ(answer.status, 200) << answer.body.toStdString();
    return QUrl(answer.json()[QStringLiteral("redirect")].toString());
  }

  BerthServer server;
  QUrl origin{QStringLiteral("http://localhost:%1").arg(server.port())};
  WebPerson web{origin};
  SignInPages pages;
  std::unique_ptr<Desk> desk;
};

TEST_F(DesktopSignIn, the_browser_lets_the_desktop_in_and_the_next_start_needs_nothing) {
  const auto request = begin();
  ASSERT_FALSE(request.isEmpty());
  Desk::picture(desk->start(), QStringLiteral("sign-in-browser"));
  // A browser that nobody is signed in to decides nothing.
  WebPerson stranger(origin);
  EXPECT_EQ(stranger.call("POST", QStringLiteral("auth/native/") + request, {{QStringLiteral("allow"), true}})
                .status,
            401);
  const auto asks = web.call("GET", QStringLiteral("auth/native/") + request);
  EXPECT_EQ(asks.status, 200) << asks.body.toStdString();
  EXPECT_FALSE(isIn());

  const auto redirect = decide(request, true);
  EXPECT_EQ(redirect.host(), QStringLiteral("127.0.0.1"));
  auto forged = redirect;
  forged.setQuery(QStringLiteral("code=%1&state=guessed")
                      .arg(QUrlQuery(redirect).queryItemValue(QStringLiteral("code"))));
  EXPECT_EQ(web.visit(forged).status, 400);
  EXPECT_FALSE(isIn());
  const auto page = web.visit(redirect);
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.body.contains("You may close this window."));
  ASSERT_TRUE(wait_for([&] { return isIn(); }, 20'000));
  EXPECT_EQ(desk->start()->server()->account()->email, "ada@example.org");
  EXPECT_EQ(web.visit(redirect).status, 0) << "the address is closed";

  desk->restart();
  EXPECT_TRUE(wait_for([&] { return isIn(); }, 20'000)) << "the sign-in was kept";
}

TEST_F(DesktopSignIn, a_refusal_in_the_browser_is_told_and_another_try_works) {
  auto request = begin();
  ASSERT_FALSE(request.isEmpty());
  const auto page = web.visit(decide(request, false));
  EXPECT_TRUE(page.body.contains("not allowed"));
  auto* problem = desk->start()->connectPage()->findChild<QLabel*>(QStringLiteral("problem"));
  ASSERT_TRUE(wait_for([&] { return problem->isVisible(); }, 10'000));
  EXPECT_EQ(problem->text(), QStringLiteral("The sign-in was refused in the browser."));
  EXPECT_FALSE(isIn());
  request = begin();
  ASSERT_FALSE(request.isEmpty());
  web.visit(decide(request, true));
  EXPECT_TRUE(wait_for([&] { return isIn(); }, 20'000));
}

TEST_F(DesktopSignIn, an_answer_to_a_cancelled_sign_in_goes_nowhere) {
  const auto first = begin();
  ASSERT_FALSE(first.isEmpty());
  Desk::click(button("back"));
  ASSERT_TRUE(wait_for([&] { return button("browserSignIn")->isVisible(); }));
  EXPECT_EQ(web.visit(decide(first, true)).status, 0);
  EXPECT_FALSE(isIn());
  const auto second = begin();
  ASSERT_FALSE(second.isEmpty());
  web.visit(decide(second, true));
  EXPECT_TRUE(wait_for([&] { return isIn(); }, 20'000));
}

}  // namespace
}  // namespace berth::test

#include "sign_in_test.moc"
