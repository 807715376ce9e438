// SPDX-License-Identifier: GPL-3.0-or-later
// Programs write to files that people have open and type into: both stay, soon, in every window.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "live_text.hpp"

namespace berth::test {
namespace {

using namespace protocol;
namespace fs = std::filesystem;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

struct DiskChange : testing::Test {
  RunnerProcess runner;

  /// As a program in a terminal does it.
  void run(const std::string& command) const {
    ASSERT_EQ(
        std::system(("cd '" + runner.home().string() + "' && (" + command + ") >/dev/null 2>&1").c_str()), 0)
        << command;
  }
  void make_repository() const {
    run("git init -q -b main . && git config user.name t && git config user.email t@example.org");
  }
  bool holds(RunnerClient& client, const std::string& name, const std::string& bytes) const {
    return client.wait([&] { return runner.read_file(name) == bytes; });
  }
  std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(runner.home()))
      if (const auto name = entry.path().filename().string(); !name.starts_with(".")) names.push_back(name);
    std::ranges::sort(names);
    return names;
  }
};

TEST_F(DiskChange, both_changes_of_a_file_come_together) {
  runner.write_file("a.txt", "one\ntwo\nthree\n");
  RunnerClient first(runner), second(runner);
  LiveText ann(first, "a.txt", "ann"), bea(second, "a.txt", "bea");
  // An edit is not in the file for a moment; another program writes then.
  ann.append("mine\n");
  runner.write_file("a.txt", "one\n2\nthree\n");
  ASSERT_TRUE(holds(first, "a.txt", "one\n2\nthree\nmine\n")) << runner.read_file("a.txt");
  ASSERT_TRUE(first.wait([&] { return ann.text() == "one\n2\nthree\nmine\n"; })) << ann.text();
  ASSERT_TRUE(second.wait([&] { return bea.text() == ann.text(); })) << bea.text();
  EXPECT_EQ(ann.wrong() + bea.wrong(), "");
  ASSERT_TRUE(bea.from_disk());
  EXPECT_LE(bea.from_disk()->operation.runs().size(), 4u) << "the line, not the file";
  EXPECT_THAT(entries(), testing::ElementsAre("a.txt", "project")) << "no copies";
}

TEST_F(DiskChange, arrives_by_a_watch_and_not_by_looking) {
  runner.write_file("a.txt", "0\n");
  RunnerClient client(runner);
  LiveText text(client, "a.txt", "ann");
  std::vector<std::chrono::milliseconds> took;
  for (int i = 1; i <= 20; ++i) {
    // By turns in place and by another file's rename, clean and with something typed; no pause between them.
    if (i % 4 >= 2) text.append("typed\n");
    const auto next = std::to_string(i) + text.text().substr(text.text().find('\n'));
    const auto written = Clock::now();
    if (i % 2 == 0) {
      runner.write_file("a.txt", next);
    } else {
      runner.write_file("a.new", next);
      fs::rename(runner.home() / "a.new", runner.home() / "a.txt");
    }
    ASSERT_TRUE(client.wait([&] { return text.text().starts_with(std::to_string(i) + "\n"); })) << i;
    took.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - written));
  }
  std::ranges::sort(took);
  std::printf("a change on disk was in the window after %lld ms (median), %lld ms (slowest)\n",
              static_cast<long long>(took[took.size() / 2].count()),
              static_cast<long long>(took.back().count()));
  // The median: a busy machine stops everything for a moment now and then.
  EXPECT_LT(took.front(), 200ms);
  EXPECT_LT(took[took.size() / 2], 1s) << "not by looking every three seconds";
  EXPECT_EQ(text.wrong(), "");
}

TEST_F(DiskChange, a_file_that_is_emptied_and_slowly_written_anew_does_not_tear_the_text) {
  std::string long_text;
  for (int i = 0; i < 400; ++i) long_text += "line " + std::to_string(i) + "\n";
  runner.write_file("a.txt", long_text);
  RunnerClient client(runner);
  LiveText text(client, "a.txt", "ann");
  const auto changed = std::string(long_text).replace(0, 4, "LINE");
  runner.write_file("new", changed);
  bool torn = false;
  const auto rewrite = [&] { run("(head -c 2000 new; sleep 0.25; tail -c +2001 new) > a.txt"); };
  std::thread program(rewrite);
  const bool came = client.wait([&] {
    torn |= text.text().size() < long_text.size() / 2;
    return text.text() == changed;
  });
  program.join();
  EXPECT_TRUE(came) << text.text().substr(0, 100);
  EXPECT_FALSE(torn) << "half of the file was taken for all of it";
}

TEST_F(DiskChange, a_formatter_that_read_an_older_text_deletes_nothing_newer) {
  runner.write_file("a.py", "def f( ):\n  return 1\n");
  RunnerClient client(runner);
  LiveText text(client, "a.py", "ann");
  // It reads, somebody types and that is saved, it writes what it made of the older text.
  const auto read = runner.read_file("a.py");
  text.append("# typed meanwhile\n");
  ASSERT_TRUE(text.settle());
  client.must<DocumentSave>({text.opened().document});
  ASSERT_EQ(runner.read_file("a.py"), read + "# typed meanwhile\n");
  runner.write_file("a.py", "def f():\n    return 1\n");
  ASSERT_TRUE(holds(client, "a.py", "def f():\n    return 1\n# typed meanwhile\n"))
      << runner.read_file("a.py");
  ASSERT_TRUE(client.wait([&] { return text.text() == runner.read_file("a.py"); }));
  // It runs again and again, and may have read what it wrote itself before the typed text was back.
  runner.write_file("a.py", "def g():\n    return 1\n");
  ASSERT_TRUE(holds(client, "a.py", "def g():\n    return 1\n# typed meanwhile\n"))
      << runner.read_file("a.py");
  // What comes when no program can be at work any more on a text from before that is meant so.
  (void)client.wait([] { return false; }, 2'500ms);
  runner.write_file("a.py", "def f():\n    return 1\n");
  ASSERT_TRUE(client.wait([&] { return text.text() == "def f():\n    return 1\n"; })) << text.text();
  EXPECT_EQ(runner.read_file("a.py"), "def f():\n    return 1\n");
  EXPECT_EQ(text.wrong(), "");
}

TEST_F(DiskChange, a_program_that_insists_at_once_gets_its_way_in_the_end) {
  const std::string wanted = "one\n";
  runner.write_file("a.txt", wanted);
  RunnerClient client(runner);
  LiveText text(client, "a.txt", "ann");
  text.append(" ");
  ASSERT_TRUE(text.settle());
  client.must<DocumentSave>({text.opened().document});
  int writes = 0;
  for (const auto until = Clock::now() + 20s; text.text() != wanted && Clock::now() < until;) {
    if (runner.read_file("a.txt") != wanted) {
      runner.write_file("a.txt", wanted);
      ++writes;
    }
    (void)client.wait([&] { return text.text() == wanted; }, 10ms);
  }
  EXPECT_EQ(text.text(), wanted) << "after " << writes << " writes";
  EXPECT_GT(writes, 1) << "what was typed is brought back at first";
  EXPECT_EQ(text.wrong(), "");
}

TEST_F(DiskChange, typing_goes_on_while_a_formatter_runs_again_and_again) {
  runner.write_file("a.txt", "start\n");
  RunnerClient client(runner);
  LiveText text(client, "a.txt", "ann");
  std::string typed;
  for (int round = 0; round < 12; ++round) {
    const auto read = runner.read_file("a.txt");
    for (int i = 0; i < 5; ++i) {
      const auto word = "w" + std::to_string(round) + "." + std::to_string(i) + " ";
      typed += word;
      text.append(word);
      (void)client.wait([] { return false; }, 10ms);
    }
    runner.write_file("a.txt", "line " + std::to_string(round) + "\n" + read);
    (void)client.wait([] { return false; }, 30ms);
  }
  ASSERT_TRUE(text.settle()) << text.wrong();
  ASSERT_TRUE(client.wait([&] { return runner.read_file("a.txt") == text.text(); }));
  EXPECT_THAT(text.text(), HasSubstr(typed));
  for (int round = 0; round < 12; ++round)
    EXPECT_THAT(text.text(), HasSubstr("line " + std::to_string(round) + "\n"));
  EXPECT_THAT(entries(), testing::ElementsAre("a.txt", "project")) << "no copies";
}

TEST_F(DiskChange, git_checkout_with_open_and_unsaved_documents) {
  make_repository();
  for (const auto* name : {"clean.txt", "typed.txt", "gone.txt"})
    runner.write_file(name, "one\ntwo\nthree\n");
  run("git add . && git commit -qm first && git checkout -qb other");
  runner.write_file("clean.txt", "one\n2\nthree\n");
  runner.write_file("typed.txt", "ONE\ntwo\nthree\n");
  run("git rm -q gone.txt && git commit -qam second && git checkout -q main");
  RunnerClient a(runner), b(runner), c(runner);
  LiveText clean(a, "clean.txt", "ann"), typed(b, "typed.txt", "bea"), gone(c, "gone.txt", "eve");
  typed.append("typed\n");
  run("git checkout -qf other");
  ASSERT_TRUE(a.wait([&] { return clean.text() == "one\n2\nthree\n"; })) << clean.text();
  ASSERT_TRUE(b.wait([&] { return typed.text() == "ONE\ntwo\nthree\ntyped\n"; })) << typed.text();
  ASSERT_TRUE(c.wait_for<DocumentState>([](const auto& state) { return state.deleted; }));
  EXPECT_EQ(gone.text(), "one\ntwo\nthree\n") << "the text stays in the window";
  ASSERT_TRUE(holds(b, "typed.txt", typed.text()));
  // And back, with the files deleted and made anew.
  run("git checkout -qf main");
  ASSERT_TRUE(a.wait([&] { return clean.text() == "one\ntwo\nthree\n"; })) << clean.text();
  ASSERT_TRUE(c.wait_for<DocumentState>([](const auto& state) { return !state.deleted; }));
  EXPECT_EQ(clean.wrong() + typed.wrong() + gone.wrong(), "");
  EXPECT_THAT(entries(), testing::ElementsAre("clean.txt", "gone.txt", "project", "typed.txt"));
}

TEST_F(DiskChange, editors_that_write_by_rename_are_followed) {
  runner.write_file("a.txt", "one\n");
  RunnerClient client(runner);
  LiveText text(client, "a.txt", "ann");
  // Moved aside, written anew, the old one deleted: as vim does.
  run("mv a.txt a.txt~ && printf 'one\\ntwo\\n' > a.txt && rm a.txt~");
  ASSERT_TRUE(client.wait([&] { return text.text() == "one\ntwo\n"; })) << text.text();
  // Deleted, and made anew a moment later.
  run("rm a.txt && sleep 0.05 && printf 'one\\nthree\\n' > a.txt");
  ASSERT_TRUE(client.wait([&] { return text.text() == "one\nthree\n"; })) << text.text();
  client.each<DocumentState>([](const auto& state) {
    EXPECT_FALSE(state.deleted);
    EXPECT_EQ(state.path, "a.txt");
  });
  text.append("mine\n");
  ASSERT_TRUE(holds(client, "a.txt", "one\nthree\nmine\n"));
}

TEST_F(DiskChange, a_directory_that_is_renamed_takes_its_documents_along) {
  runner.write_file("top/middle/a.txt", "one\n");
  RunnerClient client(runner);
  LiveText text(client, "top/middle/a.txt", "ann");
  const auto followed = [&](const std::string& path) {
    return client.wait_for<DocumentState>([&](const auto& state) { return state.path == path; }).has_value();
  };
  fs::rename(runner.home() / "top/middle", runner.home() / "top/between");
  ASSERT_TRUE(followed("top/between/a.txt"));
  fs::rename(runner.home() / "top", runner.home() / "above");
  ASSERT_TRUE(followed("above/between/a.txt"));
  text.append("two\n");
  ASSERT_TRUE(holds(client, "above/between/a.txt", "one\ntwo\n"));
  runner.write_file("above/between/a.txt", "one\ntwo\nthree\n");
  ASSERT_TRUE(client.wait([&] { return text.text() == "one\ntwo\nthree\n"; })) << text.text();
  EXPECT_FALSE(fs::exists(runner.home() / "top"));
}

TEST_F(DiskChange, a_directory_that_goes_and_comes_again_is_watched_at_once) {
  runner.write_file("folder/a.txt", "one\n");
  runner.write_file("folder/b.txt", "one\n");
  RunnerClient client(runner), other(runner);
  LiveText text(client, "folder/a.txt", "ann"), second(other, "folder/b.txt", "bea");
  run("rm -r folder");
  ASSERT_TRUE(client.wait_for<DocumentState>([](const auto& state) { return state.deleted; }));
  run("mkdir folder && printf 'one\\ntwo\\n' > folder/a.txt");
  ASSERT_TRUE(client.wait([&] { return text.text() == "one\ntwo\n"; })) << text.text();
  std::vector<std::chrono::milliseconds> took;
  for (const std::string line : {"three\n", "four\n", "five\n"}) {
    const auto written = Clock::now();
    runner.write_file("folder/a.txt", text.text() + line);
    ASSERT_TRUE(client.wait([&] { return text.text().ends_with(line); })) << line;
    took.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - written));
  }
  EXPECT_LT(*std::ranges::min_element(took), 1s) << "not by looking every three seconds";
}

TEST_F(DiskChange, what_it_removes_and_no_version_has_goes_to_the_trash_and_is_named) {
  runner.write_file("folder/a.txt", "one\ntwo\n");
  RunnerClient client(runner);
  LiveText text(client, "folder/a.txt", "ann");
  runner.write_file("folder/a.txt", "one\n");
  ASSERT_TRUE(client.wait([&] { return text.text() == "one\n"; }));
  ASSERT_TRUE(text.from_disk()->kept);
  EXPECT_EQ(runner.read_file(*text.from_disk()->kept), "one\ntwo\n");
  // Named so that it can be taken from the trash.
  const auto name = fs::path(*text.from_disk()->kept).filename().string();
  const auto back = client.must<FileUndelete>({name}).path;
  EXPECT_THAT(back, testing::StartsWith("folder/a (before "));
  EXPECT_EQ(runner.read_file(back), "one\ntwo\n");
  // Text that only comes needs no keeping.
  runner.write_file("folder/a.txt", "zero\none\n");
  ASSERT_TRUE(client.wait([&] { return text.text() == "zero\none\n"; }));
  EXPECT_FALSE(text.from_disk()->kept);
}

TEST_F(DiskChange, a_program_that_writes_in_a_loop_does_not_fill_the_trash) {
  runner.write_file("a.txt", "");
  RunnerClient client(runner);
  LiveText text(client, "a.txt", "ann");
  for (int i = 0; i < 50; ++i) {
    runner.write_file("a.txt", "generated " + std::to_string(i) + "\n");
    ASSERT_TRUE(client.wait([&] { return text.text() == "generated " + std::to_string(i) + "\n"; })) << i;
  }
  const auto kept = std::distance(fs::directory_iterator(runner.home() / ".local/share/Trash/files"), {});
  EXPECT_LE(kept, 3);
  EXPECT_EQ(text.wrong(), "");
}

TEST_F(DiskChange, a_kill_between_merging_and_writing_loses_neither_text) {
  for (const char* point : {"merge.computed", "merge.applied", "merge.recorded", "edit.journalled:2",
                            "save.synced", "save.recorded", "save.placed"}) {
    SCOPED_TRACE(point);
    runner.write_file("a.txt", "one\ntwo\nthree\n");
    runner.stop();
    runner.die_at(point);
    runner.start();
    auto client = std::make_unique<RunnerClient>(runner);
    LiveText text(*client, "a.txt", "ann " + std::string(point));
    text.append("mine\n");
    ASSERT_TRUE(text.settle()) << text.wrong();
    runner.write_file("a.txt", "ONE\ntwo\nthree\n");
    EXPECT_EQ(runner.wait_for_death(), 137);
    runner.start();
    client = std::make_unique<RunnerClient>(runner);
    text.come_back(*client);
    if (entries().size() > 2) {
      // Not even noticed when it died: both texts are there.
      std::string all;
      for (const auto& name : entries())
        if (name != "project") all += runner.read_file(name);
      EXPECT_THAT(all, HasSubstr("ONE\n"));
      EXPECT_THAT(all, HasSubstr("mine\n"));
      for (const auto& name : entries())
        if (name != "project" && name != "a.txt") fs::remove(runner.home() / name);
    } else {
      EXPECT_EQ(text.text(), "ONE\ntwo\nthree\nmine\n");
      EXPECT_TRUE(holds(*client, "a.txt", text.text()));
    }
    client->must<DocumentClose>({text.opened().document});
  }
}

TEST_F(DiskChange, what_cannot_be_merged_is_kept_beside) {
  runner.write_file("a.txt", "one\n");
  RunnerClient first(runner);
  LiveText text(first, "a.txt", "ann");
  text.append("mine\n");
  runner.write_file("a.txt", "one\r\ntwo\nthree\r\n");  // line endings that the document can't have
  const auto kept = [](const auto& state) { return state.conflict_copy.has_value(); };
  auto state = first.wait_for<DocumentState>(kept);
  ASSERT_TRUE(state);
  EXPECT_EQ(runner.read_file(*state->conflict_copy), "one\r\ntwo\nthree\r\n");
  ASSERT_TRUE(holds(first, "a.txt", "one\nmine\n"));

  runner.write_file("b.txt", "one\n");
  RunnerClient second(runner);
  LiveText other(second, "b.txt", "bea");
  other.append("mine\n");
  const std::string bytes(
      "\x7f"
      "ELF\0\0\0\x01",
      8);
  runner.write_file("b.txt", bytes);
  state = second.wait_for<DocumentState>(kept);
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->read_only);
  EXPECT_EQ(runner.read_file(*state->conflict_copy), "one\nmine\n") << "what was typed";
  EXPECT_EQ(runner.read_file("b.txt"), bytes) << "is no text, and nobody overwrites it";
}

}  // namespace
}  // namespace berth::test
