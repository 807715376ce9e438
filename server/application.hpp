// SPDX-License-Identifier: GPL-3.0-or-later
// Everything berthd is made of, wired once at start. Parts get references to what they need; only the wiring
// (application.cpp) and the connection loop see the whole.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <string>

#include "server/accounts.hpp"
#include "server/blob_store.hpp"
#include "server/config.hpp"
#include "server/metadata_store.hpp"
#include "server/object_store.hpp"
#include "server/origins.hpp"
#include "server/rate_limiter.hpp"
#include "server/runner_access.hpp"
#include "server/server_keys.hpp"
#include "server/session_events.hpp"
#include "server/settings.hpp"
#include "server/storage_key.hpp"
#include "server/store_figures.hpp"
#include "server/template_catalog.hpp"
#include "server/traffic.hpp"
#include "server/workspace_backend.hpp"
#include "server/workspace_uses.hpp"
#include "server/workspaces.hpp"

namespace berth::server {

class Administration;
class AppSignIn;
class AdministrationWatch;
class AuditLog;
class CollectionSchedule;
class Division;
class EmailLinks;
class GarbageCollection;
class History;
class HttpRoutes;
class Idempotency;
class Imports;
class Mailer;
class Preferences;
class PreviewHandler;
class ProviderAdministration;
class ProviderCatalog;
class ProviderSignIn;
class Replica;
class SharedEvents;
class SignInSecrets;
class PortSharing;
class PublicProjects;
class Sharing;
class StaticFiles;
class StoreScrub;
class SyncEngine;
class Teams;
class UpgradeHandler;

/// Members are made in this order and destroyed in the other.
struct Application {
  Config config;
  std::string preview_host;      // "localhost:7070", never empty
  std::string preview_fallback;  // origin of the path form; "" when off
  ServerKeys keys;
  boost::asio::any_io_executor home;  // of the first I/O thread: state that must live on one thread
  std::unique_ptr<boost::asio::thread_pool> pool;  // blocking work
  std::unique_ptr<MetadataStore> store;
  std::unique_ptr<Replica> replica;    // with PostgreSQL, as the next: one of several servers
  std::unique_ptr<Division> division;  // which workspaces are this one's
  std::unique_ptr<Settings> settings;
  StorageSealing sealing;
  std::unique_ptr<BlobStore> blobs;
  std::unique_ptr<ObjectStore> objects;
  std::unique_ptr<VersionStore> versions;
  std::unique_ptr<GarbageCollection> collection;
  StoreFigures store_figures;
  std::unique_ptr<StoreScrub> scrub;
  std::unique_ptr<CollectionSchedule> schedule;
  SessionEvents events;
  Traffic traffic;
  RateLimiter rates;
  std::unique_ptr<Origins> origins;
  TemplateCatalog templates;
  std::unique_ptr<WorkspaceBackend> backend;
  std::unique_ptr<RunnerAccess> runners;
  std::unique_ptr<SyncEngine> engine;
  std::unique_ptr<WorkspaceFiles> stored_files;  // of stopped workspaces' newest versions
  std::unique_ptr<Accounts> accounts;
  std::unique_ptr<SignInSecrets> sign_in_secrets;
  std::unique_ptr<EmailLinks> email_links;
  std::unique_ptr<Mailer> mailer;  // made before email_links, whose work its thread does
  std::unique_ptr<ProviderCatalog> providers;
  std::unique_ptr<ProviderSignIn> provider_sign_in;
  std::unique_ptr<AppSignIn> app_sign_in;
  std::unique_ptr<Preferences> preferences;
  std::unique_ptr<Idempotency> idempotency;
  std::unique_ptr<WorkspaceUses> uses;
  std::unique_ptr<Workspaces> workspaces;
  std::unique_ptr<AuditLog> audit;
  std::unique_ptr<AdministrationWatch> administration_watch;
  std::unique_ptr<Administration> administration;
  std::unique_ptr<ProviderAdministration> provider_administration;
  std::unique_ptr<History> history;
  std::unique_ptr<Imports> imports;
  std::unique_ptr<Sharing> sharing;
  std::unique_ptr<Teams> teams;
  std::unique_ptr<PortSharing> ports;
  std::unique_ptr<PublicProjects> public_projects;
  std::unique_ptr<UpgradeHandler> gateway;
  std::unique_ptr<PreviewHandler> preview;
  std::unique_ptr<StaticFiles> static_files;
  std::unique_ptr<HttpRoutes> routes;
  std::unique_ptr<SharedEvents> shared_events;  // with PostgreSQL

  Application();
  ~Application();
};

// Each part's factory, defined beside the part. They may keep references to the application's members made
// before them.
std::unique_ptr<RunnerAccess> make_runner_access(Application& application);  // runner_link.cpp
std::unique_ptr<UpgradeHandler> make_gateway(Application& application);      // gateway.cpp
std::unique_ptr<PreviewHandler> make_preview(Application& application);      // preview.cpp
// Backends: backends/backends.hpp.

}  // namespace berth::server
