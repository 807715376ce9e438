// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/image_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "protocol/codec.hpp"
#include "server/backends/local/child_process.hpp"

namespace berth::server::local {

namespace {

namespace fs = std::filesystem;
using protocol::Json;

constexpr std::size_t largest_index = 1u << 20;      // bytes
constexpr std::chrono::minutes unpack_deadline{15};  // of some gigabytes on a slow disk
constexpr const char* reference_key = "org.opencontainers.image.ref.name";

/// "example.org:5000/team/rust:2": parts of plain characters, none of them "." or "..".
bool is_image_name(const std::string& name) {
  if (name.empty() || name.size() > 512) return false;
  std::size_t begin = 0;
  for (;;) {
    const auto end = std::min(name.find('/', begin), name.size());
    const auto part = std::string_view(name).substr(begin, end - begin);
    const bool plain = std::ranges::all_of(part, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
             c == '_' || c == '-' || c == ':' || c == '@';
    });
    if (part.empty() || !plain || part.front() == '.' || part.front() == '-') return false;
    if (end == name.size()) return true;
    begin = end + 1;
  }
}

std::string tag_of(const std::string& name) {
  const auto colon = name.rfind(':');
  const auto slash = name.rfind('/');
  return colon == name.npos || (slash != name.npos && colon < slash) ? std::string() : name.substr(colon + 1);
}

std::unexpected<Error> not_on_this_server(const std::string& name, std::string detail) {
  return failure(ErrorCode::unsupported,
                 "The image \"" + name +
                     "\" of this template is not on this server; the administrator must put it there.",
                 std::move(detail));
}

std::unexpected<Error> unusable(const std::string& name, std::string detail) {
  return failure(
      ErrorCode::unsupported,
      "The image \"" + name + "\" of this template can't be used; the log says why, for the administrator.",
      std::move(detail));
}

bool has_system(const fs::path& root) {
  std::error_code error;
  return fs::is_directory(root / "usr", error);
}

std::string text_of(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_digest(const std::string& digest) {
  return digest.size() == 71 && digest.starts_with("sha256:") &&
         digest.find_first_not_of("0123456789abcdef", 7) == digest.npos;
}

}  // namespace

Result<LayoutImage> image_of_layout(const std::string& index_json, const std::string& name) {
  const auto index = protocol::parse_json(index_json);
  const auto manifests =
      index && index->is_object() && index->contains("manifests") ? (*index)["manifests"] : Json::array();
  if (!manifests.is_array() || manifests.empty()) return unusable(name, "its index.json names no image");
  std::vector<LayoutImage> all;
  for (const auto& one : manifests) {
    const auto digest = text_of(one, "digest");
    const auto reference = one.is_object() && one.contains("annotations")
                               ? text_of(one["annotations"], reference_key)
                               : std::string();
    if (is_digest(digest) && !reference.empty()) all.push_back({reference, digest.substr(7)});
  }
  const auto called = [&](const std::string& wanted) {
    return std::ranges::find(all, wanted, &LayoutImage::reference);
  };
  auto chosen = called(name);
  if (chosen == all.end() && !tag_of(name).empty()) chosen = called(tag_of(name));
  if (chosen == all.end() && all.size() == 1) chosen = all.begin();
  if (chosen == all.end())
    return unusable(name, "no image of its index.json is called so (" + std::string(reference_key) + ")");
  return *chosen;
}

Result<std::string> ImageFolder::root_of(const std::string& name) {
  if (!is_image_name(name))
    return failure(ErrorCode::invalid_argument, "The template names no image that could be one.", name);
  const auto place = fs::path(folder_) / name;
  if (has_system(place)) return place.string();
  if (has_system(place / "rootfs")) return (place / "rootfs").string();
  std::error_code error;
  if (!fs::exists(place / "index.json", error))
    return not_on_this_server(name, place.string() + " is no unpacked image and no OCI layout");
  return root_of_layout(place.string(), name);
}

Result<void> ImageFolder::check(const std::string& name) const {
  if (!is_image_name(name)) return failure(ErrorCode::invalid_argument, "That is no image's name.", name);
  const auto place = fs::path(folder_) / name;
  if (has_system(place) || has_system(place / "rootfs")) return {};
  std::error_code error;
  if (!fs::exists(place / "index.json", error))
    return failure(
        ErrorCode::unsupported,
        "The image \"" + name + "\" is not on this server; it must be put into its folder of images first.",
        place.string() + " is no unpacked image and no OCI layout");
  auto image = image_of_layout(read_small_file((place / "index.json").string(), largest_index), name);
  if (!image) return std::unexpected(std::move(image.error()));
  return {};
}

Result<std::string> ImageFolder::root_of_layout(const std::string& layout, const std::string& name) {
  auto image = image_of_layout(read_small_file(layout + "/index.json", largest_index), name);
  if (!image) {
    image.error().detail = layout + ": " + image.error().detail;
    return std::unexpected(std::move(image.error()));
  }
  const auto root = unpacked_ + "/" + image->digest;
  if (has_system(root))
    return root;  // it gets that name when it is whole: no start waits for another's image
  const std::scoped_lock lock(unpacking_);
  if (has_system(root)) return root;
  const auto umoci = find_program("umoci");
  if (umoci.empty())
    return unusable(name,
                    "umoci, which unpacks OCI layouts, is not installed; install it, or unpack " + layout);
  std::error_code error;
  fs::create_directories(unpacked_, error);
  // Under another name until it is whole: what a server left that died meanwhile is in nobody's way.
  std::string making = unpacked_ + "/making-XXXXXX";
  if (!mkdtemp(making.data())) return unusable(name, unpacked_ + ": " + std::strerror(errno));
  // umoci takes no path with a colon, and an image's name mostly has one.
  fs::create_directory_symlink(layout, making + "/layout", error);
  auto done = run_checked({.arguments = {umoci, "raw", "unpack", "--rootless", "--image",
                                         making + "/layout:" + image->reference, making + "/root"},
                           .environment = {"PATH=/usr/bin:/bin", "HOME=" + making},
                           .deadline = unpack_deadline},
                          "unpack " + layout);
  if (done && !has_system(making + "/root")) done = unusable(name, layout + " has no /usr");
  if (done) fs::rename(making + "/root", root, error);
  if (done && error) done = unusable(name, root + ": " + error.message());
  std::error_code ignored;
  fs::remove_all(making, ignored);
  if (!done) return unusable(name, std::move(done.error().detail));
  return root;
}

}  // namespace berth::server::local
