// SPDX-License-Identifier: GPL-3.0-or-later
// forward: ports of a workspace on this machine's loopback; ports: which ones programs listen on.
#include <signal.h>

#include <charconv>

#include "client/cli/context.hpp"
#include "client/cli/tty.hpp"
#include "client/cli/workspace_link.hpp"
#include "client/core/port_forward.hpp"

namespace berth::cli {
namespace {

struct Choice {
  std::string workspace;
  std::vector<std::string> ports;
};

struct Mapping {
  std::optional<quint16> local;
  quint16 remote = 0;
};

std::optional<quint16> port_of(std::string_view text, bool any) {
  unsigned number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || number > 65535 || (number == 0 && !any))
    return std::nullopt;
  return static_cast<quint16>(number);
}

std::optional<Mapping> mapping_of(const std::string& text) {
  const auto colon = text.find(':');
  const auto remote = port_of(std::string_view(text).substr(colon == text.npos ? 0 : colon + 1), false);
  if (!remote) return std::nullopt;
  if (colon == text.npos) return Mapping{{}, *remote};
  const auto local = port_of(std::string_view(text).substr(0, colon), true);
  if (!local) return std::nullopt;
  return Mapping{local, *remote};
}

int forward(Context& context, const Choice& choice) {
  std::vector<Mapping> mappings;
  for (const auto& text : choice.ports) {
    const auto mapping = mapping_of(text);
    if (!mapping)
      return context.out.fail(
          {ErrorCode::invalid_argument, "A port is REMOTE, or LOCAL:REMOTE: 8080, 9000:8080.", {}, {}});
    mappings.push_back(*mapping);
  }
  auto link = WorkspaceLink::open(context, choice.workspace);
  if (!link) return context.out.fail(link.error());
  auto* connection = (*link)->connection();
  if (connection->hello()->role == protocol::Role::viewer)
    return context.out.fail({ErrorCode::permission_denied, "You may only look at this workspace.", {}, {}});
  Signals signals({SIGINT, SIGTERM, SIGHUP});
  std::vector<std::unique_ptr<client::PortForward>> forwards;
  auto json = protocol::Json::array();
  for (const auto& mapping : mappings) {
    auto& one = forwards.emplace_back(std::make_unique<client::PortForward>(connection, mapping.remote));
    if (!one->listen(mapping.local))
      return context.out.fail({ErrorCode::conflict,
                               "Port " + std::to_string(mapping.local.value_or(mapping.remote)) +
                                   " of this machine is taken or not yours to use.",
                               {},
                               {}});
    json.push_back({{"local", one->localPort()}, {"remote", mapping.remote}});
    context.out.say("127.0.0.1:" + std::to_string(one->localPort()) + " is port " +
                    std::to_string(mapping.remote) + " of “" + (*link)->facts().name + "”");
  }
  if (context.out.json) Output::print_json({{"forwards", json}});
  std::fflush(stdout);
  QEventLoop loop;
  std::optional<Error> end;
  QObject::connect(&signals, &Signals::caught, &loop, &QEventLoop::quit);
  bool lost = false;
  QObject::connect(connection, &client::WorkspaceConnection::stateChanged, &loop, [&] {
    if (end = (*link)->end(); end) return loop.quit();
    if (connection->online() == lost) {
      lost = !lost;
      if (connection->state() != client::LinkState::connecting)
        context.out.note(lost ? "The connection is lost and being retried." : "Connected again.");
    }
  });
  if (end = (*link)->end(); !end) loop.exec();
  return end ? context.out.fail(*end) : int{exit_good};
}

int list(Context& context, const Choice& choice) {
  auto link = WorkspaceLink::open(context, choice.workspace);
  if (!link) return context.out.fail(link.error());
  const auto answer = awaited<protocol::Json>([&](QObject* waiting, client::Reply<protocol::Json> done) {
    (*link)->connection()->sendRequest(protocol::PortList::method, protocol::Json::object(), waiting,
                                       std::move(done));
  });
  if (!answer) return context.out.fail(answer.error());
  return finish(context, protocol::decode<protocol::PortList::Result>(*answer, "port/list"),
                [](const protocol::PortList::Result& listed) {
                  Table table({"PORT", "ADDRESS", "PROGRAM"});
                  for (const auto& one : listed.ports)
                    table.row({std::to_string(one.port), one.address, one.process});
                  table.print();
                });
}

}  // namespace

void add_port_commands(Commands& commands) {
  auto choice = std::make_shared<Choice>();
  auto* forwarding =
      commands.add(&commands.app, "forward", "Brings ports of a workspace to this machine, until Ctrl-C.",
                   [choice](Context& context) { return forward(context, *choice); });
  forwarding
      ->add_option("WORKSPACE", choice->workspace, "Its name or id; it is started where it does not run.")
      ->required();
  forwarding
      ->add_option("PORTS", choice->ports,
                   "REMOTE (the same here where that is free), or LOCAL:REMOTE (0: any).")
      ->required();
  commands
      .add(&commands.app, "ports", "What programs of a workspace listen on.",
           [choice](Context& context) { return list(context, *choice); })
      ->add_option("WORKSPACE", choice->workspace, "Its name or id.")
      ->required();
}

}  // namespace berth::cli
