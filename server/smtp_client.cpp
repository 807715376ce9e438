// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/smtp_client.hpp"

#include <curl/curl.h>

#include <cstring>
#include <memory>

namespace berth::server {
namespace {

constexpr long connect_patience_ms = 10'000;
constexpr long send_patience_ms = 60'000;

struct Unsent {
  const std::string& message;
  std::size_t at = 0;
};

std::string server_name(const std::string& url) {
  const auto begin = url.find("://") + 3;
  const auto end = url.find_first_of(":/", begin);
  return url.substr(begin, end == url.npos ? end : end - begin);
}

bool on_loopback(const std::string& url) {
  const auto begin = url.find("://") + 3;
  const auto name = server_name(url);
  return name == "127.0.0.1" || name == "localhost" || url.compare(begin, 5, "[::1]") == 0;
}

/// Whether the mail itself was refused: by its recipient, or by its text. Anything before that (a refused
/// password, sender or certificate, a server that takes no mail) is the administrator's to mend; meanwhile
/// mails wait. libcurl tells the steps apart in its texts alone; after the text it has none of its own.
bool is_about_the_mail(CURLcode code, std::string_view trouble) {
  if (trouble.starts_with("RCPT failed") || trouble.starts_with("DATA failed")) return true;
  return code == CURLE_WEIRD_SERVER_REPLY && !trouble.starts_with("Got unexpected");
}

}  // namespace

Result<void> send_mail(const MailSettings& settings, const Mail& mail, const std::string& message,
                       const std::stop_token& stop) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(ready);
  auto password = mail_password_of(settings);
  if (!password)
    return failure(ErrorCode::unavailable, "The mail server's password can't be read.",
                   password.error().detail);
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(), &curl_easy_cleanup);
  if (!handle) return failure(ErrorCode::unavailable, "There is no memory to send a mail.");
  const auto set = [&](auto option, auto value) { curl_easy_setopt(handle.get(), option, value); };
  char trouble[CURL_ERROR_SIZE] = {};
  auto url = settings.url;
  const auto sender = address_of_mailbox(settings.from);
  if (url.find('/', url.find("://") + 3) == url.npos)
    url += "/" + sender.substr(sender.find('@') + 1);  // EHLO
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, connect_patience_ms);
  set(CURLOPT_TIMEOUT_MS, send_patience_ms);
  set(CURLOPT_ERRORBUFFER, trouble);
  if (!settings.ca.empty()) set(CURLOPT_CAINFO, settings.ca.c_str());
  // Without TLS everybody between could read the links that sign people in.
  const bool may_be_plain = settings.plain || on_loopback(settings.url);
  set(CURLOPT_USE_SSL, static_cast<long>(may_be_plain ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  if (!settings.user.empty()) {
    set(CURLOPT_USERNAME, settings.user.c_str());
    set(CURLOPT_PASSWORD, password->c_str());
  }
  const auto from = "<" + sender + ">", to = "<" + address_of_mailbox(mail.to) + ">";
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> recipients(
      curl_slist_append(nullptr, to.c_str()), &curl_slist_free_all);
  set(CURLOPT_MAIL_FROM, from.c_str());
  set(CURLOPT_MAIL_RCPT, recipients.get());
  Unsent unsent{message};
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READDATA, static_cast<void*>(&unsent));
  set(
      CURLOPT_READFUNCTION, +[](char* into, std::size_t size, std::size_t count, void* user) -> std::size_t {
        auto& from_here = *static_cast<Unsent*>(user);
        const auto piece = std::min(size * count, from_here.message.size() - from_here.at);
        std::memcpy(into, from_here.message.data() + from_here.at, piece);
        from_here.at += piece;
        return piece;
      });
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFODATA, const_cast<void*>(static_cast<const void*>(&stop)));
  set(
      CURLOPT_XFERINFOFUNCTION, +[](void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) -> int {
        return static_cast<const std::stop_token*>(user)->stop_requested() ? 1 : 0;
      });
  const auto code = curl_easy_perform(handle.get());
  if (code == CURLE_OK) return {};
  long answer = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answer);
  const auto detail = server_name(settings.url) + ": " + (*trouble ? trouble : curl_easy_strerror(code)) +
                      " (" + std::to_string(answer) + ")";
  const bool about_this_mail = answer >= 500 && is_about_the_mail(code, trouble);
  return failure(about_this_mail ? ErrorCode::invalid_argument : ErrorCode::unavailable,
                 "The mail server did not take a mail.", detail);
}

}  // namespace berth::server
