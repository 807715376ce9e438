// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/shared_document.hpp"

#include <poll.h>

namespace berth::bench {

SharedDocument::SharedDocument(BerthWindow& window, const std::string& path, const std::string& author)
    : window_(window), sync_(author) {
  window_.on_notification([this](std::string_view method, const protocol::Json& params) {
    if (method != protocol::DocumentChanged::method) return;
    const auto change = protocol::decode<protocol::DocumentChanged::Params>(params, std::string(method));
    if (!change) throw Failure(change.error().message);
    if (change->document != document_) return;
    look();  // the answer came first, when it did
    apply(sync_.remote(change->version, change->operation));
    send();
  });
  protocol::DocumentOpen::Params params;
  params.path = path;
  const auto opened = window_.call<protocol::DocumentOpen>(params);
  if (!opened.text) throw Failure(path + " comes without its text");
  document_ = opened.document;
  text_ = *opened.text;
  sync_.opened(opened.version);
}

SharedDocument::~SharedDocument() { window_.on_notification({}); }

void SharedDocument::type(std::size_t position, char key) {
  const auto length = static_cast<std::int64_t>(text_.size());
  text_.insert(position, 1, key);
  sync_.typed({static_cast<std::int64_t>(position), "", std::string(1, key), length});
  send();
}

void SharedDocument::send() {
  if (request_ != 0) return;
  if (const auto edit = sync_.next())
    request_ = window_.send<protocol::DocumentEdit>(
        {document_, edit->base_version, edit->operation_id, edit->operation});
}

void SharedDocument::look() {
  if (request_ == 0 || !window_.answered(request_)) return;
  const auto answer = window_.wait<protocol::DocumentEdit>(std::exchange(request_, 0));
  apply(sync_.acknowledged(answer.version));
  send();
}

void SharedDocument::apply(const client::DocumentSync::Outcome& outcome) {
  if (outcome.reopen) throw Failure("a version of the document was left out");
  if (!outcome.apply) return;
  auto text = outcome.apply->apply(text_);
  if (!text) throw Failure("an edit does not fit: " + text.error().message);
  text_ = std::move(*text);
}

void read_both(SharedDocument& one, SharedDocument& other, const std::function<bool()>& done) {
  const auto begin = Clock::now();
  while (!done()) {
    pollfd waiting[2] = {{one.window().descriptor(), POLLIN, 0}, {other.window().descriptor(), POLLIN, 0}};
    if (::poll(waiting, 2, 1'000) > 0) {
      if (waiting[0].revents != 0) one.window().read();
      if (waiting[1].revents != 0) other.window().read();
    }
    one.look();
    other.look();
    if (milliseconds_since(begin) > 60'000) throw Failure("two windows do not agree within 60 s");
  }
}

}  // namespace berth::bench
