// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/server_keys.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace berth::server {
namespace {

constexpr char context[crypto_kdf_CONTEXTBYTES + 1] = "berthkey";

protocol::KeyPair derive_pair(const std::array<unsigned char, 32>& seed, std::uint64_t number) {
  std::array<unsigned char, crypto_sign_SEEDBYTES> own{};
  crypto_kdf_derive_from_key(own.data(), own.size(), number, context, seed.data());
  protocol::KeyPair pair;
  crypto_sign_seed_keypair(pair.public_key.data(), pair.secret_key.data(), own.data());
  sodium_memzero(own.data(), own.size());
  return pair;
}

}  // namespace

/// Makes the file complete or not at all, so that a crash here can't leave half a key.
Result<void> keep_secret(const std::filesystem::path& path, const std::array<unsigned char, 32>& seed) {
  const auto draft = path.string() + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  bool good = fd >= 0;
  good = good && ::fchmod(fd, 0600) == 0 &&
         ::write(fd, seed.data(), seed.size()) == static_cast<ssize_t>(seed.size()) && ::fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (!good || ::rename(draft.c_str(), path.c_str()) != 0)
    return failure(ErrorCode::internal, "The server's key can't be written to its data folder.",
                   path.string() + ": " + std::strerror(good ? errno : error));
  return {};
}

Result<std::array<unsigned char, 32>> read_mounted_secret(const std::filesystem::path& path) {
  std::array<unsigned char, 32> secret{};
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status{};
  const bool good = fd >= 0 && ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                    (status.st_mode & 07) == 0 && status.st_size == static_cast<off_t>(secret.size()) &&
                    ::read(fd, secret.data(), secret.size()) == static_cast<ssize_t>(secret.size());
  if (fd >= 0) ::close(fd);
  if (!good)
    return failure(ErrorCode::invalid_argument,
                   path.string() +
                       " can't be used as a key: it must be a file of 32 bytes that not everybody may read.");
  return secret;
}

ServerKeys derive_server_keys(const std::array<unsigned char, 32>& seed) {
  ServerKeys keys;
  keys.connect = derive_pair(seed, 1);
  keys.access = derive_pair(seed, 2);
  crypto_kdf_derive_from_key(keys.refresh.data(), keys.refresh.size(), 3, context, seed.data());
  crypto_kdf_derive_from_key(keys.preview.data(), keys.preview.size(), 4, context, seed.data());
  crypto_kdf_derive_from_key(keys.identity.data(), keys.identity.size(), 5, context, seed.data());
  crypto_kdf_derive_from_key(keys.second_factor.data(), keys.second_factor.size(), 6, context, seed.data());
  return keys;
}

Result<std::array<unsigned char, 32>> load_secret(const std::filesystem::path& path) {
  std::array<unsigned char, 32> secret{};
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0 && errno == ENOENT) {
    randombytes_buf(secret.data(), secret.size());
    if (auto written = keep_secret(path, secret); !written) return std::unexpected(written.error());
    return secret;
  }
  struct stat status{};
  const bool good = fd >= 0 && ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                    (status.st_mode & 077) == 0 && status.st_size == static_cast<off_t>(secret.size()) &&
                    ::read(fd, secret.data(), secret.size()) == static_cast<ssize_t>(secret.size());
  if (fd >= 0) ::close(fd);
  if (!good)
    return failure(ErrorCode::internal, path.string() +
                                            " can't be used as the server's key: it must be a file of 32 "
                                            "bytes, readable by its owner only (chmod 600).");
  return secret;
}

Result<ServerKeys> load_server_keys(const std::filesystem::path& folder) {
  auto seed = load_secret(folder / "server.key");
  if (!seed) return std::unexpected(seed.error());
  auto keys = derive_server_keys(*seed);
  sodium_memzero(seed->data(), seed->size());
  return keys;
}

}  // namespace berth::server
