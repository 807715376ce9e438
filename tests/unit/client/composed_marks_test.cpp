// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/composed_marks.hpp"

#include <gtest/gtest.h>

namespace berth::desktop {
namespace {

TEST(ComposedMarks, ALetterAndItsMarksAreTheOneLetterThatTheyMake) {
  EXPECT_EQ(with_composed_marks("cafe\xcc\x81 o\xcc\x88l"), QByteArray("caf\xc3\xa9 \xc3\xb6l"));
  EXPECT_EQ(with_composed_marks("e\xcc\x82\xcc\x81"), QByteArray("\xe1\xba\xbf")) << "two marks, one letter";
  EXPECT_EQ(with_composed_marks("\xcf\x89\xcc\x81"), QByteArray("\xcf\x8e")) << "not Latin alone";
  EXPECT_EQ(with_composed_marks("\x1b[31me\xcc\x81\x1b[0m"), QByteArray("\x1b[31m\xc3\xa9\x1b[0m"));
}

TEST(ComposedMarks, EverythingElseIsLeftAlone) {
  for (const QByteArray text :
       {"", "plain", "\xcc\x81", "x\xcc\x82", "e \xcc", "e\xcc", "\xcc\xcc\xcc", "\xe2\x82\xcc\x81",
        "\x1b\xcc\x81", "\xf0\x9f\x98\x80", "\xcd\xb0", "\x80\x80\x80\x80\x80\xcc\x81"})
    EXPECT_EQ(with_composed_marks(text), text) << text.toHex().toStdString();
}

}  // namespace
}  // namespace berth::desktop
