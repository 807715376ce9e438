// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>

#include "second_desk.hpp"
#include "stage.hpp"

int main(int argc, char** argv) {
  if (const char* workspace = std::getenv("BERTH_SECOND_DESK"))
    return berth::test::run_second_desk(argc, argv, workspace);
  return berth::test::run_on_stage(argc, argv);
}
