// SPDX-License-Identifier: GPL-3.0-or-later
// The images that templates name, as they lie on this machine: for the administrator to put there, by the
// same names that Kubernetes pulls them by.
#pragma once

#include <mutex>
#include <string>

#include "protocol/error.hpp"

namespace berth::server::local {

/// Of the manifests in an OCI layout's index.json: the image called `name`.
struct LayoutImage {
  std::string reference;  // as umoci calls it
  std::string digest;     // 64 hexadecimal digits
};

/// Pure: which image of a layout `name` ("example.org/team/rust:2") is. One that stands alone is it whatever
/// it is called; of several the one called `name`, or by its tag. unsupported, for an administrator, where
/// that leaves none.
Result<LayoutImage> image_of_layout(const std::string& index_json, const std::string& name);

class ImageFolder {
 public:
  /// FOLDER/NAME is an image; what must be unpacked goes to `unpacked`, a folder of this process' own.
  ImageFolder(std::string folder, std::string unpacked)
      : folder_(std::move(folder)), unpacked_(std::move(unpacked)) {}

  /// Root of the image's system: FOLDER/NAME itself where it has usr/, FOLDER/NAME/rootfs (a bundle), or an
  /// OCI layout, which umoci unpacks when its image is used for the first time (seconds to minutes; one at a
  /// time). A layout that was replaced is unpacked anew, beside the old one, which workspaces may still use.
  /// invalid_argument for what is no image's name; unsupported, saying what is to be done, where there is
  /// none.
  Result<std::string> root_of(const std::string& name);

  /// As root_of(), without unpacking anything.
  Result<void> check(const std::string& name) const;

 private:
  Result<std::string> root_of_layout(const std::string& layout, const std::string& name);

  std::string folder_, unpacked_;
  std::mutex unpacking_;
};

}  // namespace berth::server::local
