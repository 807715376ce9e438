// SPDX-License-Identifier: GPL-3.0-or-later
#include "preview_browser.hpp"

#include <QNetworkCookie>
#include <QNetworkReply>

#include "wait_for.hpp"

namespace berth::test {

PreviewBrowser::Page PreviewBrowser::open(QUrl url) {
  network_.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
  Page page;
  for (int hop = 0; hop < 6; ++hop) {
    auto target = url;
    target.setHost(QStringLiteral("127.0.0.1"));
    QNetworkRequest request(target);
    request.setRawHeader("Host", url.authority().toUtf8());
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    QByteArrayList pairs;
    auto& jar = cookies_[url.authority()];
    for (auto cookie = jar.begin(); cookie != jar.end(); ++cookie) pairs.append(cookie.key() + '=' + cookie.value());
    if (!pairs.isEmpty()) request.setRawHeader("Cookie", pairs.join("; "));
    std::unique_ptr<QNetworkReply> reply(network_.get(request));
    if (!wait_for([&] { return reply->isFinished(); }, 15'000)) return page;
    for (const auto& cookie : QNetworkCookie::parseCookies(reply->rawHeader("Set-Cookie"))) jar[cookie.name()] = cookie.value();
    page.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    page.body = reply->readAll();
    page.address = url;
    if (page.status < 300 || page.status >= 400) return page;
    url = url.resolved(QUrl(QString::fromUtf8(reply->rawHeader("Location"))));
  }
  return page;
}

}  // namespace berth::test
