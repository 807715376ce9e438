// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>

#include "stage.hpp"
#include "this_machine_desk.hpp"

int main(int argc, char** argv) {
  if (std::getenv("BERTH_THIS_MACHINE_DESK")) return berth::test::run_this_machine_desk(argc, argv);
  return berth::test::run_on_stage(argc, argv);
}
