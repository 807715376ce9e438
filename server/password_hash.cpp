// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/password_hash.hpp"

#include <sodium.h>

namespace berth::server {
namespace {

Result<std::string> hash_now(const std::string& password) {
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return failure(ErrorCode::unavailable, "The server has no memory to check passwords now; try again.");
  hash.resize(hash.find('\0'));
  return hash;
}

}  // namespace

template <class Work>
auto PasswordHash::run(Work work) -> net::Task<decltype(work())> {
  struct Place {
    std::atomic<int>& count;
    ~Place() { --count; }
  };
  if (++waiting_ > most_waiting) {
    --waiting_;
    co_return failure(ErrorCode::unavailable,
                      "Too many people are signing in at this moment; try again in a few seconds.");
  }
  const Place place{waiting_};
  co_return co_await net::offload(threads_, std::move(work));
}

net::Task<Result<std::string>> PasswordHash::make(std::string password) {
  co_return co_await run(
      [password = std::move(password)]() -> Result<std::string> { return hash_now(password); });
}

net::Task<Result<bool>> PasswordHash::matches(std::string password, std::string hash) {
  co_return co_await run([password = std::move(password), hash = std::move(hash)]() -> Result<bool> {
    if (!hash.empty()) return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
    if (auto spent = hash_now(password); !spent) return std::unexpected(spent.error());
    return false;
  });
}

}  // namespace berth::server
