// SPDX-License-Identifier: GPL-3.0-or-later
// Storing a home: snapshots by a real runner over the server's role.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <random>

#include "sync_peer.hpp"

namespace berth::test {
namespace {

using namespace protocol;
namespace fs = std::filesystem;

std::string stored_text(const Objects& objects, const SyncSnapshot::Result& snapshot,
                        const std::string& path) {
  const auto entries = entries_of(objects, root_of(snapshot));
  const auto found = entries.find(path);
  return found == entries.end() ? "<absent>" : bytes_of(objects, found->second);
}

TEST(RunnerSync, a_snapshot_holds_what_lies_in_the_home) {
  RunnerProcess runner;
  runner.write_file("project/main.py", "print(1)\n");
  runner.write_file("project/empty", "");
  fs::create_directory(runner.home() / "project/nothing");
  fs::create_symlink("../elsewhere", runner.home() / "project/link");
  ::chmod((runner.home() / "project/main.py").c_str(), 0754);
  ASSERT_EQ(::mkfifo((runner.home() / "project/pipe").c_str(), 0600), 0);
  SyncPeer peer(runner);
  Objects objects;
  const auto snapshot = peer.store(objects);
  const auto entries = entries_of(objects, root_of(snapshot));
  EXPECT_EQ(bytes_of(objects, entries.at("project/main.py")), "print(1)\n");
  EXPECT_EQ(entries.at("project/main.py").entry.mode, 0754u);
  EXPECT_EQ(bytes_of(objects, entries.at("project/empty")), "");
  EXPECT_EQ(entries.at("project/nothing").entry.type, TreeEntryType::directory);
  EXPECT_EQ(entries.at("project/link").entry.target, "../elsewhere");
  EXPECT_FALSE(entries.contains("project/pipe"));
  EXPECT_EQ(snapshot.files, 3u);  // with .bash_profile
  EXPECT_EQ(snapshot.directories, 2u);
  EXPECT_EQ(snapshot.problem_count, 0u);
}

TEST(RunnerSync, a_change_by_a_shell_is_noticed_and_costs_what_changed) {
  RunnerProcess runner;
  for (int i = 0; i < 200; ++i)
    runner.write_file("project/part" + std::to_string(i % 10) + "/file" + std::to_string(i),
                      std::to_string(i));
  SyncPeer peer(runner);
  Objects objects;
  const auto first = peer.store(objects);
  RunnerClient person(runner);
  TestTerminal shell(person, std::string("cd part3 && echo more > new.txt && echo 'do''ne'"));
  ASSERT_TRUE(shell.see("done"));
  (void)peer.wait_past(first.change);
  peer.fetched = 0;
  const auto second = peer.store(objects);
  EXPECT_EQ(stored_text(objects, second, "project/part3/new.txt"), "more\n");
  EXPECT_EQ(second.files, first.files + 1);
  // The file's chunk and the trees on its path.
  EXPECT_EQ(peer.fetched, 4u);
}

TEST(RunnerSync, a_change_counts_soon_and_waiting_ends_with_its_timeout) {
  RunnerProcess runner;
  SyncPeer peer(runner);
  Objects objects;
  const auto first = peer.store(objects);
  const auto still = peer.client.must<SyncWait>({first.change, 120});
  EXPECT_EQ(still.change, first.change);
  const auto id = peer.client.send_request(SyncWait::method, encode(SyncWait::Params{first.change, 20000}));
  runner.write_file("project/now", "x");
  const auto began = std::chrono::steady_clock::now();
  const auto reply = peer.client.wait_for_reply(id);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_GT(decode<SyncWait::Result>(*reply, "")->change, first.change);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 15s) << "it waited for its end";
}

TEST(RunnerSync, a_directory_that_was_moved_or_replaced_is_stored_as_it_is) {
  RunnerProcess runner;
  runner.write_file("project/a/sub/one", "from a");
  runner.write_file("project/b/sub/one", "from b!");
  SyncPeer peer(runner);
  Objects objects;
  auto last = peer.store(objects);
  fs::rename(runner.home() / "project/a", runner.home() / "project/c");
  fs::rename(runner.home() / "project/b", runner.home() / "project/a");
  (void)peer.wait_past(last.change);
  last = peer.store(objects);
  EXPECT_EQ(stored_text(objects, last, "project/a/sub/one"), "from b!");
  EXPECT_EQ(stored_text(objects, last, "project/c/sub/one"), "from a");
  EXPECT_EQ(stored_text(objects, last, "project/b/sub/one"), "<absent>");
  // What was moved is watched where it is now.
  runner.write_file("project/c/sub/one", "changed in c");
  (void)peer.wait_past(last.change);
  last = peer.store(objects);
  EXPECT_EQ(stored_text(objects, last, "project/c/sub/one"), "changed in c");
}

TEST(RunnerSync, a_byte_in_100_MB_costs_a_few_objects) {
  RunnerProcess runner;
  auto bytes = random_bytes(100u << 20, 7);
  runner.write_file("project/big.bin", bytes);
  SyncPeer peer(runner);
  Objects objects;
  const auto first = peer.store(objects);
  EXPECT_EQ(stored_text(objects, first, "project/big.bin") == bytes, true);
  peer.say_stored(first, "v1");
  bytes[50u << 20] = static_cast<char>(bytes[50u << 20] + 1);
  {
    std::fstream file(runner.home() / "project/big.bin", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(50u << 20);
    file.put(bytes[50u << 20]);
  }
  (void)peer.wait_past(first.change);
  peer.fetched = 0;
  peer.fetched_bytes = 0;
  const auto second = peer.store(objects);
  EXPECT_EQ(stored_text(objects, second, "project/big.bin") == bytes, true);
  EXPECT_LE(peer.fetched, 6u);  // a chunk or two, the list, the trees
  EXPECT_LE(peer.fetched_bytes, 1u << 20);
}

TEST(RunnerSync, what_is_ignored_is_left_out_and_comes_back_with_other_rules) {
  RunnerProcess runner;
  runner.write_file(".berthignore", "*.log\n/project/build/\n");
  runner.write_file("project/a.log", "x");
  runner.write_file("project/build/out", "x");
  runner.write_file("project/node_modules/left/index.js", "x");
  runner.write_file(".cache/big", "x");
  SyncPeer peer(runner);
  Objects objects;
  auto last = peer.store(objects);
  auto entries = entries_of(objects, root_of(last));
  EXPECT_FALSE(entries.contains("project/a.log"));
  EXPECT_FALSE(entries.contains("project/build"));
  EXPECT_FALSE(entries.contains(".cache"));
  EXPECT_TRUE(entries.contains("project/node_modules/left/index.js"));
  // Nothing that is left out counts as a change.
  runner.write_file("project/a.log", "more");
  runner.write_file(".cache/big", "more");
  EXPECT_EQ(peer.client.must<SyncWait>({last.change, 400}).change, last.change);
  runner.write_file(".berthignore", "!/.cache/\n");
  (void)peer.wait_past(last.change);
  last = peer.store(objects);
  EXPECT_EQ(stored_text(objects, last, "project/a.log"), "more");
  EXPECT_EQ(stored_text(objects, last, ".cache/big"), "more");
}

TEST(RunnerSync, what_can_not_be_read_is_named_and_the_rest_is_stored) {
  if (::getuid() != 0) GTEST_FAIL() << "runs as root, to make a person of another uid";
  RunnerOptions options;
  options.person_uid = 4321;
  options.runner_uid = 4321;
  RunnerProcess runner(options);
  runner.write_file("project/secret", "of somebody else");
  runner.write_file("project/open", "readable");
  fs::create_directory(runner.home() / "project/locked");
  ::chmod((runner.home() / "project/secret").c_str(), 0);
  ::chmod((runner.home() / "project/locked").c_str(), 0700);
  SyncPeer peer(runner);
  Objects objects;
  const auto snapshot = peer.store(objects);
  EXPECT_EQ(stored_text(objects, snapshot, "project/open"), "readable");
  EXPECT_EQ(snapshot.problem_count, 2u);
  std::set<std::string> named;
  for (const auto& problem : snapshot.problems) named.insert(problem.path);
  EXPECT_EQ(named, (std::set<std::string>{"project/secret", "project/locked"}));
  // Once it may be read nothing is missing any more.
  ::chmod((runner.home() / "project/secret").c_str(), 0644);
  ::chmod((runner.home() / "project/locked").c_str(), 0755);
  (void)peer.wait_past(snapshot.change);
  const auto after = peer.store(objects);
  EXPECT_EQ(after.problem_count, 0u);
  EXPECT_EQ(stored_text(objects, after, "project/secret"), "of somebody else");
}

TEST(RunnerSync, windows_hear_what_is_stored) {
  RunnerProcess runner;
  runner.write_file("project/main.py", "1\n");
  SyncPeer peer(runner);
  RunnerClient person(runner);
  const auto progress = [&](StorageProgress wanted) {
    return person.wait_for<WorkspaceStorage>([=](const auto& params) { return params.progress == wanted; });
  };
  ASSERT_TRUE(progress(StorageProgress::storing));
  const auto document = person.must<DocumentOpen>({"project/main.py", {}, {}, {}});
  Objects objects;
  const auto first = peer.store(objects);
  peer.say_stored(first, "v1");
  const auto stored = progress(StorageProgress::stored);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->version, "v1");
  person.forget_notifications();
  const auto edited = person.must<DocumentEdit>(
      {document.document, document.version, "op-1", TextOperation::difference("1\n", "12\n")});
  (void)person.must<DocumentSave>({document.document});
  ASSERT_TRUE(progress(StorageProgress::storing));
  (void)peer.wait_past(first.change);
  const auto snapshot = peer.store(objects);
  EXPECT_EQ(stored_text(objects, snapshot, "project/main.py"), "12\n");
  peer.say_stored(snapshot, "v2");
  EXPECT_TRUE(person.wait_for<DocumentState>(
      [&](const auto& state) { return state.stored_version == edited.version; }));
  (void)peer.client.must<SyncProblem>({"The store does not answer."});
  const auto waiting = progress(StorageProgress::waiting);
  ASSERT_TRUE(waiting);
  EXPECT_EQ(waiting->problem, "The store does not answer.");
  RunnerClient later(runner);
  EXPECT_TRUE(later.wait_for<WorkspaceStorage>(
      [](const auto& params) { return params.progress == StorageProgress::waiting; }));
}

TEST(RunnerSync, a_restart_knows_what_was_stored_and_offered) {
  RunnerProcess runner;
  runner.write_file("project/big", random_bytes(5u << 20, 1));
  Objects objects;
  SyncSnapshot::Result first, second;
  {
    SyncPeer peer(runner);
    EXPECT_FALSE(peer.client.must<SyncState>({}).version);
    first = peer.store(objects);
    peer.say_stored(first, "v1");
    runner.write_file("project/more", "x");
    (void)peer.wait_past(first.change);
    second = peer.store(objects);
  }
  runner.crash();
  runner.start();
  SyncPeer peer(runner);
  const auto state = peer.client.must<SyncState>({});
  EXPECT_EQ(state.version, "v1");
  EXPECT_EQ(state.root, first.root);
  EXPECT_EQ(state.offered, second.root);
  EXPECT_FALSE(state.restoring);
  peer.fetched = 0;
  EXPECT_EQ(peer.store(objects).root, second.root);
  EXPECT_EQ(peer.fetched, 0u);
}

TEST(RunnerSync, a_damaged_index_costs_reading_again_and_nothing_else) {
  RunnerProcess runner;
  for (int i = 0; i < 50; ++i) runner.write_file("project/d" + std::to_string(i) + "/f", std::to_string(i));
  Objects objects;
  std::string root;
  {
    SyncPeer peer(runner);
    root = peer.store(objects).root;
  }
  EXPECT_EQ(runner.stop(), 0);
  const auto index = runner.home().parent_path() / "state/home.index";
  {
    std::fstream file(index, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(fs::file_size(index) / 2));
    file << "damage";
  }
  runner.start();
  SyncPeer peer(runner);
  EXPECT_EQ(peer.store(objects).root, root);
}

TEST(RunnerSync, without_watches_changes_are_found_by_looking) {
  RunnerOptions options;
  options.inotify_watches = 3;
  RunnerProcess runner(options);
  for (int i = 0; i < 10; ++i) runner.write_file("project/d" + std::to_string(i) + "/f", "x");
  SyncPeer peer(runner);
  RunnerClient person(runner);
  Objects objects;
  const auto first = peer.store(objects);
  EXPECT_TRUE(
      person.wait_for<SessionNotice>([](const auto& notice) { return notice.kind == NoticeKind::resource; }));
  runner.write_file("project/d9/f", "another");
  const auto id = peer.client.send_request(SyncWait::method, encode(SyncWait::Params{first.change, 30000}));
  ASSERT_TRUE(peer.client.wait_for_reply(id, 25s));
  EXPECT_EQ(stored_text(objects, peer.store(objects), "project/d9/f"), "another");
}

TEST(RunnerSync, a_file_that_changes_all_the_time_is_named_and_does_not_block_the_rest) {
  RunnerProcess runner;
  runner.write_file("project/calm", "calm");
  runner.write_file("project/hot", random_bytes(32u << 20, 3));
  RunnerClient person(runner);
  TestTerminal writer(person, std::string("echo go; while :; do printf x >> hot; done"));
  ASSERT_TRUE(writer.see("go"));
  SyncPeer peer(runner);
  Objects objects;
  const auto snapshot = peer.store(objects);
  EXPECT_EQ(stored_text(objects, snapshot, "project/calm"), "calm");
  ASSERT_EQ(snapshot.problem_count, 1u);
  EXPECT_EQ(snapshot.problems[0].path, "project/hot");
  // Once it is quiet it is stored although nothing else happens.
  (void)person.must<TerminalClose>({writer.id});
  auto last = snapshot;
  const auto patience = std::chrono::steady_clock::now() + 180s;  // each look reads the 32 MiB again
  while (last.problem_count != 0 && std::chrono::steady_clock::now() < patience) {
    const auto change = peer.client.must<SyncWait>({last.change, 5000}).change;
    if (change != last.change) last = peer.store(objects);
  }
  EXPECT_EQ(last.problem_count, 0u);
  EXPECT_EQ(stored_text(objects, last, "project/hot") == runner.read_file("project/hot"), true);
}

TEST(RunnerSync, requests_are_the_servers_alone_and_odd_ones_are_refused) {
  RunnerProcess runner;
  RunnerClient owner(runner);
  EXPECT_EQ(owner.call<SyncState>({}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(owner.call<RestoreBegin>({"v1", ""}).error().code, ErrorCode::permission_denied);
  EXPECT_EQ(owner.call<ImportBegin>({"https://example.org/x", "", ""}).error().code,
            ErrorCode::permission_denied);
  SyncPeer peer(runner);
  const std::string id(64, 'a');
  EXPECT_EQ(peer.client.call<SyncObjects>({{id}, 1}).error().code, ErrorCode::conflict);
  Objects objects;
  (void)peer.store(objects);
  EXPECT_EQ(peer.client.call<SyncObjects>({{}, 1}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(peer.client.call<SyncObjects>({{"../x"}, 1}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(peer.client.call<SyncStored>({"x", "v", 1, 1}).error().code, ErrorCode::invalid_argument);
  // An object that no snapshot has is gone.
  const auto channel = peer.client.must<SyncObjects>({{id}, 1000}).channel;
  ASSERT_TRUE(peer.client.wait([&] { return peer.client.channel(channel).ended; }));
  ObjectReader reader;
  reader.append(peer.client.channel(channel).bytes);
  EXPECT_TRUE((**reader.next()).gone);
}

}  // namespace
}  // namespace berth::test
