// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/workspace.hpp"

#include <unistd.h>

namespace berth::runner {
namespace {

// Two threads: a long copy does not hold up a listing.
constexpr std::size_t pool_threads = 2;
constexpr std::chrono::seconds stop_patience{5};

std::string what(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "unknown exception";
  }
}

}  // namespace

Workspace::Workspace(asio::io_context& context, protocol::RunnerStart runner_start,
                     net::ConfinedDirectory home, std::unique_ptr<Journal> journal,
                     RecoveredDocuments recovered, std::uint16_t own_port)
    : io(context),
      start(std::move(runner_start)),
      files(std::move(home)),
      pool(pool_threads),
      tasks(io.get_executor(), [this](std::exception_ptr error) { log("A task ended: " + what(error)); }),
      sessions(io, start.resumable ? std::chrono::milliseconds(*start.resumable)
                                   : std::chrono::milliseconds(Sessions::usually_resumable)),
      presence(io, sessions,
               [this](const std::string& session, protocol::PresenceSet::Params said) {
                 return find_place(*this, session, std::move(said));
               }),
      terminals(io, start, files.directory()),
      watcher(io, pool, tasks, files),
      documents(
          DocumentsContext{io, pool, tasks, files, watcher,
                           [this](const Document& document, const protocol::DocumentChanged::Params& params,
                                  const std::string& except) {
                             // A session that is opening it gets up to `known` by the answer.
                             const auto text = protocol::notification_text(protocol::DocumentChanged::method,
                                                                           protocol::encode(params));
                             for (const auto& [id, opening] : document.sessions)
                               if (const auto session = sessions.find(id);
                                   session && id != except && opening.version < params.version)
                                 session->notify_text(text);
                             presence.people().change_document(document.id(), params.version,
                                                               params.operation, params.origin);
                           },
                           [this](const Document& document) {
                             for (const auto& [id, opening] : document.sessions)
                               if (const auto session = sessions.find(id)) session->tell_state(document);
                             presence.people().move_document(document.id(), document.path);
                             presence.tell();
                             if (!document.dirty() && document.stored_version < document.disk_version)
                               sync.on_opened_or_written(document.id());
                           },
                           [this](const std::string& text) { log(text); }},
          std::move(journal), std::move(recovered)),
      ports(io, pool, tasks, own_port),
      sync({io, tasks, files, documents, start.state_directory,
            [this](const protocol::WorkspaceStorage::Params& storage) {
              sessions.broadcast<protocol::WorkspaceStorage>(storage);
            },
            [this](const protocol::SessionNotice::Params& notice) {
              sessions.broadcast<protocol::SessionNotice>(notice);
            },
            [this](const std::string& text) { log(text); }}),
      project_import(io, pool, tasks, files, start,
                     [this](const protocol::WorkspaceImport::Params& progress) {
                       sessions.broadcast<protocol::WorkspaceImport>(progress);
                     }),
      search_programs(io, start),
      replacements(io, pool, tasks, files.directory(), documents, search_programs) {
  project_import.resume();
  terminals.on_changed = [this](const protocol::TerminalInfo& info) {
    sessions.broadcast<protocol::TerminalChanged>({info});
  };
  terminals.on_closed = [this](const std::string& id) {
    sessions.broadcast<protocol::TerminalClosed>({id});
    presence.people().hide_terminal(id);
    presence.tell();
  };
  ports.on_changed = [this](const std::vector<protocol::Port>& list) {
    sessions.broadcast<protocol::PortChanged>({list});
  };
  sessions.on_count_changed = [this] { ports.set_active(sessions.anyone_connected()); };
}

void Workspace::log(const std::string& text) const {
  std::string line = "berth-runner: " + text;
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  line += '\n';
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

void Workspace::on_child_exit(pid_t pid, int wait_status) {
  terminals.on_child_exit(pid, wait_status);
  project_import.on_child_exit(pid, wait_status);
  search_programs.on_child_exit(pid, wait_status);
}

net::Task<void> Workspace::stop() {
  sessions.broadcast<protocol::SessionNotice>(
      {protocol::NoticeKind::stopping, "The workspace stops.", std::nullopt});
  for (const auto& problem : co_await documents.flush()) log("Not written: " + problem);
  terminals.close_all();
  project_import.stop();
  sync.stop();
  sessions.on_count_changed = nullptr;
  presence.stop();
  ports.set_active(false);
  sessions.close_all("The workspace stops.");
  co_await tasks.shutdown(stop_patience);
}

}  // namespace berth::runner
