// SPDX-License-Identifier: GPL-3.0-or-later
// generate_protocol ROOT          writes what is generated into the source tree
// generate_protocol --check ROOT  exits 1 and names each file that is stale
#include <fstream>
#include <iostream>
#include <sstream>

#include "protocol/schema.hpp"

namespace {

using namespace berth::protocol;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// The README with everything after the marker replaced by the reference.
std::string readme_with(const std::string& readme, const std::string& reference) {
  const std::string marker = "<!-- generated below by generate_protocol -->\n";
  const auto at = readme.find(marker);
  if (at == readme.npos) return readme + "\n" + marker + reference;
  return readme.substr(0, at + marker.size()) + reference;
}

}  // namespace

int main(int argc, char** argv) {
  const bool check = argc == 3 && std::string(argv[1]) == "--check";
  if (argc != (check ? 3 : 2)) {
    std::cerr << "usage: generate_protocol [--check] ROOT\n";
    return 2;
  }
  const std::string root = std::string(argv[argc - 1]) + "/";
  const auto protocol = schema::describe();
  const std::pair<std::string, std::string> files[] = {
      {root + "client/web/src/protocol/messages.ts", schema::typescript(protocol)},
      {root + "protocol/openapi.json", schema::openapi(protocol).dump(2) + "\n"},
      {root + "protocol/README.md",
       readme_with(read_file(root + "protocol/README.md"), schema::reference(protocol))},
  };
  int stale = 0;
  for (const auto& [path, text] : files) {
    if (read_file(path) == text) continue;
    ++stale;
    if (check) {
      std::cerr << path << " is stale: run generate_protocol\n";
    } else {
      std::ofstream(path, std::ios::binary) << text;
      std::cout << "wrote " << path << "\n";
    }
  }
  return check && stale > 0 ? 1 : 0;
}
