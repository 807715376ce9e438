// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/random_id.hpp"

#include <sodium.h>

namespace berth::server {

std::string random_id(std::size_t length) {
  static constexpr char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
  std::string id(length, '\0');
  randombytes_buf(id.data(), id.size());
  for (auto& c : id) c = letters[static_cast<unsigned char>(c) & 31u];
  return id;
}

}  // namespace berth::server
