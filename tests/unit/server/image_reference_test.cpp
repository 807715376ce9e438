// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/image_reference.hpp"

#include <gtest/gtest.h>

namespace berth::server {
namespace {

TEST(ImageReference, IsWhatRegistriesTake) {
  const std::string digest = "@sha256:" + std::string(64, 'a');
  for (const std::string& good :
       {std::string("python"), std::string("python:3.13"), std::string("team/tool__x-y.z:V_1.2-b"),
        std::string("registry.example.org/team/rust:2"), std::string("localhost:5000/a/b"), "a" + digest,
        "Registry.example.org:443/team/rust:2" + digest})
    EXPECT_TRUE(is_image_reference(good)) << good;
}

TEST(ImageReference, IsNothingElse) {
  for (const std::string& bad : {std::string(),
                                 std::string("Python"),
                                 std::string("a b"),
                                 std::string("../outside"),
                                 std::string("/etc"),
                                 std::string("a//b"),
                                 std::string("a/"),
                                 std::string("a:"),
                                 std::string("a:-x"),
                                 std::string("-a"),
                                 std::string("a-"),
                                 std::string("a..b"),
                                 std::string("a___b"),
                                 std::string("a@sha256:12"),
                                 std::string("a@md5:0"),
                                 std::string("a\n"),
                                 std::string("a;b"),
                                 std::string("$(x)"),
                                 std::string("host:port/a"),
                                 std::string("host:123456/a"),
                                 std::string("-host.org/a"),
                                 std::string("http://example.org/a"),
                                 std::string("a:" + std::string(129, 't')),
                                 std::string(300, 'a'),
                                 "a@sha256:" + std::string(64, 'A')})
    EXPECT_FALSE(is_image_reference(bad)) << bad;
}

}  // namespace
}  // namespace berth::server
