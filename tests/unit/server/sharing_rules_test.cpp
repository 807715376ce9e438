// SPDX-License-Identifier: GPL-3.0-or-later
// The pure parts of sharing: what a public project shows, how ports are written.
#include <gtest/gtest.h>

#include "server/email_address.hpp"
#include "server/port_sharing.hpp"
#include "server/public_projects.hpp"

namespace berth::server {
namespace {

TEST(PublicPath, StaysInTheProject) {
  EXPECT_EQ(*public_path(""), "project");
  EXPECT_EQ(*public_path("project"), "project");
  EXPECT_EQ(*public_path("project/a/b.txt"), "project/a/b.txt");
  EXPECT_EQ(*public_path("project/.github/x"), "project/.github/x");
  EXPECT_EQ(*public_path("./project//a/./b/"), "project/a/b");
  for (const auto* path : {"a", "projects", "projec", ".ssh/id", "project/../a", "../project", "/project",
                           "Project", "project/.git", "project/.git/config", "project/a/.git/b", ".git"})
    EXPECT_FALSE(public_path(path)) << path;
  EXPECT_FALSE(public_path(std::string("project/a\0b", 11)));
}

TEST(PortSharing, APortHasOneSpelling) {
  EXPECT_EQ(parse_port("1"), 1);
  EXPECT_EQ(parse_port("65535"), 65535);
  for (const auto* text :
       {"", "0", "65536", "-1", "+1", "01", " 1", "1 ", "1.0", "0x10", "99999999999999999999"})
    EXPECT_EQ(parse_port(text), std::nullopt) << text;
}

TEST(EmailAddress, IsOneForAllItsSpellings) {
  EXPECT_EQ(*normal_email("  Ann@Example.ORG "), "ann@example.org");
  for (const auto* text : {"", " ", "ann", "@b", "a@", "a@b@c", "a b@c", "<a@b>", "a@b\n"})
    EXPECT_FALSE(normal_email(text)) << text;
}

}  // namespace
}  // namespace berth::server
