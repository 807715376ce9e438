// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/import_source.hpp"

#include <gtest/gtest.h>

namespace berth::runner {
namespace {

TEST(ImportSource, TakesUrlsOfHostsOnly) {
  for (const char* url : {"https://example.org/a.git", "http://127.0.0.1:8000/a", "ssh://git@example.org/a",
                          "git://example.org/a", "https://user:secret@example.org/a.git"})
    EXPECT_TRUE(check_git_url(url)) << url;
  for (const char* url : {"", "file:///etc", "/etc", "../x", "ext::sh -c id", "--upload-pack=id", "https://",
                          "https:///etc", "ssh://-oProxyCommand=id/x", "ssh://user@-oProxyCommand=id/x",
                          "https://example.org/a b", "https://example.org/a\nb", "https://example.org",
                          "https://example.org/", "HTTPS://example.org/a", "git@example.org:a"})
    EXPECT_FALSE(check_git_url(url)) << url;
  EXPECT_FALSE(check_git_url("https://example.org/" + std::string(3000, 'a')));
}

TEST(ImportSource, AnUnknownFormatIsRefused) {
  EXPECT_EQ(archive_program("/a", "rar", 1).error().code, ErrorCode::invalid_argument);
}

TEST(ImportOutput, TellsTheLastLineItsPercentAndWhy) {
  ImportOutput output;
  EXPECT_FALSE(output.append("Receiving objects:  4"));
  EXPECT_TRUE(output.append("5% (450/1000)\rReceiving objects:  46%"));
  EXPECT_EQ(output.last(), "Receiving objects:  45% (450/1000)");
  EXPECT_EQ(output.percent(), 45.0);
  EXPECT_TRUE(output.append("\r\n\033[31mfatal: no such repository\033[0m\n\n"));
  EXPECT_EQ(output.percent(), std::nullopt);
  EXPECT_EQ(output.reason(), "[31mfatal: no such repository[0m");
}

TEST(ImportOutput, TheReasonIsGitsOwn) {
  ImportOutput output;
  (void)output.append("fatal: repository 'https://user:secret@example.org/a' not found\nbye\n");
  EXPECT_EQ(output.reason(), "fatal: repository 'https://example.org/a' not found");
  EXPECT_EQ(output.last(), "bye");
}

TEST(ImportOutput, WhatUnpackingSaysIsTheReason) {
  ImportOutput output;
  (void)output.append("Unpacking: 40%, 12 MiB\r\nunpack: it is encrypted\r\n");
  EXPECT_EQ(output.reason(), "it is encrypted");
}

TEST(ImportOutput, ALineWithoutEndIsBounded) {
  ImportOutput output;
  (void)output.append(std::string(1u << 20, 'x'));
  (void)output.append("\n");
  EXPECT_LE(output.last().size(), 300u);
}

}  // namespace
}  // namespace berth::runner
