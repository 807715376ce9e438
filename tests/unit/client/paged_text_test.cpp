// SPDX-License-Identifier: GPL-3.0-or-later
// Scrolling through a file of pages: every line once, few pages kept, places found.
#include "client/core/paged_text.hpp"

#include <gmock/gmock.h>

namespace berth::client {
namespace {

using protocol::DocumentPage;

/// A runner that pages an ASCII text by the rules of document/page, and answers at once.
struct PagedFile {
  std::string text, etag = "1";
  bool fails = false;

  Result<DocumentPage::Result> read(const DocumentPage::Params& params) const {
    if (fails) return failure(ErrorCode::unavailable, "You are offline.");
    const auto length = params.length.value_or(256u << 10);
    const auto asked = std::min<std::uint64_t>(params.offset, text.size());
    const auto before = asked == 0 ? std::string::npos : text.rfind('\n', asked - 1);
    const auto line = before == std::string::npos ? 0 : before + 1;
    const auto offset = asked - line <= length / 2 ? line : asked;
    auto next = std::min<std::uint64_t>(offset + length, text.size());
    if (next < text.size())
      if (const auto end = text.rfind('\n', next - 1); end != std::string::npos && end + 1 > offset)
        next = end + 1;
    return DocumentPage::Result{text.substr(offset, next - offset), offset, next, text.size(),
                                protocol::Encoding::utf8,           etag};
  }
  PagedText::Ask ask() {
    return [this](const auto& params, const auto& done) { done(read(params)); };
  }
};

QStringList some_lines(int count) {
  QStringList lines;
  for (int at = 0; at < count; ++at)
    lines.append(QStringLiteral("line %1 %2").arg(at).arg(QString(at % 90, QLatin1Char('x'))));
  return lines;
}

PagedFile file_of(const QStringList& lines) { return {lines.join(QLatin1Char('\n')).toStdString() + "\n"}; }

TEST(PagedText, EveryLineIsSeenToTheEndAndBack) {
  const auto lines = some_lines(25'000);
  auto file = file_of(lines);
  PagedText text(QStringLiteral("big.log"), file.ask());
  text.show(40);
  text.jump(0);
  for (int at = 0; at + 250 < lines.size(); at += 250) {
    ASSERT_EQ(text.rows(250), lines.mid(at, 250));
    text.scroll(250);
  }
  text.jump(1);
  for (int end = lines.size(); end > 250; end -= 250) {
    ASSERT_EQ(text.rows(40), lines.mid(end - 40, 40));
    text.scroll(-250);
  }
  text.scroll(-300);
  EXPECT_EQ(text.rows(2), lines.mid(0, 2));
}

TEST(PagedText, APlaceIsFoundAndKnown) {
  auto file = file_of(some_lines(100'000));
  PagedText text(QStringLiteral("big.log"), file.ask());
  text.show(40);
  text.jump(0);
  text.jump(0.5);
  EXPECT_NEAR(text.position(), 0.5, 0.01);
  EXPECT_TRUE(text.rows(1).value(0).startsWith(QLatin1String("line ")));
}

TEST(PagedText, LinesLongerThanAPageAreReadToTheirEnd) {
  PagedFile file{std::string(300'000, 'a') + "\nlast"};
  PagedText text(QStringLiteral("big.log"), file.ask());
  text.show(40);
  text.jump(0);
  EXPECT_EQ(text.rows(40).last(), QStringLiteral("last"));
}

TEST(PagedText, AChangeOfTheFileAndAFailureAreTold) {
  auto file = file_of(some_lines(60'000));
  PagedText text(QStringLiteral("big.log"), file.ask());
  text.show(40);
  text.jump(0);
  file.etag = "2";
  text.jump(0.9);
  EXPECT_TRUE(text.changedOnDisk());
  text.readAgain();
  EXPECT_FALSE(text.changedOnDisk());
  file.fails = true;
  text.jump(0.1);
  EXPECT_EQ(text.problem(), QStringLiteral("You are offline."));
  file.fails = false;
  text.jump(0.1);
  EXPECT_TRUE(text.problem().isEmpty());
}

}  // namespace
}  // namespace berth::client
