// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/preview_pages.hpp"

#include "protocol/codec.hpp"

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

// Values are made words here: what is told must be copied, and what can't be (a window, a function) would
// throw.
constexpr std::string_view console_body = R"((ide) => {
  if (parent === window) return;
  const longest = 4000;
  const most_parts = 2000;
  const most_told = 200;
  // A text of the longest has no more parts than these, however large the value is.
  const words = (value) => {
    if (typeof value === 'string') return value.slice(0, longest);
    if (value instanceof Error) return value.stack || String(value);
    let parts = 0;
    const short = (_, part) => {
      if (++parts > most_parts) return undefined;
      if (typeof part === 'string') return part.slice(0, longest);
      if (ArrayBuffer.isView(part) && part.byteLength > most_parts) return Object.prototype.toString.call(part);
      return Array.isArray(part) ? part.slice(0, most_parts) : part;
    };
    try {
      return (typeof value === 'object' && value !== null && JSON.stringify(value, short)) || String(value);
    } catch {
      return Object.prototype.toString.call(value);
    }
  };
  const send = (level, text, where) => parent.postMessage({ berth: 'console', level, text, where: String(where) }, ide);
  // Errors are counted apart: what a page logs in a loop does not hide them.
  const counts = { error: { since: 0, told: 0 }, other: { since: 0, told: 0 } };
  const tell = (level, parts, where = '') => {
    try {
      const count = level === 'error' ? counts.error : counts.other;
      const now = performance.now();
      if (now - count.since >= 1000) Object.assign(count, { since: now, told: 0 });
      if (++count.told <= most_told) send(level, parts.slice(0, most_parts).map(words).join(' ').slice(0, longest), where);
      else if (count.told === most_told + 1)
        send(level, `More than ${most_told} messages in a second: the rest of them is left out.`, '');
    } catch {}
  };
  const place = (file, line, column) => (file ? `${file.replace(location.origin, '')}:${line}:${column}` : '');
  tell('load', []);
  for (const level of ['error', 'warn', 'info', 'log', 'debug']) {
    const own = console[level];
    console[level] = (...parts) => {
      own.apply(console, parts);
      tell(level, parts);
    };
  }
  addEventListener(
    'error',
    (event) => {
      const { target } = event;
      if (target instanceof Element) tell('error', [`Could not load ${target.src || target.href || target.localName}`]);
      else tell('error', [event.error ?? event.message], place(event.filename, event.lineno, event.colno));
    },
    true,
  );
  addEventListener('unhandledrejection', ({ reason }) => tell('error', ['Unhandled rejection:', reason]));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber, columnNumber }) =>
    tell('error', [`Refused by the page's policy (${violatedDirective}): ${blockedURI}`], place(sourceFile, lineNumber, columnNumber)),
  );
})";

}  // namespace

std::string console_script(std::string_view ide_origin) {
  return "// SPDX-License-Identifier: GPL-3.0-or-later\n(" + std::string(console_body) + ")(" +
         protocol::Json(ide_origin).dump() + ");\n";
}

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
