// SPDX-License-Identifier: GPL-3.0-or-later
// cp and forward: files and folders both ways, ports on this machine.
#include <signal.h>

#include <fstream>

#include "cli_world.hpp"

namespace berth::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

class CliFiles : public CliTest {
 protected:
  void SetUp() override {
    static int number = 0;
    here = world().ann.home() / ("files" + std::to_string(++number));
    there = running() + ":copies" + std::to_string(number);
    remote = "copies" + std::to_string(number);
    fs::create_directories(here);
    ASSERT_EQ(ctl({"exec", running(), "-C", ".", "--", "mkdir", "-p", remote}).code, 0);
  }
  fs::path here;
  std::string there, remote;
};

TEST_F(CliFiles, a_file_goes_there_and_comes_back_as_it_was) {
  std::string bytes(3'000'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 + i / 251);
  write_file(here / "big one.bin", bytes);
  const auto sent = ctl({"--json", "cp", here / "big one.bin", there});
  ASSERT_EQ(sent.code, 0) << sent.error;
  EXPECT_EQ(protocol::parse_json(sent.out)->at("bytes"), bytes.size());
  EXPECT_EQ(ctl({"cp", there + "/big one.bin", here / "back.bin"}).code, 0);
  EXPECT_TRUE(content(here / "back.bin") == bytes);
  // Another name, over one that is there; into a folder by its slash.
  write_file(here / "small", "small");
  EXPECT_EQ(ctl({"cp", here / "small", there + "/big one.bin"}).code, 0);
  EXPECT_EQ(ctl({"exec", running(), "-C", remote, "cat", "big one.bin"}).out, "small");
  EXPECT_EQ(ctl({"cp", here / "small", here / "back.bin", there + "/"}).code, 0);
  EXPECT_EQ(ctl({"exec", running(), "-C", remote, "ls"}).out, "back.bin\nbig one.bin\nsmall\n");
}

TEST_F(CliFiles, a_folder_goes_there_and_comes_back_with_all_that_is_in_it) {
  write_file(here / "tree/a/ä b.txt", "deep");
  write_file(here / "tree/.hidden", "hidden");
  write_file(here / "tree/run.sh", "#!/bin/sh\necho runs\n");
  fs::permissions(here / "tree/run.sh", fs::perms::owner_all);
  fs::create_directories(here / "tree/empty");
  fs::create_directory_symlink("..", here / "tree/circle");
  EXPECT_EQ(ctl({"cp", here / "tree", there}).code, 2) << "a folder needs -r";
  const auto sent = ctl({"cp", "-r", here / "tree", there});
  EXPECT_EQ(sent.code, 0) << sent.error;
  EXPECT_THAT(sent.error, HasSubstr("circle"));
  EXPECT_EQ(ctl({"exec", running(), "-C", remote + "/tree", "./run.sh"}).out, "runs\n");
  ASSERT_EQ(ctl({"exec", running(), "-C", remote + "/tree", "--", "ln", "-s", "/etc/passwd", "out"}).code, 0);
  const auto back = ctl({"cp", "-r", there + "/tree", here / "back"});
  EXPECT_EQ(back.code, 0) << back.error;
  EXPECT_EQ(content(here / "back/a/ä b.txt"), "deep");
  EXPECT_EQ(content(here / "back/.hidden"), "hidden");
  EXPECT_NE(fs::status(here / "back/run.sh").permissions() & fs::perms::owner_exec, fs::perms::none);
  EXPECT_TRUE(fs::is_directory(here / "back/empty"));
  EXPECT_FALSE(fs::exists(here / "back/out")) << "a link out of the home is left out";
}

TEST_F(CliFiles, what_can_t_be_copied_is_said) {
  EXPECT_EQ(ctl({"cp", here / "nothing", there}).code, 5);
  EXPECT_EQ(ctl({"cp", there + "/nothing", here.string()}).code, 5);
  EXPECT_EQ(ctl({"cp", here.string(), here.string()}).code, 2) << "no workspace";
  EXPECT_EQ(ctl({"cp", there, "other:here"}).code, 2) << "two workspaces";
  EXPECT_EQ(ctl({"cp", "nowhere:file", here.string()}).code, 5);
  write_file(here / "one", "1");
  EXPECT_NE(ctl({"cp", here / "one", running() + ":../../outside"}).code, 0);
}

TEST_F(CliFiles, a_port_of_the_workspace_is_this_machine_s) {
  write_file(here / "index.html", "from the workspace");
  ASSERT_EQ(ctl({"cp", here / "index.html", there}).code, 0);
  Program server(world().ann, {"exec", "-n", running(), "-C", remote, "--", "python3", "-m", "http.server",
                               "--bind", "127.0.0.1", "18099"});
  EXPECT_TRUE(server::testing::in_time(
      [&] { return ctl({"ports", running()}).out.find("18099") != std::string::npos; }));
  Program forward(world().ann, {"--json", "forward", running(), "0:18099"});
  const auto said = forward.wait_for_output("]\n}\n");
  const auto port = protocol::parse_json(said)->at("forwards").at(0).at("local").get<std::uint16_t>();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(fetch(port, "GET", "/index.html", {{"Host", "localhost"}, {"Connection", "close"}}).body,
              "from the workspace");
  forward.signal(SIGTERM);
  EXPECT_EQ(forward.end().code, 0);
  EXPECT_EQ(ctl({"forward", running(), "70000"}).code, 2);
  EXPECT_EQ(ctl({"forward", running(), std::to_string(world().berthd->port()) + ":18099"}).code, 6)
      << "taken here";
  server.signal(SIGINT);
  server.end();
}

}  // namespace
}  // namespace berth::test
