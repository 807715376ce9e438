// SPDX-License-Identifier: GPL-3.0-or-later
// The REST API's part about what people like: settings that follow a person from one client to the next. The
// names and values are the clients' (client/web/README.md lists them); the server keeps the newest of each.
#pragma once

#include "protocol/rest.hpp"

namespace berth::protocol::rest {

struct Preference {
  std::string name;   // "terminal.scrollback": a-z 0-9 . _ -, 1..100 characters
  std::string value;  // JSON text, 4 KiB at most (64 KiB of `terminal.profiles`)
  std::int64_t changed;
};
BOOST_DESCRIBE_STRUCT(Preference, (), (name, value, changed))

struct Preferences {
  std::vector<Preference> preferences;
};
BOOST_DESCRIBE_STRUCT(Preferences, (), (preferences))

struct GetPreferences {
  static constexpr std::string_view method = "GET", path = "/api/v1/me/preferences",
                                    summary = "The person's settings, the same in all clients.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_read;
  using Body = NoBody;
  using Result = Preferences;
};

struct UpdatePreferences {
  static constexpr std::string_view method = "PATCH", path = "/api/v1/me/preferences",
                                    summary =
                                        "Changes some of the person's settings, as far as nobody changed "
                                        "them later; answers with all. 500 of "
                                        "them at most.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_write;
  struct Change {
    std::string name;
    std::string value;
    std::int64_t age;  // ms since the person changed it: clients' clocks need not agree
  };
  struct Body {
    std::vector<Change> preferences;
  };
  using Result = Preferences;
};
BOOST_DESCRIBE_STRUCT(UpdatePreferences::Change, (), (name, value, age))
BOOST_DESCRIBE_STRUCT(UpdatePreferences::Body, (), (preferences))

using PreferenceRoutes = boost::mp11::mp_list<GetPreferences, UpdatePreferences>;

}  // namespace berth::protocol::rest
