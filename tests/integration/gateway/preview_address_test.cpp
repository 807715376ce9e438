// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/preview_address.hpp"
#include "server/percent_encoding.hpp"

#include <gtest/gtest.h>

namespace berth::server {
namespace {

const PreviewTarget target{"abcdefgh23", 3000};

TEST(PreviewHosts, NamesAPortOfAWorkspaceAndReadsItBack) {
  const PreviewHosts hosts("localhost:7070", false);
  EXPECT_EQ(hosts.origin(target), "http://3000--abcdefgh23.localhost:7070");
  EXPECT_EQ(hosts.parse("3000--abcdefgh23.localhost:7070"), target);
  EXPECT_EQ(hosts.parse("3000--ABCDEFGH23.LocalHost"), target) << "any case, any port";
  EXPECT_TRUE(hosts.trustworthy());
}

TEST(PreviewHosts, TakesACustomDomain) {
  const PreviewHosts hosts("preview.example.test:8080", false);
  EXPECT_EQ(hosts.parse("3000--abcdefgh23.preview.example.test:8080"), target);
  EXPECT_EQ(hosts.origin(target), "http://3000--abcdefgh23.preview.example.test:8080");
  EXPECT_FALSE(hosts.trustworthy());
  EXPECT_FALSE(hosts.parse("3000--abcdefgh23.localhost:8080"));
  EXPECT_TRUE(PreviewHosts("p.example.test", true).trustworthy());
}

TEST(PreviewHosts, TakesNothingElseForAPreview) {
  const PreviewHosts hosts("localhost:7070", false);
  for (const auto* host :
       {"localhost:7070", "", ".localhost", "3000.localhost", "3000--abcdefgh2.localhost",
        "3000--abcdefgh234.localhost", "3000--abcdefgh18.localhost", "0--abcdefgh23.localhost",
        "65536--abcdefgh23.localhost", "03000--abcdefgh23.localhost", "-1--abcdefgh23.localhost",
        "+1--abcdefgh23.localhost", "x.3000--abcdefgh23.localhost", "3000--abcdefgh23.localhost.evil.test",
        "3000--abcdefgh23.evillocalhost", "3000--abcdefgh23.127.0.0.1:7070", "[::1]:7070"})
    EXPECT_FALSE(hosts.parse(host)) << host;
}

TEST(PreviewHosts, KnowsTheOriginsOfOneWorkspace) {
  const PreviewHosts hosts("localhost:7070", false);
  EXPECT_TRUE(hosts.is_origin_of("http://3000--abcdefgh23.localhost:7070", "abcdefgh23"));
  EXPECT_TRUE(hosts.is_origin_of("http://8000--abcdefgh23.localhost:7070", "abcdefgh23"));
  for (const auto* origin :
       {"http://3000--zzzzzzzzzz.localhost:7070", "https://3000--abcdefgh23.localhost:7070", "null",
        "http://3000--abcdefgh23.localhost:9999", "http://localhost:7070"})
    EXPECT_FALSE(hosts.is_origin_of(origin, "abcdefgh23")) << origin;
}

TEST(PreviewPath, SplitsCapabilityAndRest) {
  const auto path = parse_preview_path("/p/abc.def/x/y?z=1");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->capability, "abc.def");
  EXPECT_EQ(path->rest, "/x/y?z=1");
  for (const auto* bad : {"/", "/p/", "/p/abc", "/p/abc?x", "/p//x", "/q/abc/"})
    EXPECT_FALSE(parse_preview_path(bad)) << bad;
}

TEST(SafeDestination, IsAPathOnTheSameOrigin) {
  EXPECT_EQ(safe_destination("/a?b=c#d"), "/a?b=c#d");
  for (const auto* bad :
       {"", "a", "//evil.test", "/\\evil.test", "https://evil.test", "/a\r\nSet-Cookie: x", "/a b", "/\x80"})
    EXPECT_EQ(safe_destination(bad), "/") << bad;
}

TEST(QueryValue, IsDecoded) {
  EXPECT_EQ(query_value("/x?a=1&to=%2Fb%3Fc%3D1+2&d", "to"), "/b?c=1 2");
  EXPECT_EQ(query_value("/x?d", "d"), "");
  EXPECT_FALSE(query_value("/x", "to"));
  EXPECT_FALSE(query_value("/x?to=%zz", "to"));
  EXPECT_FALSE(query_value("/x?to=%2", "to"));
  EXPECT_EQ(query_value("/?to=" + percent_encoded("/a b?c=d&e=ä"), "to"), "/a b?c=d&e=ä");
}

}  // namespace
}  // namespace berth::server
