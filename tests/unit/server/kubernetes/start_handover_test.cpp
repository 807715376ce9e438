// SPDX-License-Identifier: GPL-3.0-or-later
// What a template brings into a new home: all of it, or an error that says why not.
#include "server/backends/kubernetes/start_handover.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <set>
#include <stdexcept>

#include "credentials_fixture.hpp"
#include "protocol/codec.hpp"

namespace berth::server::kubernetes {
namespace {

using protocol::Json;
using test::KubeFolder;
using testing::HasSubstr;
using testing::Not;

/// For as long as it lives the process reads no more than everybody may.
class WithoutRights {
 public:
  WithoutRights() { set(65'534); }
  ~WithoutRights() { set(0); }
  WithoutRights(const WithoutRights&) = delete;
  WithoutRights& operator=(const WithoutRights&) = delete;

 private:
  static void set(uid_t id) {
    if (getuid() == 0 && seteuid(id) != 0) throw std::runtime_error("seteuid");
  }
};

Result<std::map<std::string, std::string>> files_of(const KubeFolder& templates) {
  StartRequest request{.workspace = "abcdefghij", .template_id = "own", .limits = {}, .server_key = {}};
  return start_files(request, new_start_keys("abcdefghij"), templates.path(), {}, {});
}

std::set<std::string> home_paths(const std::map<std::string, std::string>& files) {
  std::set<std::string> paths;
  const auto home = Json::parse(files.at("home.json"));
  for (const auto& file : home["files"]) paths.insert(file["path"]);
  return paths;
}

/// Neither is it the person's fault nor Kubernetes'.
void expect_unreadable(const Error& error, const std::string& file) {
  EXPECT_EQ(error.code, ErrorCode::internal);
  EXPECT_THAT(error.message, HasSubstr("template \"own\" can't be read"));
  EXPECT_THAT(error.message, Not(HasSubstr("Kubernetes")));
  EXPECT_THAT(error.detail, HasSubstr(file));
}

TEST(StartHandover, TakesTheWholeTemplate) {
  const KubeFolder templates;
  templates.write("own/files/main.py", "print(1)\n");
  templates.write("own/files/bin/run", "#!/bin/sh\n", 0700);
  const auto files = files_of(templates);
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_THAT(home_paths(*files), testing::IsSupersetOf({"project/main.py", "project/bin/run", ".bashrc"}));
  const auto home = Json::parse(files->at("home.json"));
  for (const auto& file : home["files"]) {
    const bool runs = file["path"] == "project/bin/run";
    EXPECT_EQ(file["mode"], runs ? 0755 : 0644) << file["path"];
  }
}

TEST(StartHandover, ATemplateWithoutFilesIsNoFault) {
  const KubeFolder templates;
  templates.write("own/template.json", "{}");
  const auto files = files_of(templates);
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_TRUE(home_paths(*files).contains(".bashrc"));
}

TEST(StartHandover, ATemplateThatCantBeReadWholeMakesNoHalfHome) {
  const KubeFolder flat;
  flat.write("own/files", "not a folder");
  const auto none = files_of(flat);
  ASSERT_FALSE(none);
  expect_unreadable(none.error(), "own/files");

  const KubeFolder closed;
  closed.write("own/files/a.py", "first\n", 0644);
  closed.write("own/files/b/secret.py", "second\n", 0644);
  std::filesystem::permissions(closed.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(closed.path() + "/own/files/b", std::filesystem::perms::none);
  const auto half = [&] {
    const WithoutRights somebody;
    return files_of(closed);
  }();
  ASSERT_FALSE(half);
  expect_unreadable(half.error(), "own/files/b");
  std::filesystem::permissions(closed.path() + "/own/files/b", std::filesystem::perms(0755));
  std::filesystem::permissions(closed.path() + "/own/files/a.py", std::filesystem::perms::none);
  const auto other = [&] {
    const WithoutRights somebody;
    return files_of(closed);
  }();
  ASSERT_FALSE(other);
  expect_unreadable(other.error(), "own/files/a.py");
}

TEST(StartHandover, ATemplateThatIsTooLargeSaysSo) {
  const KubeFolder one;
  one.write("own/files/data.bin", std::string(901u << 10, 'x'));
  const KubeFolder many;
  for (int i = 0; i < 4; ++i) many.write("own/files/" + std::to_string(i), std::string(300u << 10, 'x'));
  for (const auto* templates : {&one, &many}) {
    const auto files = files_of(*templates);
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error().code, ErrorCode::too_large);
    EXPECT_THAT(files.error().message, HasSubstr("too large"));
    EXPECT_THAT(files.error().message, Not(HasSubstr("sign in")));
  }
}

TEST(PodTemplates, SayTheirImageAndMayBeWithoutASettingsFile) {
  const KubeFolder templates;
  templates.write("own/template.json", R"({"image": "registry.example/own:1", "read_only_root": true})");
  templates.write("plain/files/a", "");
  const auto own = read_pod_template(templates.path(), "own", "usual:1");
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_EQ(own->image, "registry.example/own:1");
  EXPECT_TRUE(own->read_only_root);
  const auto plain = read_pod_template(templates.path(), "plain", "usual:1");
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(plain->image, "usual:1");
  EXPECT_EQ(read_pod_template(templates.path(), "plain", "").error().code, ErrorCode::unsupported);
  for (const char* unknown : {"no-such", "../own", ""})
    EXPECT_EQ(read_pod_template(templates.path(), unknown, "usual:1").error().code, ErrorCode::not_found);
}

TEST(PodTemplates, SettingsThatCantBeReadAreNotTakenForNone) {
  const KubeFolder templates;
  templates.write("own/template.json/inside", "");  // a folder
  const auto folder = read_pod_template(templates.path(), "own", "usual:1");
  ASSERT_FALSE(folder);
  expect_unreadable(folder.error(), "own/template.json");
  templates.write("bad/template.json", "{not json");
  EXPECT_EQ(read_pod_template(templates.path(), "bad", "usual:1").error().code, ErrorCode::unsupported);
  templates.write("large/template.json", std::string(65u << 10, ' '));
  EXPECT_EQ(read_pod_template(templates.path(), "large", "usual:1").error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace berth::server::kubernetes
