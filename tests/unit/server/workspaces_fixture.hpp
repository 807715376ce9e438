// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces over a real SQLite store, with a backend, runners and a clock in the test's hand.
#pragma once

#include "harness.hpp"
#include "server/stores/sqlite_store.hpp"
#include "server/workspaces.hpp"

namespace berth::server::testing {

using protocol::rest::WorkspaceState;

class WorkspacesFixture : public ::testing::Test {
 protected:
  TemporaryFolder folder;
  boost::asio::io_context io;
  boost::asio::thread_pool pool{2};
  HandClock clock;
  SessionEvents events;
  GatedBackend backend;
  FakeRunners runners;
  TemplateCatalog templates{{{.id = "python",
                              .name = "Python",
                              .description = {},
                              .run_command = "python3 main.py",
                              .port = 8000,
                              .open_file = "project/main.py"}}};
  std::unique_ptr<MetadataStore> store = std::move(*open_sqlite_store(folder.path() / "berth.sqlite"));
  Settings settings{store->settings(),
                    {.registration_open = true,
                     .idle_stop_minutes = 30,
                     .maximum_life_minutes = 0,
                     .workspaces_per_account = 4,
                     .running_per_account = 2,
                     .storage_per_account = 0}};
  Workspaces::Options options{.limits = {},
                              .server_key = {},
                              .start_answer = std::chrono::milliseconds(3000),
                              .watch_interval = std::chrono::milliseconds(5),
                              .idle_warning = std::chrono::milliseconds(120'000),
                              .stop_grace_ms = 10};
  std::unique_ptr<Workspaces> workspaces;
  Principal ann{.account = "ann",
                .name = "Ann",
                .email = {},
                .administrator = false,
                .sign_in = "s",
                .expires = 0,
                .by_cookie = false};
  Principal bob{.account = "bob",
                .name = "Bob",
                .email = {},
                .administrator = false,
                .sign_in = "t",
                .expires = 0,
                .by_cookie = false};

  void SetUp() override {
    backend.homes = folder.path() / "homes";
    for (const auto* id : {"ann", "bob"})
      ASSERT_TRUE(store->accounts().insert({.id = id,
                                            .email = std::string(id) + "@example.org",
                                            .name = id,
                                            .password_hash = {},
                                            .administrator = false,
                                            .created = 0},
                                           0));
    open();
  }
  void TearDown() override {
    backend.start_gate.open();
    backend.stop_gate.open();
    close();
    EXPECT_EQ(backend.overlaps, 0) << "two backend calls for one workspace ran at the same time";
  }

  /// A new server process over the same store and backend.
  void open() {
    workspaces = std::make_unique<Workspaces>(io.get_executor(), store->workspaces(), backend, runners,
                                              events, settings, templates, pool, clock, options);
    ASSERT_TRUE(await(io, workspaces->adopt()));
  }
  void close() {
    if (workspaces) await(io, workspaces->shutdown());
    workspaces.reset();
  }
  void reopen() {
    close();
    runners.attached.clear();
    open();
  }

  protocol::rest::Workspace create(bool start = true, const Principal* who = nullptr) {
    auto made = await(io, workspaces->create(who ? *who : ann, {"work", "python", start}));
    if (!made) throw std::runtime_error(made.error().message);
    return *made;
  }
  Result<protocol::rest::Workspace> get(const std::string& id) { return await(io, workspaces->get(ann, id)); }
  std::vector<protocol::rest::Workspace> listed(const Principal& who) {
    auto page = await(io, workspaces->list({.account = who.account}, 100));
    if (!page) throw std::runtime_error(page.error().message);
    return std::move(page->workspaces);
  }
  WorkspaceState state(const std::string& id) {
    auto found = get(id);
    return found ? found->state : WorkspaceState::deleting;
  }
  bool reaches(const std::string& id, WorkspaceState wanted) {
    return run_until(io, [&] { return state(id) == wanted; });
  }
  WorkspaceRecord stored(const std::string& id) {
    const auto records = store->workspaces().list();
    for (const auto& record : *records)
      if (record.id == id) return record;
    return {};
  }
};

}  // namespace berth::server::testing
