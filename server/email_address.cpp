// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/email_address.hpp"

#include <algorithm>

namespace berth::server {

Result<std::string> normal_email(const std::string& given) {
  std::string email = given;
  while (!email.empty() && email.back() == ' ') email.pop_back();
  email.erase(0, email.find_first_not_of(' ') == email.npos ? email.size() : email.find_first_not_of(' '));
  std::ranges::transform(email, email.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const auto at = email.find('@');
  const bool plain = std::ranges::none_of(
      email, [](unsigned char c) { return c <= ' ' || c == 127 || c == '<' || c == '>'; });
  if (!plain || email.size() > 254 || at == 0 || at == email.npos || at + 1 == email.size() ||
      email.find('@', at + 1) != email.npos)
    return failure(ErrorCode::invalid_argument, "body.email: not an e-mail address");
  return email;
}

}  // namespace berth::server
