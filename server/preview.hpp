// SPDX-License-Identifier: GPL-3.0-or-later
// Previews: lets a signed-in person's browser reach what listens in a workspace, always on another origin
// than the IDE's.
//   host form  http://<port>--<workspace>.<preview_host>/…   a cookie on that host, made from a one-time
//   ticket path form  <preview_fallback>/p/<capability>/…           on the preview listener only, under CSP
//   sandbox, no cookies
#pragma once

#include <string>

#include "server/http_session.hpp"
#include "server/preview_access.hpp"
#include "server/preview_address.hpp"
#include "server/preview_headers.hpp"
#include "server/preview_pages.hpp"

namespace berth::server {

struct Application;

class Preview : public PreviewHandler {
 public:
  explicit Preview(Application& application);

  bool claims(std::string_view host) const override;
  net::Task<bool> handle(HttpConnection& connection, RequestParser& parser) override;
  net::Task<Result<protocol::rest::CreatePreview::Result>> hand_over(Principal principal,
                                                                     std::string workspace,
                                                                     protocol::rest::CreatePreview::Body body,
                                                                     std::string host) override;
  std::string port_link(std::string workspace, std::uint16_t port, std::int64_t generation,
                        std::int64_t expires, std::string host) override;
  std::string address(const std::string& workspace, std::uint16_t port) const override;

 private:
  net::Task<bool> handle_host_form(HttpConnection& connection, RequestParser& parser, PreviewTarget target);
  net::Task<bool> handle_path_form(HttpConnection& connection, RequestParser& parser);
  net::Task<bool> take_ticket(HttpConnection& connection, RequestParser& parser, PreviewTarget target);
  net::Task<bool> enter(HttpConnection& connection, RequestParser& parser, PreviewTarget target);
  net::Task<bool> ask_to_sign_in(HttpConnection& connection, RequestParser& parser, PreviewTarget target);
  net::Task<bool> pass(HttpConnection& connection, RequestParser& parser, PreviewGrant grant,
                       PreviewRoute route);
  net::Task<bool> answer_page(HttpConnection& connection, RequestParser& parser, PreviewPage page,
                              bool sandboxed = false);
  PreviewPage page_for(const Error& error, const PreviewGrant& grant) const;
  /// Of somebody without an account.
  PreviewGrant guest(const PreviewTarget& target) const;
  net::Task<bool> shown_to_all(PreviewTarget target);
  std::string cookie_attributes() const;
  std::string ide_origin() const;

  Application& application_;
  PreviewHosts hosts_;
  PreviewAccess access_;
};

}  // namespace berth::server
