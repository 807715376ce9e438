// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/preview_pages.hpp"

namespace berth::server {

namespace {

constexpr std::string_view style = R"(<style>
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#1d2430;--quiet:#596273;--line:#dfe3ea;--accent:#1f6feb}
@media(prefers-color-scheme:dark){:root{--page:#14171c;--card:#1c2128;--text:#e6e9ef;--quiet:#9aa4b2;--line:#2d343e;--accent:#6ea8fe}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--page);color:var(--text);
font:15px/1.55 system-ui,-apple-system,"Segoe UI",Inter,sans-serif}
main{max-width:440px;width:100%;padding:28px 30px;background:var(--card);border:1px solid var(--line);border-radius:12px}
h1{margin:0 0 8px;font-size:18px;line-height:1.3}
p{margin:0 0 14px;color:var(--quiet)}
p:last-child{margin:0}
code{font:13px/1.5 "JetBrains Mono",ui-monospace,monospace;background:var(--page);border:1px solid var(--line);border-radius:5px;padding:2px 6px}
a{display:inline-block;color:var(--accent);font-weight:600;text-decoration:none}
a:hover,a:focus-visible{text-decoration:underline}
.wait{height:3px;margin:0 0 18px;border-radius:2px;overflow:hidden;background:var(--line)}
.wait::after{content:"";display:block;width:35%;height:100%;background:var(--accent);animation:pass 1.6s ease-in-out infinite}
@keyframes pass{from{transform:translateX(-100%)}to{transform:translateX(300%)}}
@media(prefers-reduced-motion:reduce){.wait::after{animation:none;width:100%}}
</style>)";

std::string document(std::string_view title, std::string_view head, std::string_view main) {
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width\">" +
         std::string(head) + "<title>" + escape_html(title) + "</title>\n" + std::string(style) +
         "</head>\n<body><main>" + std::string(main) + "</main></body></html>\n";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string page_html(const PreviewPage& page) {
  std::string head;
  std::string main;
  if (page.refresh_seconds > 0) {
    head = "<meta http-equiv=\"refresh\" content=\"" + std::to_string(page.refresh_seconds) + "\">";
    main = "<div class=\"wait\"></div>";
  }
  main += "<h1>" + escape_html(page.title) + "</h1><p>" + escape_html(page.text) + "</p>";
  if (!page.command.empty()) main += "<p><code>" + escape_html(page.command) + "</code></p>";
  if (!page.link.empty())
    main += "<p><a href=\"" + escape_html(page.link) + "\" target=\"_blank\" rel=\"noopener\">" +
            escape_html(page.link_text) + "</a></p>";
  return document(page.title, head, main);
}

}  // namespace berth::server
