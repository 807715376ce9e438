// SPDX-License-Identifier: GPL-3.0-or-later
// login, logout, whoami, servers: through the browser (RFC 8252), by a code that is entered elsewhere (RFC
// 8628), or with a personal access token.
#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <iostream>

#include "client/cli/context.hpp"
#include "client/cli/page.hpp"
#include "client/cli/tty.hpp"
#include "client/core/browser_sign_in.hpp"
#include "client/core/loopback_receiver.hpp"
#include "client/core/server_address.hpp"
#include "protocol/rest_sign_in.hpp"

namespace berth::cli {
namespace {

constexpr qint64 longest_token = 4096;  // bytes

struct Login {
  std::string server;
  std::string provider;
  std::string token_file;
  bool token = false;
  bool device = false;
  bool no_open = false;
};

Result<rest::SignedIn> by_browser(Context& context, Server& server, const Login& choice) {
  const auto proof = client::make_sign_in_proof();
  client::LoopbackReceiver receiver(proof.state);
  if (auto listening = receiver.listen(); !listening) return std::unexpected(listening.error());
  rest::BeginNativeSignIn::Body body;
  if (!choice.provider.empty()) body.provider = choice.provider;
  body.redirect = receiver.redirect().toStdString();
  body.challenge = proof.challenge.toStdString();
  body.state = proof.state.toStdString();
  const auto begun = server.ask<rest::BeginNativeSignIn>(body);
  if (!begun) return std::unexpected(begun.error());
  const QUrl page(QString::fromStdString(begun->url), QUrl::StrictMode);
  if (!client::may_be_opened(page, server.origin()))
    return failure(ErrorCode::unavailable,
                   "The server named a page that is not safe to open; ask its administrator.");
  const bool opened = !choice.no_open && open_page(page);
  context.out.note(opened ? "Your browser opens this page; agree there:"
                          : "Open this page in a browser here, and agree there:");
  context.out.note("  " + page.toString(QUrl::FullyEncoded).toStdString());
  const auto code = awaited<QString>([&](QObject* waiting, client::Reply<QString> done) {
    QObject::connect(&receiver, &client::LoopbackReceiver::answered, waiting,
                     [done](const QString& given) { done(given); });
    QObject::connect(&receiver, &client::LoopbackReceiver::refused, waiting, [done](const QString& error) {
      if (error == QLatin1String("access_denied"))
        return done(failure(ErrorCode::permission_denied, "The sign-in was refused in the browser."));
      done(failure(ErrorCode::unavailable, "The sign-in in the browser failed. Try again.",
                   error.toStdString()));
    });
    QTimer::singleShot(client::BrowserSignIn::usual_patience, waiting, [done] {
      done(failure(ErrorCode::timeout, "Nobody agreed in the browser in time. Try again."));
    });
  });
  if (!code) return std::unexpected(code.error());
  return server.ask<rest::TakeNativeSignIn>({code->toStdString(), proof.verifier.toStdString()});
}

Result<rest::SignedIn> by_device(Context& context, Server& server) {
  const auto begun = server.ask<rest::BeginDeviceSignIn>();
  if (!begun) return std::unexpected(begun.error());
  context.out.note("Open this page on any device, and agree there:");
  context.out.note("  " + begun->verification_url);
  context.out.note("The code is " + begun->user_code + ".");
  auto interval = std::clamp<std::int64_t>(begun->interval, 1, 60) * 1000;
  while (QDateTime::currentMSecsSinceEpoch() < begun->expires) {
    wait_until([] { return false; }, static_cast<int>(interval));
    auto answer = server.ask<rest::TakeDeviceSignIn>({begun->device_code});
    if (answer) return answer;
    const auto& error = answer.error();
    const auto says = error.data.find("device");
    if (error.code == ErrorCode::permission_denied)
      return failure(ErrorCode::permission_denied, "The sign-in was refused.");
    if (says != error.data.end()) {
      if (says->second == "slow_down") interval += 5000;
      continue;
    }
    // A moment without the network does not end what the person is about to agree to.
    if (error.code != ErrorCode::unavailable && error.code != ErrorCode::timeout) return answer;
  }
  return failure(ErrorCode::timeout, "Nobody agreed in time. Try again.");
}

Result<QString> token_text(const Login& choice) {
  QByteArray text;
  if (!choice.token_file.empty()) {
    QFile file(QString::fromStdString(choice.token_file));
    if (!file.open(QIODevice::ReadOnly))
      return failure(ErrorCode::not_found,
                     choice.token_file + " can't be read: " + file.errorString().toStdString());
    text = file.read(longest_token + 1);
  } else if (auto set = environment("BERTH_TOKEN"); !set.empty()) {
    text = QByteArray::fromStdString(set);
  } else {
    text = QByteArray::fromStdString(read_secret("Personal access token: ", longest_token + 1));
  }
  text = text.trimmed();
  if (text.isEmpty())
    return failure(ErrorCode::invalid_argument,
                   "There is no token. Make one in the account's page, or by: berthctl tokens create");
  for (const char c : text)
    if (c <= ' ' || c > '~' || text.size() > longest_token)
      return failure(ErrorCode::invalid_argument, "That is not a token.");
  return QString::fromLatin1(text);
}

int login(Context& context, const Login& choice) {
  if (!choice.server.empty()) context.server_name = choice.server;
  const auto origin = context.origin();
  if (!origin) return context.out.fail(origin.error());
  Server server(*origin, &context.credentials());
  Result<rest::Account> account;
  if (choice.token || !choice.token_file.empty()) {
    const auto token = token_text(choice);
    account = token ? server.adoptToken(*token) : std::unexpected(token.error());
  } else {
    auto signed_in = choice.device ? by_device(context, server) : by_browser(context, server, choice);
    if (!signed_in) return context.out.fail(signed_in.error());
    if (auto kept = server.adopt(*signed_in); !kept) return context.out.fail(kept.error());
    account = signed_in->account;
  }
  if (!account) return context.out.fail(account.error());
  context.credentials().use(*origin);
  if (const auto file = server.secretFile(); !file.isEmpty())
    context.out.note("There is no keychain: the sign-in is in " + file.toStdString() +
                     ", which only you can read.");
  if (!context.out.answer(*account))
    context.out.say("Signed in at " + origin->toString().toStdString() + " as " + account->email + ".");
  return exit_good;
}

int logout(Context& context) {
  const auto origin = context.origin();
  if (!origin) return context.out.fail(origin.error());
  Server server(*origin, &context.credentials());
  if (auto restored = server.restore(); !restored) return context.out.fail(restored.error());
  const bool session = !server.transport()->tokens().refresh.isEmpty();
  context.credentials().forget(*origin);
  if (session) {
    const auto ended = server.ask<rest::SignOut>();
    // Here it is gone whatever the server says; but that it still knows it must be said.
    if (!ended && ended.error().code != ErrorCode::unauthenticated)
      return context.out.fail(
          {ended.error().code,
           "The sign-in is forgotten here, but the server could not be told: " + ended.error().message,
           {},
           {}});
  }
  if (!context.out.answer(rest::NoBody{}))
    context.out.say(session ? "Signed out."
                            : "The token is forgotten here; it stays good until it is removed.");
  return exit_good;
}

int whoami(Context& context) {
  auto server = context.server();
  if (!server) return context.out.fail(server.error());
  return finish(context, (*server)->ask<rest::GetMe>(), [&](const rest::Account& account) {
    context.out.say(account.email + " (" + account.name + (account.administrator ? ", administrator" : "") +
                    ") at " + (*server)->origin().toString().toStdString());
  });
}

int list_servers(Context& context) {
  auto json = protocol::Json::array();
  Table table({"", "SERVER", "ACCOUNT"});
  const auto usual = context.credentials().usual();
  for (const auto& one : context.credentials().servers()) {
    const auto url = one.server.toString().toStdString();
    json.push_back({{"server", url}, {"account", one.email.toStdString()}, {"usual", one.server == usual}});
    table.row({one.server == usual ? "*" : "", url, one.email.toStdString()});
  }
  if (context.out.json) {
    Output::print_json({{"servers", json}});
  } else if (!table.empty()) {
    table.print();
  }
  return exit_good;
}

int use_server(Context& context, const std::string& name) {
  const auto origin = client::server_origin(QString::fromStdString(name));
  if (!origin) return context.out.fail(origin.error());
  bool known = false;
  for (const auto& one : context.credentials().servers()) known = known || one.server == *origin;
  if (!known)
    return context.out.fail({ErrorCode::not_found, "You are not signed in at " + name + ".", {}, {}});
  context.credentials().use(*origin);
  return list_servers(context);
}

}  // namespace

void add_sign_in_commands(Commands& commands) {
  auto choice = std::make_shared<Login>();
  auto* in = commands.add(&commands.app, "login", "Signs in: in the browser, unless told otherwise.",
                          [choice](Context& context) { return login(context, *choice); });
  in->add_option("SERVER", choice->server, "The server's address; the usual one when absent.");
  in->add_option("--provider", choice->provider, "Whom the page offers first (an id of the server's).");
  in->add_flag("--device", choice->device, "Shows a code that is entered on another device.");
  in->add_flag("--token", choice->token,
               "Takes a personal access token from BERTH_TOKEN, else from standard input.");
  in->add_option("--token-file", choice->token_file, "Takes a personal access token from this file.");
  in->add_flag("--no-open", choice->no_open, "Prints the page's address and opens nothing.");
  commands.add(&commands.app, "logout", "Ends the sign-in here and on the server.", logout);
  commands.add(&commands.app, "whoami", "Who is signed in.", whoami);
  auto* servers = commands.app.add_subcommand("servers", "Where berthctl is signed in.");
  servers->require_subcommand(1);
  commands.add(servers, "ls", "The servers; * is the usual one.", list_servers);
  auto name = std::make_shared<std::string>();
  commands
      .add(servers, "use", "Makes one the usual one.",
           [name](Context& context) { return use_server(context, *name); })
      ->add_option("SERVER", *name)
      ->required();
}

}  // namespace berth::cli
