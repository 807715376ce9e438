// SPDX-License-Identifier: GPL-3.0-or-later
#include "stage.hpp"

int main(int argc, char** argv) {
  return berth::test::run_on_stage(argc, argv, berth::test::Beside::keychain);
}
