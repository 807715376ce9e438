#include <iostream>
#include <string>

std::string greeting(const std::string& name) { return "Hello, " + name + "!"; }

int main() {
  std::cout << greeting("world") << " This is C++ on Berth.\n";
  return 0;
}
