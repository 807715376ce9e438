// SPDX-License-Identifier: GPL-3.0-or-later
// A document as a client of a soak test has it: what was acknowledged, and what was sent and not answered.
#pragma once

#include <deque>
#include <string>

#include "runner_client.hpp"
#include "tests/soak.hpp"

namespace berth::test {

class EditedText {
 public:
  explicit EditedText(std::string path) : path_(std::move(path)) {}

  struct Sent {
    std::string id;
    protocol::TextOperation operation;
    std::int64_t request = 0;
  };

  const std::string& path() const { return path_; }
  const std::string& acknowledged() const { return acknowledged_; }
  const std::deque<Sent>& unanswered() const { return sent_; }
  bool is_open() const { return !document_.empty(); }

  /// Opens it, which must give what was acknowledged and a beginning of what was not answered; "" or what was
  /// wrong. What the runner does not have is given up, as if the person had not typed it.
  std::string open(RunnerClient& client) {
    const auto opened = client.must<protocol::DocumentOpen>({path_, true, std::nullopt, std::nullopt});
    document_ = opened.document;
    version_ = opened.version;
    std::string text = acknowledged_;
    const std::string now = opened.text.value_or("");
    while (text != now && !sent_.empty()) {
      text = *sent_.front().operation.apply(text);
      sent_.pop_front();
    }
    if (text != now)
      return path_ + ": acknowledged were " + std::to_string(acknowledged_.size()) + " bytes, there are " +
             std::to_string(now.size());
    acknowledged_ = latest_ = text;
    sent_.clear();
    return {};
  }

  /// Sends one random edit on top of all others, without waiting.
  void edit(RunnerClient& client, Soak& soak) {
    const auto length = static_cast<std::int64_t>(protocol::utf16_length(latest_));
    const auto at = static_cast<std::int64_t>(soak.below(static_cast<std::size_t>(length) + 1));
    protocol::TextOperation operation;
    operation.retain(at);
    auto left = length - at;
    // Deletes more when the text is long, so that it stays of some size.
    if (left > 0 && soak.one_in(length > 5000 ? 2 : 4)) {
      const auto gone = static_cast<std::int64_t>(
          soak.below(static_cast<std::size_t>(std::min<std::int64_t>(left, length > 5000 ? 2000 : 40))) + 1);
      operation.remove(gone);
      left -= gone;
    } else {
      operation.insert(words(soak));
    }
    if (left > 0) operation.retain(left);
    send(client, {path_ + "#" + std::to_string(++count_), std::move(operation)}, version_ + sent_.size());
  }

  /// After a resume: all that was not answered once more, with the ids that they had.
  void send_again(RunnerClient& client) {
    auto again = std::exchange(sent_, {});
    latest_ = acknowledged_;
    const auto base = version_;
    for (std::size_t i = 0; i < again.size(); ++i) send(client, std::move(again[i]), base + i);
  }

  /// Takes the answers that have come; an error is one of the test.
  void take_answers(RunnerClient& client) {
    while (!sent_.empty()) {
      const auto answer = client.take_reply(sent_.front().request);
      if (!answer) return;
      ASSERT_TRUE(*answer) << path_ << " " << sent_.front().id << ": " << answer->error().message;
      acknowledged_ = *sent_.front().operation.apply(acknowledged_);
      ++version_;
      sent_.pop_front();
    }
  }

  void ask_to_save(RunnerClient& client) {
    (void)client.send_request("document/save", {{"document", document_}});
  }

 private:
  void send(RunnerClient& client, Sent one, std::uint64_t base) {
    latest_ = *one.operation.apply(latest_);
    one.request = client.send_request("document/edit", {{"document", document_},
                                                        {"base_version", base},
                                                        {"operation_id", one.id},
                                                        {"operation", protocol::encode(one.operation)}});
    sent_.push_back(std::move(one));
  }
  static std::string words(Soak& soak) {
    static constexpr const char* pieces[] = {"alpha ",       "b",    "\n",        "caf\xc3\xa9 ",
                                             "\xe6\xbc\xa2", "    ", "0123456789"};
    std::string text;
    for (auto count = soak.below(6) + 1; count > 0; --count) text += pieces[soak.below(std::size(pieces))];
    return text;
  }

  const std::string path_;
  std::string document_, acknowledged_, latest_;
  std::uint64_t version_ = 0;
  std::deque<Sent> sent_;
  int count_ = 0;
};

}  // namespace berth::test
