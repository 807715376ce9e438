// SPDX-License-Identifier: GPL-3.0-or-later
// Templates that name an image, over the local backend: unpacked ones and OCI layouts, made here of a shell
// and a file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "server/backends/local/child_process.hpp"
#include "server/backends/local/image_folder.hpp"
#include "tests/integration/local/local_fixture.hpp"

namespace berth::server::local {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* image_name = "example.org/team/shell:2";

std::string run_tool(std::vector<std::string> arguments) {
  arguments.front() = find_program(arguments.front());
  auto done = run_checked({.arguments = std::move(arguments), .environment = {"PATH=/usr/bin:/bin"}},
                          "prepare a test");
  if (!done) throw std::runtime_error(done.error().message + " " + done.error().detail);
  return *done;
}

/// The smallest system with a shell, and `text` in /usr/share/which-image.
void make_system(const fs::path& root, const std::string& text) {
  std::set<std::string> files;
  for (const char* program : {"/usr/bin/bash", "/usr/bin/cat", "/usr/bin/ls"}) {
    files.insert(program);
    // "libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)", "/lib64/ld-linux-x86-64.so.2 (0x…)"
    std::istringstream words(run_tool({"ldd", program}));
    for (std::string word; words >> word;)
      if (word.front() == '/') files.insert(word);
  }
  for (const auto& [link, to] : {std::pair{"bin", "usr/bin"}, {"lib", "usr/lib"}, {"lib64", "usr/lib64"}}) {
    fs::create_directories(root / to);
    fs::create_symlink(to, root / link);
  }
  for (const auto& file : files) {
    const auto target = root / fs::path(file).relative_path();
    fs::create_directories(target.parent_path());
    fs::copy_file(file, target, fs::copy_options::overwrite_existing);
  }
  fs::create_directories(root / "usr/share");
  std::ofstream(root / "usr/share/which-image") << text;
}

void make_layout(const fs::path& layout, const fs::path& system, const std::string& reference) {
  const auto making = system.string() + ".layout";  // umoci takes no path with a colon
  const auto image = making + ":" + reference;
  run_tool({"umoci", "init", "--layout", making});
  run_tool({"umoci", "new", "--image", image});
  run_tool({"umoci", "insert", "--rootless", "--image", image, system.string() + "/.", "/"});
  fs::create_directories(layout.parent_path());
  fs::rename(making, layout);
}

class LocalImages : public ::testing::Test {
 protected:
  LocalImages()
      : folder_(fs::path(TestGround::get().folder) / ("images-" + new_workspace_id())),
        ground_([&](LocalBackendOptions& options) {
          options.images = folder_ / "images";
          options.templates = folder_ / "templates";
          add_template("shell", std::string(R"({"image": ")") + image_name + "\"}");
        }) {}

  void add_template(const std::string& id, const std::string& json) const {
    fs::create_directories(folder_ / "templates" / id);
    std::ofstream(folder_ / "templates" / id / "template.json") << json;
  }
  fs::path image() const { return folder_ / "images" / image_name; }
  std::string which_image(const StartRequest& request) {
    return run_script(ground_.start(request), "cat /usr/share/which-image; ls /usr/bin").output;
  }
  std::string refusal(const std::string& id) {
    const auto refused = ground_.backend().start(ground_.request(new_workspace_id(), id));
    return refused ? "it started" : refused.error().message + " " + refused.error().detail;
  }

  fs::path folder_;
  LocalGround ground_;
};

TEST_F(LocalImages, an_unpacked_one_is_what_a_workspace_sees) {
  make_system(image(), "unpacked\n");
  EXPECT_EQ(which_image(ground_.request(new_workspace_id(), "shell")), "unpacked\nbash\ncat\nls\n");
}

TEST_F(LocalImages, a_bundle_is_an_unpacked_one) {
  make_system(image() / "rootfs", "bundle\n");
  EXPECT_THAT(which_image(ground_.request(new_workspace_id(), "shell")), HasSubstr("bundle\nbash\n"));
}

TEST_F(LocalImages, an_oci_layout_is_unpacked_when_it_is_first_used_and_anew_when_it_is_another) {
  make_system(folder_ / "first", "first\n");
  make_layout(image(), folder_ / "first", "2");
  const auto request = ground_.request(new_workspace_id(), "shell");
  EXPECT_EQ(which_image(request), "first\nbash\ncat\nls\n");
  ASSERT_TRUE(ground_.backend().stop(request.workspace, 1000));
  EXPECT_EQ(which_image(request), "first\nbash\ncat\nls\n");
  ASSERT_TRUE(ground_.backend().stop(request.workspace, 1000));

  fs::remove_all(image());
  make_system(folder_ / "second", "second\n");
  make_layout(image(), folder_ / "second", image_name);
  EXPECT_EQ(which_image(request), "second\nbash\ncat\nls\n");
}

TEST_F(LocalImages, the_one_that_an_administrator_chose_is_in_the_place_of_the_templates) {
  make_system(image(), "the template's\n");
  make_system(folder_ / "images/example.org/chosen:1", "chosen\n");
  EXPECT_EQ(*ground_.backend().image_of("shell"), image_name);
  EXPECT_TRUE(ground_.backend().check_image("example.org/chosen:1"));
  EXPECT_FALSE(ground_.backend().check_image("example.org/missing:1"));
  EXPECT_FALSE(ground_.backend().check_image("../templates"));
  auto request = ground_.request(new_workspace_id(), "shell");
  request.image = "example.org/chosen:1";
  EXPECT_EQ(which_image(request), "chosen\nbash\ncat\nls\n");
  ASSERT_TRUE(ground_.backend().stop(request.workspace, 1000));
  request.image.clear();
  EXPECT_EQ(which_image(request), "the template's\nbash\ncat\nls\n");
}

TEST_F(LocalImages, programs_can_not_change_the_image) {
  make_system(image(), "unpacked\n");
  const auto address = ground_.start(ground_.request(new_workspace_id(), "shell"));
  EXPECT_NE(run_script(address, "echo mine > /usr/share/which-image").status, 0);
  EXPECT_EQ(run_script(address, "cat /usr/share/which-image").output, "unpacked\n");
}

TEST_F(LocalImages, one_that_is_not_there_is_said_to_be_missing) {
  EXPECT_THAT(refusal("shell"),
              HasSubstr("\"example.org/team/shell:2\" of this template is not on this server"));
  fs::create_directories(image());
  std::ofstream(image() / "index.json") << "{}";
  EXPECT_THAT(refusal("shell"), HasSubstr("can't be used"));
}

TEST_F(LocalImages, a_name_that_leads_elsewhere_is_refused) {
  make_system(folder_ / "outside", "outside\n");
  for (const std::string name : {"../outside", "/etc", "a/../../outside", ".", "a//b", "a b", "-x"}) {
    add_template("odd", R"({"image": ")" + name + "\"}");
    EXPECT_THAT(refusal("odd"), HasSubstr("names no image that could be one")) << name;
  }
  for (const char* json : {R"({"image": 7})", R"({"image": ""})"}) {
    add_template("odd", json);
    EXPECT_THAT(refusal("odd"), HasSubstr("is damaged")) << json;
  }
}

TEST_F(LocalImages, this_machines_own_system_may_stand_in_for_one) {
  add_template("own", std::string(R"({"system": "/", "image": ")") + image_name + "\"}");
  const auto address = ground_.start(ground_.request(new_workspace_id(), "own"));
  EXPECT_NE(run_script(address, "cat /usr/share/which-image").status, 0);
}

const std::string digest_a(64, 'a'), digest_b(64, 'b');
std::string manifest(const std::string& digest, const std::string& name) {
  return R"({"digest": "sha256:)" + digest + R"(", "annotations": {"org.opencontainers.image.ref.name": ")" +
         name + "\"}}";
}

TEST(ImageOfLayout, IsTheOnlyOneOrTheOneOfItsName) {
  const auto alone =
      image_of_layout(R"({"manifests": [)" + manifest(digest_a, "latest") + "]}", "team/rust:2");
  ASSERT_TRUE(alone);
  EXPECT_EQ(alone->digest, digest_a);
  EXPECT_EQ(alone->reference, "latest");
  const auto both = R"({"manifests": [)" + manifest(digest_a, "1") + "," + manifest(digest_b, "2") + "]}";
  EXPECT_EQ(image_of_layout(both, "team/rust:2")->digest, digest_b);
  EXPECT_EQ(image_of_layout(both, "team/rust:3").error().code, ErrorCode::unsupported);
  EXPECT_EQ(image_of_layout(both, "team/rust").error().code, ErrorCode::unsupported);
  EXPECT_EQ(image_of_layout(both, "example.org:1/rust").error().code, ErrorCode::unsupported)
      << "a port is no tag";
  const auto full =
      R"({"manifests": [)" + manifest(digest_a, "2") + "," + manifest(digest_b, "team/rust:2") + "]}";
  EXPECT_EQ(image_of_layout(full, "team/rust:2")->digest, digest_b);
}

TEST(ImageOfLayout, DamagedOnesAreRefused) {
  for (const auto& index :
       {std::string(), std::string("[]"), std::string(R"({"manifests": {}})"),
        std::string(R"({"manifests": []})"), std::string(R"({"manifests": [7, {"digest": 7}, {}]})"),
        R"({"manifests": [)" + manifest("../../x", "a") + "]}"})
    EXPECT_EQ(image_of_layout(index, "a").error().code, ErrorCode::unsupported) << index;
}

}  // namespace
}  // namespace berth::server::local
