// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/serve.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "protocol/net/expecting_loop.hpp"
#include "server/access_expiry.hpp"
#include "server/administration_watch.hpp"
#include "server/administration_wiring.hpp"
#include "server/collection_schedule.hpp"
#include "server/data_folder.hpp"
#include "server/division.hpp"
#include "server/end_with_input.hpp"
#include "server/exported_versions.hpp"
#include "server/files_of_version.hpp"
#include "server/history.hpp"
#include "server/http_routes.hpp"
#include "server/idempotency.hpp"
#include "server/imports.hpp"
#include "server/listener.hpp"
#include "server/mailer.hpp"
#include "server/opened_metadata.hpp"
#include "server/pack_store.hpp"
#include "server/port_sharing.hpp"
#include "server/preferences.hpp"
#include "server/public_projects.hpp"
#include "server/ready_workspaces.hpp"
#include "server/replicas.hpp"
#include "server/shared_events.hpp"
#include "server/shared_keys.hpp"
#include "server/sharing.hpp"
#include "server/sign_in_wiring.hpp"
#include "server/static_files.hpp"
#include "server/sync_engine.hpp"
#include "server/teams.hpp"

namespace berth::server {
namespace {

using Threads = std::vector<std::unique_ptr<IoThread>>;

std::string in_url(const std::string& host) {
  if (host == "127.0.0.1" || host == "0.0.0.0" || host == "::" || host == "::1") return "localhost";
  return host.find(':') == host.npos ? host : "[" + host + "]";
}

constexpr std::int64_t usual_scrub_days = 30;
// A database that starts when berthd does makes its files first; a cluster gives berthd three minutes.
constexpr std::chrono::minutes database_start{2};

/// What previews are called depends on the ports that were really taken.
void name_previews(Application& application, std::uint16_t port, std::optional<std::uint16_t> preview_port) {
  const auto& config = application.config;
  application.preview_host =
      config.preview_host.empty() ? "localhost:" + std::to_string(port) : config.preview_host;
  application.preview_fallback = config.preview_fallback;
  if (application.preview_fallback.empty() && preview_port)
    application.preview_fallback =
        "http://" + in_url(config.preview_listen->host) + ":" + std::to_string(*preview_port);
}

std::string frame_sources(const Application& application) {
  const std::string scheme = application.origins->https() ? "https://" : "http://";
  std::string sources = scheme + "*." + application.preview_host;
  if (!application.preview_fallback.empty()) sources += " " + application.preview_fallback;
  return sources;
}

/// Objects and versions: blobs where the configuration says, their index in the metadata store.
Result<void> wire_storage(Application& application) {
  const auto& config = application.config;
  auto sealing = load_sealing(config, application.replica ? &application.store->settings() : nullptr);
  if (!sealing) return std::unexpected(sealing.error());
  application.sealing = std::move(*sealing);
  auto blobs = make_blob_store(config.storage, config.data);
  if (!blobs) return std::unexpected(blobs.error());
  application.blobs = std::move(*blobs);
  spdlog::info("stored versions: {}{}", application.blobs->describe(),
               application.sealing.seal ? ", encrypted" : "");
  if (auto known = claim_storage_together(application); !known) {
    if (known.error().code == ErrorCode::conflict) return known;
    spdlog::warn("stored versions: {} {}", known.error().message,
                 known.error().detail);  // asked again before each collection
  }
  PackStoreOptions options;
  options.quota = [&application](const std::string& owner) { return storage_quota_of(application, owner); };
  // Found missing or damaged by whoever read it: homes that still have it store it again, on their own
  // thread.
  const auto doubted = [&application](const std::string& owner, const std::vector<protocol::ObjectId>& ids) {
    if (application.scrub) application.scrub->damaged(owner, ids);
    boost::asio::post(application.home, [&application, owner] {
      if (application.engine) application.engine->store_again(owner);
    });
    if (application.shared_events) application.shared_events->tell_objects_doubted(owner);
  };
  options.doubted = doubted;
  application.objects = make_pack_store(*application.blobs, application.store->objects(), application.sealing,
                                        system_clock_now, options);
  const auto removed = [&application](const std::string& owner) {
    if (application.schedule) application.schedule->removed(owner);
    if (application.shared_events) application.shared_events->tell_objects_removed(owner);
  };
  application.versions =
      make_exported_versions(application.store->versions(), *application.blobs, application.sealing, removed);
  application.collection = std::make_unique<GarbageCollection>(
      *application.store, *application.versions, *application.objects, *application.blobs,
      application.sealing, system_clock_now, GarbageCollection::Options{});
  const auto days = config.storage_scrub_days >= 0       ? config.storage_scrub_days
                    : config.storage.kind == "directory" ? usual_scrub_days
                                                         : 0;
  application.scrub = std::make_unique<StoreScrub>(
      StoreScrub::Parts{*application.store, *application.versions, *application.objects, *application.blobs,
                        application.sealing, application.store_figures},
      system_clock_now, StoreScrub::Options{.period = days * 86'400'000, .doubted = doubted});
  application.schedule = std::make_unique<CollectionSchedule>(
      *application.collection, application.scrub.get(), *application.store, *application.blobs,
      system_clock_now,
      CollectionSchedule::Options{.may_run = [&application] { return collects(application); }});
  return {};
}

// Each start holds one for as long as it pulls its image; they do nothing but wait.
constexpr std::size_t pod_start_threads = 64;

Result<void> wire(Application& application, const Parts& parts, std::uint16_t port) {
  const auto& config = application.config;
  auto store = await_metadata(config, database_start);  // before there are threads, who would get its signals
  if (!store) return std::unexpected(store.error());
  application.store = std::move(*store);
  // With PostgreSQL calls wait for a network, and each may have a connection of its own.
  application.pool = std::make_unique<boost::asio::thread_pool>(
      uses_postgresql(config) ? static_cast<std::size_t>(std::max(2, config.database.connections)) : 2u);
  if (uses_postgresql(config)) spdlog::info("metadata: {}", describe_postgresql(config.database.url));
  auto backend = parts.backend(config);
  if (!backend) return std::unexpected(backend.error());
  application.backend = std::move(*backend);
  if (auto joined = join_replicas(application, port); !joined) return joined;
  auto keys = load_keys(config, application.replica ? &application.store->settings() : nullptr);
  if (!keys) return std::unexpected(keys.error());
  application.keys = *keys;
  application.settings = std::make_unique<Settings>(application.store->settings(), first_settings(config));
  if (auto loaded = application.settings->load(); !loaded) return loaded;
  if (auto stored = wire_storage(application); !stored) return stored;
  application.origins = std::make_unique<Origins>(config.public_url, config.cors);
  auto templates = TemplateCatalog::load(config.templates);
  if (!templates) return std::unexpected(templates.error());
  application.templates = std::move(*templates);
  application.runners = parts.runner_access(application);
  application.engine = std::make_unique<SyncEngine>(
      application.home, *application.runners, *application.objects, *application.versions, system_clock_now);
  const bool limited = application.backend->limits_enforced();
  spdlog::info("workspaces: {}", application.backend->describe());
  if (!limited && !config.allow_unlimited)
    spdlog::warn(
        "limits on cpu, memory and processes can't be enforced here: one account only is served (see "
        "--allow-unlimited)");
  else if (!limited)
    spdlog::warn(
        "limits on cpu, memory and processes can't be enforced here: a workspace can starve the others");
  application.accounts = std::make_unique<Accounts>(
      *application.store, application.keys, application.events, *application.settings, *application.pool,
      system_clock_now,
      Accounts::Options{.maximum_accounts = limited || config.allow_unlimited ? 0 : 1,
                        .concurrent_hashes = 2,
                        .shared = application.replica != nullptr,
                        .proves_addresses = !config.mail.url.empty()});
  wire_sign_in(application, port);
  application.preferences =
      std::make_unique<Preferences>(application.store->preferences(), *application.pool, system_clock_now);
  application.idempotency = std::make_unique<Idempotency>(
      application.store->named_requests(), *application.sign_in_secrets, *application.pool, system_clock_now);
  Workspaces::Options options;
  options.limits = {config.workspace_cpu, config.workspace_memory << 20, config.workspace_processes};
  options.server_key = application.keys.connect.public_key;
  application.uses = std::make_unique<WorkspaceUses>(system_clock_now);
  options.uses = application.uses.get();
  options.quota_of = [&application](const std::string& account) { return quota_of(application, account); };
  options.versions = application.engine.get();
  application.stored_files = std::make_unique<FilesOfVersion>(*application.versions, *application.objects);
  options.stored_files = application.stored_files.get();
  if (auto* division = application.division.get()) {
    options.leases = division;
    options.may_act = [division](const std::string& workspace) {
      return division->holds(workspace) || division->leads();
    };
  }
  if (config.backend == "kubernetes") {
    options.restarts = true;
    options.start_threads = pod_start_threads;
    keep_ready(application);
  }
  application.workspaces =
      std::make_unique<Workspaces>(application.home, application.store->workspaces(), *application.backend,
                                   *application.runners, application.events, *application.settings,
                                   application.templates, *application.pool, system_clock_now, options);
  wire_administration(application, port);
  application.sharing =
      std::make_unique<Sharing>(Sharing::Parts{.store = *application.store,
                                               .workspaces = *application.workspaces,
                                               .events = application.events,
                                               .pool = *application.pool,
                                               .clock = system_clock_now,
                                               .versions = application.versions.get(),
                                               .objects = application.objects.get(),
                                               .blobs = application.blobs.get(),
                                               .sealing = &application.sealing,
                                               .send = invitation_sender(application),
                                               .proven_addresses = application.mailer->sends()});
  application.teams = std::make_unique<Teams>(Teams::Parts{.store = *application.store,
                                                           .events = application.events,
                                                           .settings = *application.settings,
                                                           .pool = *application.pool,
                                                           .clock = system_clock_now,
                                                           .send = invitation_sender(application),
                                                           .proven_addresses = application.mailer->sends()});
  application.ports =
      std::make_unique<PortSharing>(*application.store, application.events, *application.pool);
  application.public_projects =
      std::make_unique<PublicProjects>(PublicProjects::Parts{.store = *application.store,
                                                             .versions = *application.versions,
                                                             .objects = *application.objects,
                                                             .templates = application.templates,
                                                             .clock = system_clock_now,
                                                             .key = application.keys.preview});
  application.history =
      std::make_unique<History>(*application.workspaces, *application.runners, *application.engine,
                                *application.versions, *application.objects);
  application.imports = std::make_unique<Imports>(
      *application.workspaces, *application.runners, *application.engine, *application.versions,
      *application.objects, *application.pool, system_clock_now,
      Imports::Options{.public_projects = application.public_projects.get()});
  application.static_files = std::make_unique<StaticFiles>(config.web, frame_sources(application),
                                                           *application.origins, *application.pool);
  application.routes = std::make_unique<HttpRoutes>(application);
  application.gateway = parts.gateway(application);
  application.preview = parts.preview(application);
  share_events(application);
  return {};
}

/// For whoever started us, so on standard output and unbuffered.
Result<void> announce(Application& application, std::uint16_t port) {
  const auto& config = application.config;
  const auto origin = config.public_url.empty()
                          ? "http://" + in_url(config.listen.host) + ":" + std::to_string(port)
                          : config.public_url;
  auto token = application.accounts->setup_token();
  if (!token) return std::unexpected(token.error());
  std::printf("listening on http://%s:%u\n",
              config.listen.host.find(':') == std::string::npos ? config.listen.host.c_str()
                                                                : ("[" + config.listen.host + "]").c_str(),
              port);
  if (*token) std::printf("set-up link: %s/setup?token=%s\n", origin.c_str(), (*token)->c_str());
  std::fflush(stdout);
  return {};
}

constexpr std::chrono::seconds answer_patience{5};  // for requests that are being answered
constexpr std::chrono::milliseconds between_counts{10};
constexpr std::chrono::seconds session_patience{5};  // for the connections of a thread to end

/// Who was heard gets an answer: what is cut here was perhaps done, and nobody would know.
net::Task<void> answer_requests(Application& application) {
  auto& under_way = application.routes->under_way();
  under_way.end();
  boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor);
  const auto until = std::chrono::steady_clock::now() + answer_patience;
  while (under_way.count() > 0 && std::chrono::steady_clock::now() < until) {
    pause.expires_after(between_counts);
    co_await pause.async_wait(boost::asio::use_awaitable);
  }
  if (under_way.count() > 0) spdlog::warn("{} requests are not answered any more", under_way.count());
}

/// Ends the sessions of one thread, on that thread.
net::Task<bool> end_sessions(IoThread& thread) {
  co_return co_await boost::asio::co_spawn(
      thread.context(),
      [&thread]() -> net::Task<bool> { co_return co_await thread.sessions().shutdown(session_patience); },
      boost::asio::use_awaitable);
}

net::Task<bool> end_everything(Application& application, Threads& threads) {
  using namespace boost::asio::experimental::awaitable_operators;
  bool clean = true;
  co_await end_division(application);
  for (auto& thread : threads) clean = co_await end_sessions(*thread) && clean;
  // One after the other goes to the servers that stay, while operations of others still end here.
  co_await (application.workspaces->shutdown() && hand_over(application));
  co_await application.engine->shutdown();
  co_await application.runners->shutdown();
  co_await leave_replicas(application);
  co_return clean;
}

}  // namespace

Result<void> serve(Config config, const Parts& parts) {
  std::signal(SIGPIPE, SIG_IGN);
  auto lock = take_data_folder(config.data);
  if (!lock) return std::unexpected(lock.error());
  Threads threads;
  for (int i = 0; i < config.threads; ++i) threads.push_back(std::make_unique<IoThread>());
  auto& main_context = threads.front()->context();

  Application application;
  application.config = std::move(config);
  application.home = main_context.get_executor();
  auto listener = Listener::open(application.config.listen, false, threads);
  if (!listener) return std::unexpected(listener.error());
  std::unique_ptr<Listener> preview_listener;
  if (application.config.preview_listen) {
    auto opened = Listener::open(*application.config.preview_listen, true, threads);
    if (!opened) return std::unexpected(opened.error());
    preview_listener = std::move(*opened);
  }
  name_previews(application, (*listener)->port(),
                preview_listener ? std::optional(preview_listener->port()) : std::nullopt);
  if (auto wired = wire(application, parts, (*listener)->port()); !wired) return wired;

  net::TaskGroup tasks(main_context.get_executor(), [](std::exception_ptr) {});
  Result<void> outcome;
  bool clean = true;
  boost::asio::signal_set signals(main_context, SIGTERM, SIGINT);
  boost::asio::co_spawn(
      main_context,
      [&]() -> net::Task<void> {
        outcome = co_await application.workspaces->adopt();
        if (outcome) begin_division(application);
        if (outcome) outcome = announce(application, (*listener)->port());
        if (outcome) {
          tasks.spawn(end_expired_access(application.events, system_clock_now));
          tasks.spawn(application.administration_watch->run());
          tasks.spawn((*listener)->accept(application));
          if (preview_listener) tasks.spawn(preview_listener->accept(application));
          using namespace boost::asio::experimental::awaitable_operators;
          auto signal = signals.async_wait(boost::asio::use_awaitable);
          if (!application.config.end_with_input) {
            spdlog::info("ending on signal {}", co_await std::move(signal));
          } else {
            co_await (std::move(signal) || input_ended());
            spdlog::info("ending with who started this server");
          }
          signals.async_wait([](auto error, int) {
            if (!error) std::_Exit(1);
          });  // told twice: at once
        }
        (*listener)->close();
        if (preview_listener) preview_listener->close();
        co_await answer_requests(application);
        if (application.config.end_with_input) co_await stop_all_workspaces(application);
        co_await tasks.shutdown(std::chrono::seconds(1));
        clean = co_await end_everything(application, threads);
        signals.cancel();
        main_context.stop();
      },
      [&](std::exception_ptr error) {
        if (!error) return;
        try {
          std::rethrow_exception(error);
        } catch (const std::exception& end) {
          outcome = failure(ErrorCode::internal, std::string("berthd can't go on: ") + end.what());
        }
        main_context.stop();
      });
  for (std::size_t i = 1; i < threads.size(); ++i) threads[i]->run_in_background();
  net::run_expecting(main_context);
  for (std::size_t i = 1; i < threads.size(); ++i) threads[i]->join();
  if (!clean) {
    // Something still hangs on a peer; what it holds may not be taken apart under it, and everything durable
    // is stored.
    spdlog::warn("sessions did not end in time");
    spdlog::shutdown();
    std::_Exit(0);
  }
  return outcome;
}

}  // namespace berth::server
