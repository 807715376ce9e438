// SPDX-License-Identifier: GPL-3.0-or-later
// Bringing versions back: real runners over the server's role.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <random>

#include "sync_peer.hpp"

namespace berth::test {
namespace {

using namespace protocol;
namespace fs = std::filesystem;

/// Everything that a version promises to keep, by path.
std::map<std::string, std::string> picture_of(const fs::path& home) {
  std::map<std::string, std::string> picture;
  for (const auto& entry : fs::recursive_directory_iterator(home)) {
    struct stat status{};
    ::lstat(entry.path().c_str(), &status);
    const auto path = entry.path().string().substr(home.string().size() + 1);
    if (path.starts_with(".cache")) continue;
    std::string text = std::to_string(status.st_mode) + " " + std::to_string(status.st_mtim.tv_sec) + "." +
                       std::to_string(status.st_mtim.tv_nsec);
    if (S_ISLNK(status.st_mode)) text += " -> " + fs::read_symlink(entry.path()).string();
    if (S_ISREG(status.st_mode)) {
      std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
      std::ifstream(entry.path(), std::ios::binary).read(bytes.data(), status.st_size);
      text += " " + std::to_string(bytes.size()) + " " + ObjectId::of(bytes).hex();
    }
    picture[path] = text;
  }
  return picture;
}

void make_empty(const RunnerProcess& runner) {
  for (const auto& entry : fs::directory_iterator(runner.home())) fs::remove_all(entry.path());
}

void make_odd_tree(const RunnerProcess& runner) {
  const auto& home = runner.home();
  runner.write_file("project/main.py", "print(1)\n");
  runner.write_file("project/empty", "");
  for (const auto* name : {"project/twin", "project/other twin"}) runner.write_file(name, "the same\n");
  runner.write_file("project/with space & 'quotes' \n", "odd");
  runner.write_file("project/\xff\xfe no text", "not UTF-8");
  runner.write_file("project/caf\xc3\xa9/\xe2\x98\x83.txt", "snow");
  runner.write_file(std::string("project/") + std::string(255, 'n'), "a long name");
  runner.write_file("project/big.bin", random_bytes(5u << 20, 11));
  fs::create_directories(home / "project/empty directory");
  fs::create_directories(home / "project/read-only/inner");
  runner.write_file("project/read-only/inner/file", "still here");
  fs::create_symlink("main.py", home / "project/link");
  fs::create_symlink("/nowhere/at all", home / "project/dangling");
  fs::create_symlink("\xff target", home / "project/odd target");
  fs::create_hard_link(home / "project/main.py", home / "project/hard link");
  ::chmod((home / "project/main.py").c_str(), 0640);
  ::chmod((home / "project/empty").c_str(), 04755);
  std::ofstream(home / "project/sparse").close();
  fs::resize_file(home / "project/sparse", 40u << 20);
  {
    std::fstream sparse(home / "project/sparse", std::ios::in | std::ios::out | std::ios::binary);
    sparse.seekp(20u << 20);
    sparse << "in the middle";
  }
  const timespec old[2] = {{1000000000, 123456789}, {1000000000, 123456789}};
  ::utimensat(AT_FDCWD, (home / "project/main.py").c_str(), old, 0);
  ::utimensat(AT_FDCWD, (home / "project/link").c_str(), old, AT_SYMLINK_NOFOLLOW);
  ::utimensat(AT_FDCWD, (home / "project/read-only/inner").c_str(), old, 0);
  ::chmod((home / "project/read-only/inner").c_str(), 0555);
  ::chmod((home / "project/read-only").c_str(), 0555);
}

TEST(RunnerRestore, a_home_comes_back_bit_for_bit_on_another_machine) {
  RunnerProcess first, second;
  make_odd_tree(first);
  Objects objects;
  SyncPeer from(first), to(second);
  const auto snapshot = from.store(objects);
  EXPECT_EQ(snapshot.problem_count, 0u);
  make_empty(second);
  EXPECT_TRUE(to.restore(objects, root_of(snapshot), "v1").empty());
  EXPECT_EQ(picture_of(second.home()), picture_of(first.home()));
  struct stat status{};
  ASSERT_EQ(::stat((second.home() / "project/sparse").c_str(), &status), 0);
  EXPECT_LT(status.st_blocks * 512, 8 << 20) << "holes stay holes";
  const auto state = to.client.must<SyncState>({});
  EXPECT_EQ(state.version, "v1");
  EXPECT_FALSE(state.restoring);
  // And it is the same version to whoever looks.
  EXPECT_EQ(to.store(objects).root, snapshot.root);
}

TEST(RunnerRestore, ten_thousand_small_files_and_a_large_one) {
  RunnerProcess first, second;
  for (int i = 0; i < 10000; ++i)
    first.write_file("project/node_modules/p" + std::to_string(i / 25) + "/f" + std::to_string(i) + ".js",
                     "module.exports = " + std::to_string(i) + "\n");
  first.write_file("project/large", random_bytes(100u << 20, 5));
  Objects objects;
  SyncPeer from(first), to(second);
  const auto snapshot = from.store(objects);
  make_empty(second);
  EXPECT_TRUE(to.restore(objects, root_of(snapshot), "v1").empty());
  EXPECT_EQ(picture_of(second.home()), picture_of(first.home()));
}

TEST(RunnerRestore, only_what_differs_is_sent_and_what_is_new_goes_to_the_trash) {
  RunnerProcess runner;
  runner.write_file("project/same", random_bytes(1u << 20, 1));
  auto bytes = random_bytes(8u << 20, 2);
  runner.write_file("project/changed", bytes);
  runner.write_file("project/deleted", "bring me back");
  runner.write_file("project/rotated.1", random_bytes(300000, 3));
  runner.write_file("project/rotated.2", random_bytes(300000, 4));
  runner.write_file(".berthignore", "*.log\n");
  runner.write_file("project/kept.log", "never stored, never removed");
  Objects objects;
  SyncPeer peer(runner);
  const auto wanted = peer.store(objects);
  const auto before = picture_of(runner.home());

  bytes[4u << 20] = static_cast<char>(bytes[4u << 20] + 1);
  runner.write_file("project/changed", bytes);
  fs::remove(runner.home() / "project/deleted");
  fs::rename(runner.home() / "project/rotated.2", runner.home() / "project/rotated.3");
  fs::rename(runner.home() / "project/rotated.1", runner.home() / "project/rotated.2");
  runner.write_file("project/new/file", "made since");
  (void)peer.wait_past(wanted.change);
  (void)peer.store(objects);
  peer.sent = 0;
  EXPECT_TRUE(peer.restore(objects, root_of(wanted), "v1").empty());
  EXPECT_LE(peer.sent, 3u);  // the chunk that differs (or two), the deleted file
  auto after = picture_of(runner.home());
  std::erase_if(after, [](const auto& entry) { return entry.first.starts_with(".local"); });
  // Directories' times were set at the end.
  EXPECT_EQ(after, before);
  EXPECT_EQ(runner.read_file(".local/share/Trash/files/new/file"), "made since");
  EXPECT_EQ(runner.read_file("project/kept.log"), "never stored, never removed");
}

TEST(RunnerRestore, a_folder_alone_comes_back_and_open_documents_follow) {
  RunnerProcess runner;
  runner.write_file("project/src/main.py", "old\n");
  runner.write_file("project/other.py", "old\n");
  Objects objects;
  SyncPeer peer(runner);
  const auto wanted = peer.store(objects);
  peer.say_stored(wanted, "v1");
  runner.write_file("project/src/main.py", "newer\n");
  runner.write_file("project/other.py", "newer\n");
  RunnerClient person(runner);
  const auto document = person.must<DocumentOpen>({"project/src/main.py", {}, {}, {}});
  EXPECT_EQ(document.text, "newer\n");
  EXPECT_TRUE(peer.restore(objects, root_of(wanted), "v1", "project/src").empty());
  EXPECT_EQ(runner.read_file("project/src/main.py"), "old\n");
  EXPECT_EQ(runner.read_file("project/other.py"), "newer\n");
  EXPECT_TRUE(person.wait_for<DocumentChanged>(
      [&](const auto& change) { return change.document == document.document && change.origin == "disk"; }));
  // A part is no version.
  EXPECT_EQ(peer.client.must<SyncState>({}).root, wanted.root);
}

TEST(RunnerRestore, a_folder_a_file_and_a_link_may_change_places) {
  RunnerProcess runner;
  runner.write_file("project/a/inside", "a folder");
  runner.write_file("project/b", "a file");
  fs::create_symlink("b", runner.home() / "project/c");
  Objects objects;
  SyncPeer peer(runner);
  const auto wanted = peer.store(objects);
  const auto before = picture_of(runner.home());
  for (const char* name : {"a", "b", "c"}) fs::remove_all(runner.home() / "project" / name);
  runner.write_file("project/outside/inside", "must stay as it is");
  fs::create_symlink("outside", runner.home() / "project/a");
  runner.write_file("project/b/was", "a folder now");
  runner.write_file("project/c", "a file now");
  EXPECT_TRUE(peer.restore(objects, root_of(wanted), "v1").empty());
  auto after = picture_of(runner.home());
  std::erase_if(after, [](const auto& entry) { return entry.first.starts_with(".local"); });
  EXPECT_EQ(after, before);
  EXPECT_EQ(runner.read_file(".local/share/Trash/files/outside/inside"), "must stay as it is");
  EXPECT_EQ(runner.read_file(".local/share/Trash/files/b/was"), "a folder now");
}

TEST(RunnerRestore, a_damaged_or_missing_chunk_costs_its_file_alone) {
  RunnerProcess runner;
  runner.write_file("project/good", random_bytes(200000, 1));
  runner.write_file("project/damaged", random_bytes(200000, 2));
  runner.write_file("project/missing", random_bytes(200000, 3));
  Objects objects;
  SyncPeer peer(runner);
  const auto wanted = peer.store(objects);
  const auto entries = entries_of(objects, root_of(wanted));
  auto stored = objects;
  stored[entries.at("project/damaged").chunks[0]][1000] ^= 1;
  stored.erase(entries.at("project/missing").chunks[0]);
  const auto good = runner.read_file("project/good");
  for (const char* name : {"good", "damaged", "missing"})
    runner.write_file(std::string("project/") + name, "now");
  std::set<std::string> named;
  for (const auto& problem : peer.restore(stored, root_of(wanted), "v1")) named.insert(problem.path);
  EXPECT_EQ(named, (std::set<std::string>{"project/damaged", "project/missing"}));
  EXPECT_EQ(runner.read_file("project/good") == good, true);
  EXPECT_EQ(runner.read_file("project/missing"), "now") << "what was there stays";
  // The chunk that came damaged is asked for again.
  EXPECT_TRUE(peer.restore(objects, root_of(wanted), "v1").empty());
  EXPECT_EQ(runner.read_file("project/damaged") == bytes_of(objects, entries.at("project/damaged")), true);
}

std::vector<RestoreEntry> page_of(const Objects& objects, const ObjectId& root) {
  std::vector<RestoreEntry> page;
  for (const auto& [path, entry] : entries_of(objects, root)) page.push_back(restore_entry(path, entry));
  return page;
}

TEST(RunnerRestore, a_killed_runner_goes_on_and_little_is_sent_twice) {
  RunnerProcess first, second;
  for (int i = 0; i < 150; ++i)
    first.write_file("project/f" + std::to_string(i), random_bytes(20000, static_cast<unsigned>(i)));
  first.write_file("project/large", random_bytes(20u << 20, 1000));
  Objects objects;
  SyncPeer from(first);
  const auto wanted = from.store(objects);
  make_empty(second);
  auto small = page_of(objects, root_of(wanted));
  std::vector<RestoreEntry> large;
  std::erase_if(small, [&](const auto& entry) {
    if (entry.path == "project/large") large.push_back(entry);
    return entry.path == "project/large";
  });
  {
    SyncPeer to(second);
    (void)to.client.must<RestoreBegin>({"v1", ""});
    (void)to.send_page(objects, small);
    EXPECT_TRUE(to.client.must<RestoreWrite>({}).problems.empty());
    // These have arrived and are in no file yet, for one is missing.
    auto needed = to.client.must<RestoreEntries>({large}).needed;
    ASSERT_GT(needed.size(), 80u);
    needed.pop_back();
    to.send_chunks(objects, needed);
    const auto arrived = second.home().parent_path() / "state/incoming/chunks";
    ASSERT_TRUE(to.client.wait([&] { return fs::file_size(arrived) >= 15u << 20; }));
    EXPECT_FALSE(fs::exists(second.home() / "project/large"));
    EXPECT_EQ(to.client.call<SyncSnapshot>({}).error().code, ErrorCode::conflict);
  }
  second.crash();
  second.start();
  SyncPeer to(second);
  const auto state = to.client.must<SyncState>({});
  EXPECT_EQ(state.restoring, "v1");
  EXPECT_FALSE(state.version);
  EXPECT_EQ(to.client.call<SyncSnapshot>({}).error().code, ErrorCode::conflict) << "storing rests";
  EXPECT_TRUE(to.restore(objects, root_of(wanted), "v1").empty());
  EXPECT_LE(to.sent, large[0].chunks.size() / 2) << "only what was held in memory is lost with the runner";
  EXPECT_EQ(picture_of(second.home()), picture_of(first.home()));
  EXPECT_FALSE(to.client.must<SyncState>({}).restoring);
  EXPECT_EQ(to.store(objects).root, wanted.root);
}

TEST(RunnerRestore, a_file_is_in_place_with_its_last_chunk_while_other_pages_wait_for_theirs) {
  RunnerProcess first, second;
  first.write_file("project/a", random_bytes(30000, 1));
  first.write_file("project/b", random_bytes(30000, 2));
  first.write_file("project/same as b", random_bytes(30000, 2));
  Objects objects;
  SyncPeer from(first);
  const auto wanted = from.store(objects);
  make_empty(second);
  auto folders = page_of(objects, root_of(wanted));
  std::map<std::string, RestoreEntry> files;
  std::erase_if(folders, [&](const auto& entry) {
    return entry.type == "file" && files.emplace(entry.path, entry).second;
  });
  SyncPeer to(second);
  (void)to.client.must<RestoreBegin>({"v1", ""});
  EXPECT_TRUE(to.client.must<RestoreEntries>({folders}).needed.empty());
  EXPECT_FALSE(to.client.must<RestoreEntries>({{files.at("project/a")}}).needed.empty());
  const auto next_needed = to.client.must<RestoreEntries>({{files.at("project/b")}}).needed;
  const auto last_needed = to.client.must<RestoreEntries>({{files.at("project/same as b")}}).needed;
  EXPECT_EQ(next_needed, last_needed) << "what was asked for and has not come is asked for again";
  to.send_chunks(objects, next_needed);
  ASSERT_TRUE(to.client.wait([&] { return fs::exists(second.home() / "project/same as b"); }));
  EXPECT_TRUE(fs::exists(second.home() / "project/b"));
  EXPECT_FALSE(fs::exists(second.home() / "project/a"));
  to.send_chunks(objects, last_needed);  // nobody waits for it any more
  EXPECT_EQ(to.client.call<RestoreEnd>({"v1", wanted.root, true}).error().code, ErrorCode::conflict);
  const auto written = to.client.must<RestoreWrite>({}).problems;
  ASSERT_EQ(written.size(), 1u);
  EXPECT_EQ(written[0].path, "project/a") << "its chunk did not come before the write";
  EXPECT_TRUE(to.client.must<RestoreWrite>({}).problems.empty());
  EXPECT_TRUE(to.restore(objects, root_of(wanted), "v1").empty());
  EXPECT_EQ(to.client.must<SyncState>({}).root, wanted.root);
  EXPECT_EQ(picture_of(second.home()), picture_of(first.home()));
}

/// A page of one file, of which the home has all chunks but the last: that one is asked for.
struct PartlyHere {
  PartlyHere() : peer(runner), bytes(random_bytes(3u << 20, 21)) {
    runner.write_file("project/file", bytes);
    wanted = peer.store(objects);
    for (auto& entry : page_of(objects, root_of(wanted)))
      if (entry.path == "project/file") page.push_back(std::move(entry));
    auto other = bytes;
    other.back() = static_cast<char>(other.back() + 1);
    runner.write_file("project/file", other);
    (void)peer.client.must<RestoreBegin>({"v1", ""});
    needed = peer.client.must<RestoreEntries>({page}).needed;
  }
  RunnerProcess runner;
  SyncPeer peer;
  const std::string bytes;
  Objects objects;
  SyncSnapshot::Result wanted;
  std::vector<RestoreEntry> page;
  std::vector<std::string> needed;
};

TEST(RunnerRestore, a_part_whose_file_changes_meanwhile_is_asked_for_with_the_next_page) {
  PartlyHere part;
  ASSERT_EQ(part.needed, std::vector<std::string>{part.page[0].chunks.back()});
  part.runner.write_file("project/file", "written by a program");
  part.peer.send_chunks(part.objects, part.needed);
  std::vector<std::string> lost;
  ASSERT_TRUE(part.peer.client.wait([&] {
    lost = part.peer.client.must<RestoreEntries>({{}}).needed;
    return !lost.empty();
  }));
  EXPECT_EQ(std::set<std::string>(lost.begin(), lost.end()),
            std::set<std::string>(part.page[0].chunks.begin(), part.page[0].chunks.end() - 1));
  EXPECT_EQ(part.runner.read_file("project/file"), "written by a program");
  part.peer.send_chunks(part.objects, lost);
  EXPECT_TRUE(part.peer.client.wait([&] { return part.runner.read_file("project/file") == part.bytes; }));
  EXPECT_TRUE(part.peer.client.must<RestoreWrite>({}).problems.empty());
}

TEST(RunnerRestore, a_part_whose_file_changes_before_the_write_is_not_said_to_be_missing_in_the_store) {
  PartlyHere part;
  ASSERT_EQ(part.needed.size(), 1u);
  part.runner.write_file("project/file", "written by a program");
  part.peer.send_chunks(part.objects, part.needed);
  const auto problems = part.peer.client.must<RestoreWrite>({}).problems;
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].path, "project/file");
  EXPECT_EQ(problems[0].reason, "A file that held a part of it was changed meanwhile: restore it once more.");
  EXPECT_TRUE(part.peer.restore(part.objects, root_of(part.wanted), "v1").empty());
  EXPECT_EQ(part.runner.read_file("project/file") == part.bytes, true);
}

TEST(RunnerRestore, hostile_entries_are_refused_by_path) {
  RunnerProcess runner;
  const auto outside = runner.home().parent_path() / "outside";
  fs::create_directory(outside);
  fs::create_symlink(outside, runner.home() / "project/way out");
  SyncPeer peer(runner);
  EXPECT_EQ(peer.client.call<RestoreEntries>({{}}).error().code, ErrorCode::conflict);
  EXPECT_EQ(peer.client.call<RestoreWrite>({}).error().code, ErrorCode::conflict);
  EXPECT_EQ(peer.client.call<RestoreBegin>({"v1", "../x"}).error().code, ErrorCode::permission_denied);
  (void)peer.client.must<RestoreBegin>({"v1", ""});
  const std::string text = "owned";
  Objects objects{{ObjectId::of(text), text}};
  const auto entry = [&](const std::string& path, const std::string& type = "file") {
    RestoreEntry out{path, "", type, 0644, 0, 0, {}, "", {}, {}};
    if (type == "file") {
      out.size = text.size();
      out.chunks = {ObjectId::of(text).hex()};
    }
    return out;
  };
  auto bad_mode = entry("project/mode");
  bad_mode.mode = 0100000;
  auto bad_chunk = entry("project/chunk");
  bad_chunk.chunks = {"../../etc/passwd"};
  auto bad_size = entry("project/size");
  bad_size.size = 1u << 30;
  auto hidden = entry("x");
  hidden.name64 = encode_base64url("../outside/file");
  const std::vector<RestoreEntry> page{entry("../outside/file"),
                                       entry("/etc/berth"),
                                       entry("project/../../outside/file"),
                                       entry("project//file"),
                                       entry("./file"),
                                       entry(""),
                                       entry("project/.berth-write-x"),
                                       entry(std::string("project/") + std::string(256, 'n')),
                                       entry("project/way out/file"),
                                       entry("project/device", "device"),
                                       entry("project/link", "symlink"),
                                       bad_mode,
                                       bad_chunk,
                                       bad_size,
                                       hidden,
                                       entry("project/good")};
  (void)peer.send_page(objects, page);
  const auto problems = peer.client.must<RestoreWrite>({}).problems;
  EXPECT_EQ(problems.size(), page.size() - 1);
  EXPECT_EQ(runner.read_file("project/good"), text);
  EXPECT_TRUE(fs::is_empty(outside));
  std::vector<RestoreEntry> many(2001, entry("project/good"));
  EXPECT_EQ(peer.client.call<RestoreEntries>({many}).error().code, ErrorCode::too_large);
  // What lies outside of the restored path is refused, too.
  (void)peer.client.must<RestoreBegin>({"v1", "project/sub"});
  (void)peer.send_page(objects, {entry("project/other")});
  EXPECT_EQ(peer.client.must<RestoreWrite>({}).problems.size(), 1u);
  EXPECT_FALSE(fs::exists(runner.home() / "project/other"));
}

/// A disk of its own for a home, gone with the test's process at the latest.
class SmallDisk {
 public:
  SmallDisk(const fs::path& home, const std::string& options) : home_(home) {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", home.c_str(), "tmpfs", 0, options.c_str()) != 0)
      throw std::runtime_error(std::string("a small disk: ") + std::strerror(errno));
  }
  ~SmallDisk() { ::umount2(home_.c_str(), MNT_DETACH); }

 private:
  fs::path home_;
};

TEST(RunnerRestore, a_full_disk_is_named_and_tears_nothing) {
  RunnerProcess source, runner;
  source.write_file("project/a small one", "small");
  source.write_file("project/large", random_bytes(20u << 20, 1));
  source.write_file("project/z small one", "small, too");
  Objects objects;
  SyncPeer from(source);
  const auto wanted = from.store(objects);
  EXPECT_EQ(runner.stop(), 0);
  const SmallDisk disk(runner.home(), "size=8m");
  runner.write_file("project/large", "what was there");
  runner.start();
  SyncPeer to(runner);
  const auto problems = to.restore(objects, root_of(wanted), "v1");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].path, "project/large");
  EXPECT_EQ(problems[0].reason, "The disk is full.");
  EXPECT_EQ(runner.read_file("project/large"), "what was there");
  EXPECT_EQ(runner.read_file("project/a small one"), "small");
  EXPECT_EQ(runner.read_file("project/z small one"), "small, too");
  for (const auto& entry : fs::directory_iterator(runner.home() / "project"))
    EXPECT_FALSE(entry.path().filename().string().starts_with(".berth-write-")) << entry.path();
}

TEST(RunnerRestore, a_stream_that_is_none_is_cut_off_and_a_long_list_comes_in_parts) {
  RunnerProcess runner;
  SyncPeer peer(runner);
  (void)peer.client.must<RestoreBegin>({"v1", ""});
  const auto channel = peer.client.must<RestoreObjects>({}).channel;
  peer.client.send_data(channel, 0, std::string(1000, '\xee'));
  EXPECT_TRUE(peer.client.wait([&] { return peer.client.channel(channel).aborted; }));
  const auto bytes = random_bytes(600000, 9);
  Objects objects;
  RestoreEntry entry{"project/parts", "", "file", 0600, 5, bytes.size(), {}, "", {}, {}};
  std::vector<RestoreEntry> page;
  for (std::size_t at = 0; at < bytes.size(); at += 100000) {
    const auto chunk = bytes.substr(at, 100000);
    objects[ObjectId::of(chunk)] = chunk;
    entry.chunks = {ObjectId::of(chunk).hex()};
    entry.more = at + 100000 < bytes.size();
    page.push_back(entry);
  }
  (void)peer.send_page(objects, {page.begin(), page.begin() + 2});
  (void)peer.send_page(objects, {page.begin() + 2, page.end()});
  EXPECT_TRUE(peer.client.must<RestoreWrite>({}).problems.empty());
  EXPECT_EQ(runner.read_file("project/parts") == bytes, true);
}

}  // namespace
}  // namespace berth::test
