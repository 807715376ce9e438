// SPDX-License-Identifier: GPL-3.0-or-later
// A link that dropped and is there again: until a terminal has echoed the next key and a document has taken
// the next edit, with what was missed; beside a bare WebSocket that is opened again.
#include "bench/document.hpp"

namespace berth::bench {
namespace {

using namespace protocol;

constexpr std::uint64_t credit = 1u << 20;

/// One window's terminal and document, as they stand between two links.
struct Left {
  std::string session;
  std::string terminal, document;
  std::uint64_t output = 0;  // offset of the next byte of output
  std::uint64_t input = 0;   // of the next key
  std::uint64_t version = 0;
  std::int64_t length = 0;
  std::int64_t edits = 0;
};

/// A link over which both go on.
class Resumed {
 public:
  Resumed(BerthServer& server, const std::string& workspace, Left& left)
      : left_(left), window_(server, workspace, left.session) {
    left_.session = window_.session();
    // All three are asked at once, as a client does.
    TerminalAttach::Params terminal;
    terminal.terminal = left_.terminal;
    terminal.credit = credit;
    terminal.output_offset = left_.output;
    const auto attaching = window_.send<TerminalAttach>(terminal);
    DocumentOpen::Params document;
    document.path = "project/bench-resume.txt";
    document.known_document = left_.document;
    document.known_version = left_.version;
    const auto opening = window_.send<DocumentOpen>(document);
    const auto attached = window_.wait<TerminalAttach>(attaching);
    if (attached.lost || attached.output_offset != left_.output) throw Failure("a terminal did not resume");
    channel_ = attached.channel;
    left_.input = attached.input_offset;
    window_.listen(channel_, [this](const Frame& frame) {
      if (frame.header.kind == FrameKind::data) left_.output = frame.header.offset + frame.payload.size();
    });
    const auto opened = window_.wait<DocumentOpen>(opening);
    if (!opened.changes || opened.document != left_.document) throw Failure("a document did not resume");
    for (const auto& change : *opened.changes) left_.length = change.operation.target_length();
    left_.version = opened.version;
  }

  /// ms since `begin` until the key is echoed and the edit answered.
  std::pair<double, double> go_on(Clock::time_point begin) {
    const auto echoed = left_.output + 1;
    window_.send_frame(FrameKind::data, channel_, left_.input, "x");
    const auto edit = edit_at_end();
    double terminal = 0, document = 0;
    window_.read_until([&] {
      if (terminal == 0 && left_.output >= echoed) terminal = milliseconds_since(begin);
      if (document == 0 && window_.answered(edit)) document = milliseconds_since(begin);
      return terminal > 0 && document > 0;
    });
    left_.version = window_.wait<DocumentEdit>(edit).version;
    return {terminal, document};
  }

 private:
  std::int64_t edit_at_end() {
    TextOperation operation;
    operation.retain(left_.length++).insert("x");
    return window_.send<DocumentEdit>(
        {left_.document, left_.version, std::format("benchresume-{}", ++left_.edits), operation});
  }

  Left& left_;
  BerthWindow window_;
  std::uint32_t channel_ = 0;
};

/// A window that is about to be cut off: a program that echoes keys, and a document.
Left prepare(Setup& setup) {
  BerthWindow window(setup.berth().server(), setup.berth().workspace());
  Left left;
  left.session = window.session();
  TerminalOpen::Params terminal;
  terminal.columns = 80;
  terminal.rows = 24;
  terminal.command = "stty raw -echo; printf ready; exec cat";
  left.terminal = window.call<TerminalOpen>(terminal).terminal.terminal;
  TerminalAttach::Params attach;
  attach.terminal = left.terminal;
  attach.credit = credit;
  attach.output_offset = 0;
  const auto attached = window.call<TerminalAttach>(attach);
  std::string said;
  window.listen(attached.channel, [&](const Frame& frame) {
    if (frame.header.kind != FrameKind::data) return;
    said += frame.payload;
    left.output = frame.header.offset + frame.payload.size();
  });
  window.read_until([&] { return said.ends_with("ready"); });
  DocumentOpen::Params document;
  document.path = "project/bench-resume.txt";
  const auto opened = window.call<DocumentOpen>(document);
  left.document = opened.document;
  left.version = opened.version;
  left.length = static_cast<std::int64_t>(opened.length);
  return left;
}

/// Somebody else's edits while the link is down.
void edit_meanwhile(OpenDocument& document, int edits) {
  for (int i = 0; i < edits; ++i) document.wait_for_edit(document.type());
}

}  // namespace

void measure_resume(Setup& setup) {
  make_file(setup, "bench-resume.txt", 10'000);
  auto left = prepare(setup);
  const auto witness = setup.berth().open_window();
  setup.floor().start();
  std::map<std::string, Runs> terminal, document;
  for (int run = 0; run < setup.times(6, 1); ++run) {
    std::vector<double> terminals, documents, bare;
    for (int drop = 0; drop < setup.times(20, 3); ++drop) {
      {
        OpenDocument other(*witness, "bench-resume.txt");
        edit_meanwhile(other, 3);
      }
      const auto begin = Clock::now();
      Resumed resumed(setup.berth().server(), setup.berth().workspace(), left);
      const auto [until_terminal, until_document] = resumed.go_on(begin);
      terminals.push_back(until_terminal);
      documents.push_back(until_document);
      const auto began = Clock::now();
      const WebSocket again(floor_port(setup.floor()), "/");
      bare.push_back(milliseconds_since(began));
    }
    terminal["berth"].add_run(std::move(terminals));
    document["berth"].add_run(std::move(documents));
    terminal["bare WebSocket"].add_run(bare);
    document["bare WebSocket"].add_run(std::move(bare));
  }
  setup.compare("resume.terminal", "ms", terminal);
  setup.compare("resume.document", "ms", document);
}

}  // namespace berth::bench
