// SPDX-License-Identifier: GPL-3.0-or-later
// The pages a person sees where a preview should be: nothing listens yet, stopped, not signed in.
// Self-contained HTML.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace berth::server {

struct PreviewPage {
  unsigned status = 200;
  std::string title;
  std::string text;
  std::string link = {};  // URL of the one way on, "" for none
  std::string link_text = {};
  int refresh_seconds = 0;   // the page looks again by itself; 0: never
  std::string command = {};  // shown as code
};

/// The whole document, in the light or dark colours that the browser asks for.
std::string page_html(const PreviewPage& page);

/// The script that a page of a program may ask for, so that the preview's pane shows what it logs and its
/// errors: it tells them to the window of the IDE's origin that the page is framed in, and to nobody else.
/// Outside of a frame it does nothing.
std::string console_script(std::string_view ide_origin);

/// The CSP that page_html needs.
inline constexpr std::string_view page_policy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

std::string escape_html(std::string_view text);

/// The web IDE's own page that asks for a ticket with the person's cookies and goes back to the preview with
/// it, by way of the sign-in page where needed. The proxy sends browsers without a session there, with
/// ?workspace=…&port=…&to=….
inline constexpr std::string_view preview_sign_in_path = "/preview-sign-in";

}  // namespace berth::server
