// SPDX-License-Identifier: GPL-3.0-or-later
// What the table of options is made of: a row, and how values are read. For config*.cpp alone.
#pragma once

#include <charconv>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "server/config.hpp"

namespace berth::server::config_table {

/// A value and where it came from, for messages: "environment BERTH_LISTEN".
using Setter = std::function<Result<void>(Config&, const std::string& value, const std::string& from)>;

struct Option {
  const char* name;
  const char* help;
  Setter set;
  bool secret = false;  // refused as a flag: everybody on the machine can read those
};

inline std::unexpected<Error> wrong(const std::string& from, const std::string& what) {
  return failure(ErrorCode::invalid_argument, from + ": " + what);
}

/// What stands between commas and blanks.
inline std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : text + ",") {
    if (c == ',' || c == ' ') {
      if (!word.empty()) out.push_back(std::exchange(word, {}));
    } else {
      word += c;
    }
  }
  return out;
}

template <class T>
Result<void> set_number(T& into, T least, T most, const std::string& value, const std::string& from) {
  T parsed{};
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
  if (error != std::errc{} || end != value.data() + value.size() || !(parsed >= least) || !(parsed <= most))
    return wrong(from, "must be a number from " + std::to_string(least) + " to " + std::to_string(most));
  into = parsed;
  return {};
}

inline Result<void> set_truth(bool& into, const std::string& value, const std::string& from) {
  const bool yes = value == "true" || value == "1" || value == "yes",
             no = value == "false" || value == "0" || value == "no";
  if (!yes && !no) return wrong(from, "must be true or false");
  into = yes;
  return {};
}

/// The rows of kubernetes_*.
std::vector<Option> kubernetes_options();

/// The rows of mail_* and identity_provider_*.
std::vector<Option> sign_in_options();
/// One table [[identity_providers]] of a file.
Result<void> add_identity_provider(Config& config, const std::map<std::string, std::string>& fields,
                                   const std::string& from);
/// Once all sources were read: what is missing or said twice.
Result<void> complete_sign_in(Config& config);

}  // namespace berth::server::config_table
