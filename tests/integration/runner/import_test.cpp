// SPDX-License-Identifier: GPL-3.0-or-later
// Filling an empty project: archives and a git repository behind a real HTTP server.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "sync_peer.hpp"

namespace berth::test {
namespace {

using namespace protocol;
namespace fs = std::filesystem;

void must_run(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

std::optional<WorkspaceImport::Params> end_of_import(RunnerClient& client) {
  return client.wait_for<WorkspaceImport>([](const auto& progress) { return progress.finished; });
}

bool home_is_clean(const RunnerProcess& runner) {
  for (const auto& entry : fs::directory_iterator(runner.home()))
    if (entry.path().filename().string().starts_with(".berth-write-")) return false;
  return true;
}

/// Also of what the runner remembers.
bool nothing_is_left(const RunnerProcess& runner) {
  return home_is_clean(runner) && !fs::exists(runner.home().parent_path() / "state/home.importing");
}

std::vector<std::string> project_of(const RunnerProcess& runner) {
  std::vector<std::string> names;
  if (fs::exists(runner.home() / "project"))
    for (const auto& entry : fs::directory_iterator(runner.home() / "project"))
      names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

/// Serves a folder on a port of loopback until it goes.
class FolderServer {
 public:
  explicit FolderServer(const fs::path& folder) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], 1);
      ::execlp("python3", "python3", "-c",
               "import functools, http.server, sys\n"
               "class Handler(http.server.SimpleHTTPRequestHandler):\n"
               "    def log_message(self, *args): pass\n"
               "server = http.server.ThreadingHTTPServer(('127.0.0.1', 0),\n"
               "    functools.partial(Handler, directory=sys.argv[1]))\n"
               "print(server.server_port, flush=True)\n"
               "server.serve_forever()\n",
               folder.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    const net::FileDescriptor out(ends[0]);
    char text[16] = {};
    pollfd entry{out.get(), POLLIN, 0};
    if (::poll(&entry, 1, 10000) <= 0 || ::read(out.get(), text, sizeof text - 1) <= 0)
      throw std::runtime_error("the folder's server did not start");
    port_ = std::atoi(text);
  }
  ~FolderServer() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  std::string url(const std::string& name) const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/" + name;
  }

 private:
  pid_t pid_ = -1;
  int port_ = 0;
};

TEST(RunnerImport, an_archive_fills_the_project_and_is_deleted) {
  for (const std::string format : {"tar", "zip"}) {
    RunnerProcess runner;
    const auto source = runner.home().parent_path() / "source";
    fs::create_directories(source / "src");
    must_run("cd '" + source.string() +
             "' && echo hello > src/main.py && ln -s src link && chmod 755 src/main.py");
    const auto archive = (runner.home() / ("import." + format)).string();
    must_run("cd '" + source.string() + "' && bsdtar " + (format == "zip" ? "--format zip -cf '" : "-czf '") +
             archive + "' src link");
    RunnerClient person(runner);
    SyncPeer peer(runner);
    (void)peer.client.must<ImportBegin>({"", "import." + format, format});
    const auto end = end_of_import(person);
    ASSERT_TRUE(end);
    EXPECT_FALSE(end->problem) << *end->problem;
    EXPECT_EQ(runner.read_file("project/src/main.py"), "hello\n");
    EXPECT_TRUE(fs::is_symlink(runner.home() / "project/link"));
    EXPECT_FALSE(fs::exists(archive));
    EXPECT_TRUE(nothing_is_left(runner));
  }
}

TEST(RunnerImport, an_archive_that_leads_outside_is_refused_and_deleted) {
  RunnerProcess runner;
  const auto work = runner.home().parent_path() / "work";
  fs::create_directories(work / "in");
  must_run("cd '" + (work / "in").string() + "' && echo owned > ../escaped && echo good > good");
  must_run("cd '" + (work / "in").string() + "' && tar -Pcf '" +
           (runner.home() / ".berth-write-import-x").string() + "' good ../escaped 2>/dev/null");
  fs::remove(work / "escaped");
  RunnerClient person(runner);
  SyncPeer peer(runner);
  (void)peer.client.must<ImportBegin>({"", ".berth-write-import-x", "tar"});
  const auto end = end_of_import(person);
  ASSERT_TRUE(end && end->problem);
  EXPECT_NE(end->problem->find("leads out of the archive"), std::string::npos) << *end->problem;
  EXPECT_FALSE(fs::exists(runner.home() / "escaped"));
  EXPECT_FALSE(fs::exists(runner.home().parent_path() / "escaped"));
  EXPECT_TRUE(project_of(runner).empty()) << "what came before is not half a project";
  EXPECT_TRUE(home_is_clean(runner)) << "the upload is deleted";
}

TEST(RunnerImport, a_bomb_ends_at_the_bound_and_leaves_nothing) {
  RunnerProcess runner;
  must_run("cd '" + runner.home().string() +
           "' && head -c 40000000 /dev/zero > zeros && tar -czf .berth-write-import-t zeros && "
           "zip -q bomb.zip zeros && mv bomb.zip .berth-write-import-z && rm zeros");
  std::optional<RunnerClient> window(std::in_place, runner);
  auto& person = *window;
  for (const auto& [archive, format] :
       {std::pair{".berth-write-import-t", "tar"}, {".berth-write-import-z", "zip"}}) {
    EXPECT_LT(fs::file_size(runner.home() / archive), 100'000u);
    SyncPeer peer(runner);
    person.forget_notifications();
    (void)peer.client.must<ImportBegin>({"", archive, format, 20u << 20});
    const auto end = end_of_import(person);
    ASSERT_TRUE(end && end->problem);
    EXPECT_NE(end->problem->find("more than 20 MiB"), std::string::npos) << *end->problem;
    EXPECT_TRUE(project_of(runner).empty());
    EXPECT_FALSE(fs::exists(runner.home() / archive));
    EXPECT_EQ(peer.client.call<ImportBegin>({"", archive, format}).error().code, ErrorCode::conflict)
        << "asked again, it has been tried: nothing was lost on the way";
  }
  EXPECT_TRUE(home_is_clean(runner));
  window.reset();
  // After a restart the empty project is still explained, until there is something in it.
  runner.crash();
  runner.start();
  {
    RunnerClient later(runner);
    const auto told = end_of_import(later);
    ASSERT_TRUE(told && told->problem);
    EXPECT_NE(told->problem->find("more than 20 MiB"), std::string::npos) << *told->problem;
  }
  runner.write_file("project/mine", "x");
  runner.crash();
  runner.start();
  RunnerClient again(runner);
  EXPECT_TRUE(again.wait([&] { return nothing_is_left(runner); }));
}

TEST(RunnerImport, a_repository_is_cloned_and_a_missing_one_is_named) {
  RunnerProcess runner;
  const auto served = runner.home().parent_path() / "served";
  fs::create_directories(served / "work");
  must_run(
      "cd '" + (served / "work").string() +
      "' && git init -q -b main . && echo text > readme && git add . && git -c user.name=a -c user.email=a@b "
      "commit -q -m first && git clone -q --bare . ../repo.git && cd ../repo.git && git update-server-info");
  const FolderServer server(served);
  RunnerClient person(runner);
  SyncPeer peer(runner);
  (void)peer.client.must<ImportBegin>({server.url("missing.git"), "", ""});
  const auto missing = end_of_import(person);
  ASSERT_TRUE(missing);
  ASSERT_TRUE(missing->problem);
  EXPECT_NE(missing->problem->find("missing.git"), std::string::npos) << *missing->problem;
  EXPECT_TRUE(home_is_clean(runner));
  {
    RunnerClient later(runner);
    EXPECT_TRUE(end_of_import(later)) << "a window that opens later hears of the failure";
  }
  person.forget_notifications();
  (void)peer.client.must<ImportBegin>({server.url("repo.git"), "", ""});
  const auto cloned = end_of_import(person);
  ASSERT_TRUE(cloned);
  EXPECT_FALSE(cloned->problem) << *cloned->problem;
  EXPECT_EQ(runner.read_file("project/readme"), "text\n");
  EXPECT_TRUE(fs::is_directory(runner.home() / "project/.git"));
  EXPECT_TRUE(nothing_is_left(runner));
  EXPECT_EQ(peer.client.call<ImportBegin>({server.url("repo.git"), "", ""}).error().code, ErrorCode::conflict)
      << "the project is not empty any more";
}

TEST(RunnerImport, odd_sources_are_refused) {
  RunnerProcess runner;
  SyncPeer peer(runner);
  const auto code = [&](const ImportBegin::Params& params) {
    const auto answer = peer.client.call<ImportBegin>(params);
    return answer ? std::optional<ErrorCode>() : answer.error().code;
  };
  EXPECT_EQ(code({"", "", ""}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({"https://example.org/a", "b.zip", "zip"}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({"file:///etc", "", ""}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({"--upload-pack=id", "", ""}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({"", "../outside.zip", "zip"}), ErrorCode::permission_denied);
  EXPECT_EQ(code({"", "absent.zip", "zip"}), ErrorCode::not_found);
  runner.write_file("a.rar", "x");
  EXPECT_EQ(code({"", "a.rar", "rar"}), ErrorCode::invalid_argument);
  EXPECT_TRUE(nothing_is_left(runner));
}

TEST(RunnerImport, an_upload_that_finds_the_project_no_longer_empty_is_removed_and_people_are_told) {
  RunnerProcess runner;
  runner.write_file("project/x", "mine");
  runner.write_file(".berth-write-import-up", "PK");
  runner.write_file("own.zip", "PK");
  RunnerClient person(runner);
  SyncPeer peer(runner);
  const auto code = [&](const std::string& archive) {
    return peer.client.call<ImportBegin>({"", archive, "zip"}).error().code;
  };
  EXPECT_EQ(code(".berth-write-import-up"), ErrorCode::conflict);
  const auto end = end_of_import(person);
  ASSERT_TRUE(end && end->problem);
  EXPECT_NE(end->problem->find("not empty"), std::string::npos) << *end->problem;
  EXPECT_NE(end->problem->find("removed"), std::string::npos) << *end->problem;
  EXPECT_TRUE(nothing_is_left(runner));
  EXPECT_EQ(runner.read_file("project/x"), "mine");
  {
    RunnerClient later(runner);
    EXPECT_TRUE(end_of_import(later)) << "a window that opens later hears of it";
  }
  person.forget_notifications();
  EXPECT_EQ(code(".berth-write-import-up"), ErrorCode::conflict) << "it was begun before: nothing to tell";
  EXPECT_EQ(code("own.zip"), ErrorCode::conflict);
  EXPECT_EQ(runner.read_file("own.zip"), "PK") << "no upload";
}

TEST(RunnerImport, a_clone_that_goes_silent_is_ended_at_the_deadline_and_holds_up_no_other) {
  // Takes connections and never answers: git waits without a word.
  const net::FileDescriptor silent(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  ASSERT_EQ(::bind(silent.get(), reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(::listen(silent.get(), 4), 0);
  ASSERT_EQ(::getsockname(silent.get(), reinterpret_cast<sockaddr*>(&address), &length), 0);
  RunnerProcess runner({.longest_import = 1500});
  must_run("cd '" + runner.home().string() +
           "' && echo text > f && tar -czf .berth-write-import-up f && rm f");
  RunnerClient person(runner);
  SyncPeer peer(runner);
  const auto url = "git://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/x.git";
  (void)peer.client.must<ImportBegin>({url, "", ""});
  EXPECT_EQ(peer.client.call<ImportBegin>({url, "", ""}).error().code, ErrorCode::conflict) << "it runs";
  const auto end = end_of_import(person);
  ASSERT_TRUE(end && end->problem);
  EXPECT_NE(end->problem->find("took more than"), std::string::npos) << *end->problem;
  EXPECT_TRUE(project_of(runner).empty());
  person.forget_notifications();
  (void)peer.client.must<ImportBegin>({"", ".berth-write-import-up", "tar"});
  const auto next = end_of_import(person);
  ASSERT_TRUE(next);
  EXPECT_FALSE(next->problem) << *next->problem;
  EXPECT_EQ(runner.read_file("project/f"), "text\n");
  EXPECT_TRUE(nothing_is_left(runner));
}

/// What a runner that died leaves in its state.
void remember(const RunnerProcess& runner, const Json& marker) {
  std::ofstream(runner.home().parent_path() / "state/home.importing") << marker.dump();
}

TEST(RunnerImport, a_death_in_the_middle_begins_again_and_ends_whole) {
  RunnerProcess runner;
  must_run("cd '" + runner.home().string() +
           "' && mkdir src && echo text > src/file && tar -czf "
           ".berth-write-import-up src && rm -r src && mkdir -p .berth-write-import-1/half");
  runner.crash();
  const Json params{{"git_url", ""}, {"archive", ".berth-write-import-up"}, {"format", "tar"}};
  remember(runner, {{"folder", ".berth-write-import-1"},
                    {"params", params},
                    {"attempts", 1},
                    {"moving", false},
                    {"failed", ""}});
  runner.start();
  RunnerClient person(runner);
  EXPECT_TRUE(person.wait([&] { return nothing_is_left(runner); }));
  EXPECT_EQ(runner.read_file("project/src/file"), "text\n");
}

TEST(RunnerImport, a_death_while_it_is_put_in_place_loses_nothing) {
  RunnerProcess runner;
  must_run("cd '" + runner.home().string() +
           "' && mkdir -p project/moved .berth-write-import-1/rest && echo r > .berth-write-import-1/rest/r");
  runner.crash();
  const Json params{{"git_url", "https://example.org/x"}, {"archive", ""}, {"format", ""}};
  remember(runner, {{"folder", ".berth-write-import-1"},
                    {"params", params},
                    {"attempts", 1},
                    {"moving", true},
                    {"failed", ""}});
  runner.start();
  RunnerClient person(runner);
  EXPECT_TRUE(person.wait([&] { return nothing_is_left(runner); }));
  EXPECT_EQ(project_of(runner), (std::vector<std::string>{"moved", "rest"}));
}

TEST(RunnerImport, an_import_that_kills_its_runner_each_time_is_given_up_and_told) {
  RunnerProcess runner;
  must_run("cd '" + runner.home().string() +
           "' && mkdir -p .berth-write-import-1/half && touch .berth-write-import-up");
  runner.crash();
  const Json params{{"git_url", ""}, {"archive", ".berth-write-import-up"}, {"format", "tar"}};
  remember(runner, {{"folder", ".berth-write-import-1"},
                    {"params", params},
                    {"attempts", 3},
                    {"moving", false},
                    {"failed", ""}});
  runner.start();
  RunnerClient person(runner);
  const auto end = end_of_import(person);
  ASSERT_TRUE(end && end->problem);
  EXPECT_NE(end->problem->find("interrupted 3 times"), std::string::npos) << *end->problem;
  EXPECT_TRUE(home_is_clean(runner));
}

TEST(RunnerImport, a_marker_of_somebody_else_removes_nothing) {
  RunnerProcess runner;
  runner.write_file("precious/file", "x");
  runner.crash();
  const Json params{{"git_url", ""}, {"archive", ""}, {"format", ""}};
  for (const std::string& marker :
       {std::string("no json"),
        Json{{"folder", "precious"}, {"params", params}, {"attempts", 1}, {"moving", true}, {"failed", ""}}
            .dump(),
        Json{{"folder", "precious"}, {"params", params}, {"attempts", 9}, {"moving", false}, {"failed", ""}}
            .dump()}) {
    std::ofstream(runner.home().parent_path() / "state/home.importing") << marker;
    runner.start();
    {
      RunnerClient person(runner);
    }
    EXPECT_EQ(runner.read_file("precious/file"), "x") << marker;
    runner.crash();
  }
}

TEST(RunnerImport, a_runner_killed_at_any_moment_ends_with_the_whole_project_or_says_why_not) {
  RunnerProcess runner;
  must_run("cd '" + runner.home().string() +
           "' && mkdir many && for i in $(seq 2000); do echo $i > many/$i; done && tar -czf "
           ".berth-write-import-up "
           "many && rm -r many");
  RunnerClient person(runner);
  {
    SyncPeer peer(runner);
    (void)peer.client.must<ImportBegin>({"", ".berth-write-import-up", "tar"});
  }
  for (int round = 0; round < 2; ++round) {
    runner.crash();
    EXPECT_TRUE(project_of(runner).empty() || project_of(runner) == std::vector<std::string>{"many"});
    runner.start();
  }
  RunnerClient later(runner);
  EXPECT_TRUE(later.wait([&] { return nothing_is_left(runner); }));
  const auto files = fs::directory_iterator(runner.home() / "project/many");
  EXPECT_EQ(std::distance(files, {}), 2000);
}

}  // namespace
}  // namespace berth::test
