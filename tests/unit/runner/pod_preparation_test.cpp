// SPDX-License-Identifier: GPL-3.0-or-later
// What an init container leaves behind for a workspace's runner.
#include "runner/pod_preparation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "protocol/codec.hpp"
#include "protocol/connect_token.hpp"

namespace berth::runner {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class PodPreparation : public testing::Test {
 protected:
  PodPreparation() {
    std::string pattern = fs::temp_directory_path() / "berth-pod-XXXXXX";
    root_ = mkdtemp(pattern.data());
    folders_ = {root_ / "tools", root_ / "handover", root_ / "volume", root_ / "secret"};
    for (const auto& folder : {folders_.tools, folders_.handover, folders_.volume, folders_.secret})
      fs::create_directories(folder);
    write(folders_.secret + "/start.json", "{\"workspace\":\"w\"}");
    home_files({{"project/main.py", "print()\n", 0644}, {".profile", "# profile\n", 0600}});
  }
  ~PodPreparation() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  struct HomeFile {
    std::string path, content;
    unsigned mode;
  };
  void home_files(const std::vector<HomeFile>& files) const {
    auto json = protocol::Json::array();
    for (const auto& file : files)
      json.push_back(
          {{"path", file.path}, {"mode", file.mode}, {"content", protocol::encode_base64url(file.content)}});
    write(folders_.secret + "/home.json", protocol::to_text({{"files", json}}));
  }
  static void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }
  static std::string text_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  static unsigned mode_of(const std::string& path) {
    struct stat there{};
    return stat(path.c_str(), &there) == 0 ? there.st_mode & 07777u : 0u;
  }

  fs::path root_;
  PodFolders folders_;
};

TEST_F(PodPreparation, CopiesThisProgramAndHandsTheStartOver) {
  const auto done = prepare_pod(folders_);
  ASSERT_TRUE(done) << done.error().message << done.error().detail;
  EXPECT_EQ(mode_of(folders_.tools + "/berth-runner"), 0555u);
  EXPECT_EQ(fs::file_size(folders_.tools + "/berth-runner"), fs::file_size("/proc/self/exe"));
  EXPECT_EQ(text_of(folders_.handover + "/start.json"), "{\"workspace\":\"w\"}");
  EXPECT_EQ(mode_of(folders_.handover + "/start.json"), 0600u);
  EXPECT_EQ(mode_of(folders_.volume + "/state"), 0700u);
}

TEST_F(PodPreparation, MakesANewHomeOfTheFilesItIsGiven) {
  ASSERT_TRUE(prepare_pod(folders_));
  EXPECT_EQ(text_of(folders_.volume + "/home/project/main.py"), "print()\n");
  EXPECT_EQ(mode_of(folders_.volume + "/home/.profile"), 0600u);
  EXPECT_EQ(mode_of(folders_.volume + "/home"), 0755u);
}

TEST_F(PodPreparation, AnEmptyHomeHasAProjectFolderAlone) {
  home_files({});
  ASSERT_TRUE(prepare_pod(folders_));
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folders_.volume + "/home"))
    names.push_back(entry.path().filename());
  EXPECT_THAT(names, testing::ElementsAre("project"));
}

TEST_F(PodPreparation, AHomeThatIsThereStaysAsItIs) {
  ASSERT_TRUE(prepare_pod(folders_));
  write(folders_.volume + "/home/project/main.py", "mine");
  home_files({{"project/main.py", "theirs", 0644}, {"other", "x", 0644}});
  write(folders_.secret + "/start.json", "{\"second\":1}");
  ASSERT_TRUE(prepare_pod(folders_)) << "and the folders' other contents are replaced";
  EXPECT_EQ(text_of(folders_.volume + "/home/project/main.py"), "mine");
  EXPECT_FALSE(fs::exists(folders_.volume + "/home/other"));
  EXPECT_EQ(text_of(folders_.handover + "/start.json"), "{\"second\":1}");
}

TEST_F(PodPreparation, AHomeThatWasMadeByHalfIsMadeAnew) {
  fs::create_directories(folders_.volume + "/home.new/project");
  write(folders_.volume + "/home.new/project/half", "x");
  ASSERT_TRUE(prepare_pod(folders_));
  EXPECT_FALSE(fs::exists(folders_.volume + "/home/project/half"));
  EXPECT_TRUE(fs::exists(folders_.volume + "/home/project/main.py"));
}

TEST_F(PodPreparation, NothingIsWrittenBesideTheHome) {
  for (const char* path : {"../outside", "/tmp/outside", "a/../../outside", "", "./a", "a//../b"}) {
    home_files({{path, "x", 0644}});
    EXPECT_FALSE(prepare_pod(folders_)) << path;
    EXPECT_FALSE(fs::exists(folders_.volume + "/home")) << path;
  }
  EXPECT_FALSE(fs::exists(folders_.volume + "/outside"));
}

TEST_F(PodPreparation, WhatMakesNoSenseIsAnError) {
  for (const char* text : {"", "[]", "{\"files\":5}", "{\"files\":[5]}", "{\"files\":[{\"path\":\"a\"}]}",
                           "{\"files\":[{\"path\":\"a\",\"mode\":-1,\"content\":\"\"}]}",
                           "{\"files\":[{\"path\":\"a\",\"mode\":420,\"content\":\"!\"}]}"}) {
    write(folders_.secret + "/home.json", text);
    const auto done = prepare_pod(folders_);
    ASSERT_FALSE(done) << text;
    EXPECT_THAT(done.error().message, HasSubstr("could not be prepared"));
  }
  EXPECT_EQ(run_prepare_pod({"too", "few"}), 2);
}

}  // namespace
}  // namespace berth::runner
