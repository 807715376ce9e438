// SPDX-License-Identifier: GPL-3.0-or-later
// Pages of large files: read one after the other they are the file, and each is whole lines and characters.
#include "runner/document_pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "protocol/text_operation.hpp"
#include "runner/text_encoding.hpp"

namespace berth::runner {
namespace {

namespace fs = std::filesystem;
using protocol::DocumentPage;

struct DocumentPages : testing::Test {
  fs::path home;
  void SetUp() override {
    char name[] = "/tmp/berth-home-XXXXXX";
    home = ::mkdtemp(name);
  }
  void TearDown() override { fs::remove_all(home); }
  net::HomeFiles files() const { return net::HomeFiles(*net::ConfinedDirectory::open(home)); }
  void put(const std::string& text, Encoding encoding = Encoding::utf8,
           LineEnding ending = LineEnding::lf) const {
    TextEncoder encoder(encoding, ending);
    auto bytes = encoder.mark();
    ASSERT_TRUE(encoder.feed(text, bytes));
    std::ofstream(home / "big.log", std::ios::binary) << bytes;
  }
  Result<DocumentPage::Result> page(std::uint64_t offset, std::uint64_t length,
                                    std::optional<Encoding> encoding = {}) const {
    return read_document_page(files(), {"big.log", offset, length, encoding});
  }
  /// Every page from the start to the end, each at least a line or a character long.
  std::string all(std::uint64_t length, Encoding encoding) const {
    std::string text;
    for (std::uint64_t at = 0;;) {
      const auto read = page(at, length, encoding);
      if (!read) return read.error().message;
      if (read->offset != at) return "a page began elsewhere";
      if (!protocol::is_valid_utf8(read->text)) return "not UTF-8";
      text += read->text;
      if (read->next == read->size) return text;
      if (read->next <= at) return "no end";
      at = read->next;
    }
  }
};

TEST_F(DocumentPages, OneAfterTheOtherTheyAreTheFileWhateverItsEncoding) {
  std::mt19937 random(20261121);
  const std::string letters[] = {"a", "b", " ", "é", "漢", "😀", "\n", "x", "y", "z"};
  for (const auto encoding : {Encoding::utf8, Encoding::utf8_bom, Encoding::utf16le, Encoding::utf16be})
    for (const auto ending : {LineEnding::lf, LineEnding::crlf})
      for (int round = 0; round < 20; ++round) {
        std::string text;
        // Every other round has lines that are longer than a page.
        const auto kinds = round % 2 == 0 ? std::size(letters) : std::size_t{6};
        for (int i = 0; i < 600; ++i) text += letters[random() % kinds];
        put(text, encoding, ending);
        for (const std::uint64_t length : {1u, 16u, 17u, 64u, 333u, 4096u})
          ASSERT_EQ(all(length, encoding), text) << "round " << round << ", pages of " << length;
      }
}

TEST_F(DocumentPages, APageIsWholeLines) {
  put("one\ntwo\nthree and more\nfour\n");
  const auto middle = page(10, 20);
  ASSERT_TRUE(middle);
  EXPECT_EQ(middle->offset, 8u);
  EXPECT_EQ(middle->text, "three and more\nfour\n");
  EXPECT_EQ(middle->next, middle->size);
  EXPECT_EQ(page(0, 16)->text, "one\ntwo\n");
}

TEST_F(DocumentPages, TheEncodingIsFoundByTheBeginning) {
  put("Grüße\nund mehr davon\n", Encoding::utf16le);
  const auto first = page(0, 16);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->encoding, Encoding::utf16le);
  EXPECT_EQ(page(first->next, 100, first->encoding)->text, "und mehr davon\n");
}

TEST_F(DocumentPages, WhatCannotBeShownIsRefused) {
  put("text\n");
  EXPECT_EQ(page(0, 0).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(page(0, largest_page + 1).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(page(1000, 10)->next, 5u) << "behind the end is the last line";
  EXPECT_EQ(read_document_page(files(), {"absent", 0, {}, {}}).error().code, ErrorCode::not_found);
  EXPECT_FALSE(read_document_page(files(), {"../etc/passwd", 0, {}, {}}));
  EXPECT_EQ(read_document_page(files(), {"/etc/passwd", 0, {}, {}}).error().code,
            ErrorCode::permission_denied);
  std::ofstream(home / "binary") << std::string(100, '\0');
  EXPECT_EQ(read_document_page(files(), {"binary", 0, {}, {}}).error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace berth::runner
