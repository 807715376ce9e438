// SPDX-License-Identifier: GPL-3.0-or-later
// Which files of closed documents are held on to, and for how long.
#include "runner/forgotten_documents.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace berth::runner {
namespace {

struct ForgottenDocumentsTest : testing::Test {
  ForgottenDocumentsTest() {
    std::string name = (std::filesystem::temp_directory_path() / "berth-forgotten-XXXXXX").string();
    if (::mkdtemp(name.data())) folder = name;
  }
  ~ForgottenDocumentsTest() override { std::filesystem::remove_all(folder); }
  std::filesystem::path put(const std::string& name) const {
    std::ofstream(folder / name) << "text";
    return folder / name;
  }
  void remember(const std::string& id, const std::filesystem::path& path) {
    documents.remember({id, path, 1, net::FileDescriptor(::open(path.c_str(), O_PATH))});
  }
  std::filesystem::path folder;
  ForgottenDocuments documents;
};

TEST_F(ForgottenDocumentsTest, AFileIsHeldUntilItIsDeleted) {
  const auto path = put("a.txt");
  remember("a", path);
  std::filesystem::rename(path, folder / "b.txt");
  documents.let_go();
  ASSERT_TRUE(documents.find("a"));
  EXPECT_FALSE(documents.find("b"));
  std::filesystem::remove(folder / "b.txt");
  EXPECT_FALSE(documents.find("a"));
  EXPECT_FALSE(documents.empty());
  documents.let_go();
  EXPECT_TRUE(documents.empty());
}

TEST_F(ForgottenDocumentsTest, AFileThatGrowsIsLetGo) {
  const auto path = put("a.txt");
  remember("a", path);
  std::filesystem::resize_file(path, ForgottenDocuments::largest);
  documents.let_go();
  EXPECT_TRUE(documents.find("a"));
  std::filesystem::resize_file(path, ForgottenDocuments::largest + 1);
  EXPECT_FALSE(documents.find("a"));
  documents.let_go();
  EXPECT_TRUE(documents.empty());
}

TEST_F(ForgottenDocumentsTest, TheOneForgottenLongestGoesFirst) {
  const auto path = put("a.txt");
  for (std::size_t i = 0; i <= ForgottenDocuments::most; ++i) remember(std::to_string(i), path);
  EXPECT_FALSE(documents.find("0"));
  EXPECT_TRUE(documents.find("1"));
  EXPECT_TRUE(documents.find(std::to_string(ForgottenDocuments::most)));
}

TEST_F(ForgottenDocumentsTest, AnotherFileAtAPathIsNotTheSame) {
  const auto path = put("a.txt");
  const net::FileDescriptor before(::open(path.c_str(), O_PATH));
  std::filesystem::create_hard_link(path, folder / "b.txt");
  const net::FileDescriptor link(::open((folder / "b.txt").c_str(), O_PATH));
  EXPECT_TRUE(is_same_file(before, link));
  std::filesystem::remove(path);
  put("a.txt");
  EXPECT_FALSE(is_same_file(before, net::FileDescriptor(::open(path.c_str(), O_PATH))));
  EXPECT_FALSE(is_same_file(before, net::FileDescriptor()));
}

}  // namespace
}  // namespace berth::runner
