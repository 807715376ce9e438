// SPDX-License-Identifier: GPL-3.0-or-later
// A document as a person types into it: at once, one edit in flight, the rest waiting; what others do comes
// in between. The client's side of the operational transformation, as small as it can be written down.
#pragma once

#include <optional>
#include <string>

#include "protocol/text_difference.hpp"
#include "runner_client.hpp"

namespace berth::test {

class LiveText {
 public:
  LiveText(RunnerClient& client, std::string path, std::string author)
      : path_(std::move(path)), author_(std::move(author)) {
    attach(client);
    opened_ = client_->must<protocol::DocumentOpen>({path_, true, {}, {}, {}, {}, {}});
    base_ = text_ = opened_.text.value_or("");
    version_ = opened_.version;
  }
  LiveText(const LiveText&) = delete;
  ~LiveText() { client_->on_arrival = nullptr; }

  const std::string& text() const { return text_; }
  const protocol::DocumentOpen::Result& opened() const { return opened_; }
  std::uint64_t version() const { return version_; }
  bool settled() const { return !in_flight_ && !waiting_; }
  /// What was wrong: a version that did not follow, an edit that was refused.
  const std::string& wrong() const { return wrong_; }
  /// From the disk, the last one.
  const std::optional<protocol::DocumentChanged::Params>& from_disk() const { return from_disk_; }
  int changes_taken = 0, texts_taken = 0, known_taken = 0;  // by come_back()

  static protocol::TextOperation insert_at(const std::string& text, std::size_t byte,
                                           const std::string& more) {
    const auto before = static_cast<std::int64_t>(protocol::utf16_length(text.substr(0, byte)));
    const auto all = static_cast<std::int64_t>(protocol::utf16_length(text));
    return protocol::TextOperation().retain(before).insert(more).retain(all - before);
  }
  /// The person changes the text.
  void edit(const protocol::TextOperation& operation) {
    text_ = *operation.apply(text_);
    waiting_ = waiting_ ? *waiting_->compose(operation) : operation;
    launch();
  }
  void type(std::size_t byte, const std::string& more) { edit(insert_at(text_, byte, more)); }
  void append(const std::string& more) { type(text_.size(), more); }
  /// Until the runner has it all.
  bool settle() {
    return client_->wait([this] { return settled() || !wrong_.empty(); }) && wrong_.empty();
  }

  /// On another connection, or to another life of the runner: says what it has and gets the rest.
  void come_back(RunnerClient& client) {
    if (&client != client_) attach(client);
    protocol::DocumentOpen::Params params{path_, true, {}, {}, opened_.document, version_, {}};
    if (in_flight_) params.operation_id = in_flight_->id;
    away_ = true;
    opened_ = client_->must<protocol::DocumentOpen>(params);
    away_ = false;
    if (opened_.changes) {
      take_changes();
    } else {
      take_text();
    }
    launch();
  }

 private:
  struct InFlight {
    std::string id;
    protocol::TextOperation now;  // as it applies to base_
    protocol::DocumentEdit::Params sent;
    std::int64_t request = 0;
  };

  void attach(RunnerClient& client) {
    client_ = &client;
    client_->on_arrival = [this](const Json& message) { arrive(message); };
  }
  void arrive(const Json& message) {
    if (message.contains("method")) {
      if (away_ || message["method"] != protocol::DocumentChanged::method) return;
      const auto changed = protocol::decode<protocol::DocumentChanged::Params>(message["params"], "changed");
      if (!changed || changed->document != opened_.document) return;
      follow(changed->version);
      if (changed->origin == "disk") from_disk_ = *changed;
      take(changed->operation);
      return;
    }
    if (!in_flight_ || !message.contains("id") || message["id"] != in_flight_->request) return;
    const auto reply = protocol::decode_reply(message);
    if (!reply || !reply->result) {
      wrong_ = in_flight_->id + ": " + (reply ? reply->result.error().message : "no reply");
      return;
    }
    follow(protocol::decode<protocol::DocumentEdit::Result>(*reply->result, "edit")->version);
    acknowledge();
    launch();
  }
  void follow(std::uint64_t version) {
    if (version != version_ + 1)
      wrong_ = "version " + std::to_string(version) + " came behind " + std::to_string(version_);
    version_ = version;
  }
  void acknowledge() {
    base_ = *in_flight_->now.apply(base_);
    in_flight_.reset();
  }
  void take(protocol::TextOperation theirs) {
    base_ = *theirs.apply(base_);
    for (auto* mine : {in_flight_ ? &in_flight_->now : nullptr, waiting_ ? &*waiting_ : nullptr}) {
      if (!mine) continue;
      auto both = *protocol::transform(*mine, theirs);
      *mine = std::move(both.mine);
      theirs = std::move(both.theirs);
    }
    text_ = *theirs.apply(text_);
  }
  void launch() {
    if (away_ || !wrong_.empty()) return;
    if (!in_flight_ && waiting_) {
      const auto id = author_ + "-" + std::to_string(++count_);
      in_flight_ = InFlight{id, *waiting_, {opened_.document, version_, id, *waiting_}};
      waiting_.reset();
      send();
    }
  }
  void send() {
    in_flight_->request =
        client_->send_request(protocol::DocumentEdit::method, protocol::encode(in_flight_->sent));
  }
  void take_changes() {
    ++changes_taken;
    for (const auto& change : *opened_.changes) {
      follow(change.version);
      if (in_flight_ && change.operation_id == in_flight_->id) {
        ++known_taken;
        acknowledge();
      } else {
        take(change.operation);
      }
    }
    if (in_flight_) send();  // as it was first sent
  }
  void take_text() {
    ++texts_taken;
    const auto text = opened_.text.value_or("");
    version_ = opened_.version;
    if (in_flight_ && opened_.operation_version) {
      ++known_taken;
      acknowledge();
    } else if (in_flight_) {
      waiting_ = waiting_ ? *in_flight_->now.compose(*waiting_) : in_flight_->now;
      in_flight_.reset();
    }
    take(protocol::short_difference(base_, text));
    if (base_ != text) wrong_ = "the difference does not lead to the text";
  }

  RunnerClient* client_ = nullptr;
  const std::string path_, author_;
  protocol::DocumentOpen::Result opened_{};
  std::string base_, text_, wrong_;
  std::uint64_t version_ = 0;
  std::optional<InFlight> in_flight_;
  std::optional<protocol::TextOperation> waiting_;
  std::optional<protocol::DocumentChanged::Params> from_disk_;
  int count_ = 0;
  bool away_ = false;
};

}  // namespace berth::test
