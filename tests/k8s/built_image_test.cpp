// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace image of k8s/images over the local backend: the same template, the same image, no Kubernetes.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/integration/local/local_fixture.hpp"

namespace berth::server::local {
namespace {

namespace fs = std::filesystem;

constexpr const char* python_image = "localhost/berth/python:" BERTH_VERSION;

void run_command(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error(command + " failed");
}

TEST(BuiltImages, a_template_runs_in_its_image_on_this_machine_too) {
  // Made by root, who this is no more after TestGround::get(): the archive is open before.
  run_command(BERTH_IMAGES "/build --from " BERTH_BUILD " --to " BERTH_BUILD "/images python");
  const int archive = ::open(BERTH_BUILD "/images/python.tar", O_RDONLY);  // for tar, too
  const auto images = fs::path(TestGround::get().folder) / "images";
  fs::create_directories(images / python_image);
  run_command("tar -C '" + (images / python_image).string() + "' -x <&" + std::to_string(archive));
  const auto templates = fs::path(TestGround::get().folder) / "image-templates";
  fs::create_directories(templates / "data");
  std::ofstream(templates / "data" / "template.json") << R"({"image": ")" << python_image << "\"}";
  LocalGround ground([&](LocalBackendOptions& options) {
    options.images = images;
    options.templates = templates;
  });
  const auto address = ground.start(ground.request(new_workspace_id(), "data"));
  const auto done = run_script(address,
                               "python -c 'import numpy, pandas, scipy; print(numpy.arange(4).sum())'; git "
                               "--version; touch /usr/mine || echo closed",
                               std::chrono::seconds(60));
  EXPECT_EQ(done.output.substr(0, 2), "6\n") << done.output;
  EXPECT_NE(done.output.find("git version"), done.output.npos) << done.output;
  EXPECT_NE(done.output.find("closed"), done.output.npos)
      << "the image is nobody's to change: " << done.output;
}

}  // namespace
}  // namespace berth::server::local
