// SPDX-License-Identifier: GPL-3.0-or-later
// An editor that is a string.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "client/core/document.hpp"

namespace berth::test {

class TextBuffer : public client::DocumentBuffer {
 public:
  std::string text() const override { return text_; }
  void apply(const protocol::TextOperation& operation) override {
    const auto text = operation.apply(text_);
    EXPECT_TRUE(text) << (text ? "" : text.error().message);
    if (text) text_ = *text;
  }
  std::string text_;
};

}  // namespace berth::test
