// SPDX-License-Identifier: GPL-3.0-or-later
// The tools that people use every day work in a workspace as they expect, and each template runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocol/codec.hpp"
#include "tests/integration/local/local_fixture.hpp"

namespace berth::server::local {

namespace {

using std::chrono::minutes;
using testing::HasSubstr;
using testing::StartsWith;

/// A workspace with room for installers.
RunnerAddress start_roomy(LocalGround& ground, const std::string& template_id = "empty") {
  auto request = ground.request(new_workspace_id(), template_id);
  request.limits = {.cpu = 2, .memory = 1ull << 30, .processes = 512};
  return ground.start(request);
}

/// The template's own run command.
std::string run_command(const LocalGround& ground, const std::string& template_id) {
  auto json = protocol::parse_json(
      read_small_file(ground.options().templates + "/" + template_id + "/template.json"));
  return json ? json->value("run_command", "") : "";
}

constexpr const char* wait_for_port =
    "for i in $(seq 200); do curl -s -o /dev/null localhost:$PORT && break; sleep 0.05; done; ";

TEST(LocalTools, names_are_resolved_and_the_internet_is_reached) {
  LocalGround ground;
  const auto address = start_roomy(ground);
  const auto end = run_script(
      address,
      "url=$(npm config get registry); host=$(echo $url | cut -d/ -f3); getent hosts $host > /dev/null && "
      "curl -sS -m 20 -o /dev/null -w '%{http_code}' $url");
  EXPECT_EQ(end.status, 0) << end.output;
  EXPECT_EQ(end.output, "200");
  EXPECT_NE(run_script(address, "getent hosts no-such-name.invalid").status, 0);
}

TEST(LocalTools, npm_installs_packages_and_global_programs) {
  LocalGround ground;
  const auto address = start_roomy(ground);
  const auto end = run_script(
      address,
      "npm init -y > /dev/null && npm install --no-progress ms && node -p 'require(\"ms\")(60000)' && "
      "npm install -g --no-progress semver && hash -r && semver 1.2.3 && command -v semver",
      minutes(2));
  EXPECT_EQ(end.status, 0) << end.output;
  EXPECT_THAT(end.output, HasSubstr("1m\n"));
  EXPECT_THAT(end.output, HasSubstr("1.2.3\n/home/berth/.local/bin/semver\n"));
}

TEST(LocalTools, pip_installs_into_an_environment_in_the_home) {
  LocalGround ground;
  const auto address = start_roomy(ground, "python");
  // A package index of one package, served inside the workspace.
  const auto end = run_script(address,
                              R"sh(
mkdir -p index/simple/tiny-greeting && cd index && python3 - <<'MAKE'
import zipfile
name = "tiny_greeting-1.0"
with zipfile.ZipFile(f"simple/tiny-greeting/{name}-py3-none-any.whl", "w") as wheel:
    wheel.writestr("tiny_greeting.py", "def hello():\n    return 'hello from pip'\n")
    wheel.writestr(f"{name}.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny-greeting\nVersion: 1.0\n")
    wheel.writestr(f"{name}.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr(f"{name}.dist-info/RECORD", "")
MAKE
python3 -m http.server 8765 > /dev/null 2>&1 &
PORT=8765; )sh" + std::string(wait_for_port) +
                                  R"sh(
cd ~/project
python3 -c 'import sys; print(sys.prefix)'
pip install --quiet --index-url http://localhost:8765/simple tiny-greeting || exit 1
# In the same shell, which has looked up python3 before.
python3 -c 'import sys, tiny_greeting; print(sys.prefix, tiny_greeting.hello())'
python -c 'import tiny_greeting' && python -m pip --version | cut -d' ' -f1
)sh",
                              minutes(2));
  EXPECT_EQ(end.status, 0) << end.output;
  EXPECT_THAT(end.output, HasSubstr("/home/berth/.venv hello from pip\npip\n"));
  EXPECT_THAT(end.output, StartsWith("/usr\n"));
}

TEST(LocalTools, git_makes_commits_and_clones) {
  LocalGround ground;
  const auto address = start_roomy(ground);
  const auto end = run_script(
      address,
      "git config --global user.name Ada && git config --global user.email ada@example.org && "
      "git init -q one && cd one && echo hello > file && git add file && git commit -q -m first && cd .. && "
      "git clone -q one two && cat two/file && git -C two log --format='%s %an %D'");
  EXPECT_EQ(end.output, "hello\nfirst Ada HEAD -> main, origin/main, origin/HEAD\n");
}

TEST(LocalTools, compilers_and_debuggers_work) {
  LocalGround ground;
  const auto address = start_roomy(ground);
  const auto end = run_script(address,
                              "echo 'int main() { return 7; }' > a.c && gcc -g a.c && ./a.out; echo $?; "
                              "gdb -q -batch -ex run -ex 'print $_exitcode' ./a.out 2>&1 | tail -1",
                              minutes(1));
  EXPECT_EQ(end.output, "7\n$1 = 7\n");
}

TEST(LocalTools, the_terminal_has_a_prompt_a_language_and_colours) {
  LocalGround ground;
  const auto address = start_roomy(ground);
  EXPECT_EQ(
      run_script(address,
                 "echo $LANG; locale charmap; id -un; getent passwd berth | cut -d: -f6; echo ${PATH%%:*}")
          .output,
      "C.UTF-8\nUTF-8\nberth\n/home/berth\n/home/berth/.venv/bin\n");
  EXPECT_THAT(run_script(address, "echo exit | script -qec 'bash -l' /dev/null | tr -d '\\033'").output,
              HasSubstr("berth"));
}

TEST(LocalTools, https_trusts_what_the_host_trusts) {
  LocalGround ground;
  const auto address = start_roomy(ground);
  const auto end =
      run_script(address,
                 "[ -s /etc/ssl/certs/ca-certificates.crt ] && url=$(npm config get registry) && "
                 "node -e 'fetch(process.argv[1]).then(r => console.log(\"node\", r.status))' $url && "
                 "python3 -c 'import sys, urllib.request; print(\"python\", "
                 "urllib.request.urlopen(sys.argv[1]).status)' $url");
  EXPECT_EQ(end.output, "node 200\npython 200\n");
}

TEST(LocalTemplates, python_runs) {
  LocalGround ground;
  const auto address = start_roomy(ground, "python");
  EXPECT_THAT(run_script(address, run_command(ground, "python")).output,
              StartsWith("Hello, world! This is Python 3"));
}

TEST(LocalTemplates, cpp_compiles_and_runs) {
  LocalGround ground;
  const auto address = start_roomy(ground, "cpp");
  EXPECT_THAT(run_script(address, run_command(ground, "cpp"), minutes(1)).output,
              HasSubstr("Hello, world! This is C++ on Berth."));
}

TEST(LocalTemplates, static_site_is_served) {
  LocalGround ground;
  const auto address = start_roomy(ground, "static");
  const auto end = run_script(address, run_command(ground, "static") + " > /dev/null 2>&1 & PORT=8000; " +
                                           wait_for_port + "curl -s localhost:8000/ | grep -o '<h1>.*</h1>'");
  EXPECT_EQ(end.output, "<h1>My site</h1>\n");
}

TEST(LocalTemplates, node_serves_its_page_and_reloads_it_on_each_change) {
  LocalGround ground;
  const auto address = start_roomy(ground, "node");
  const auto end = run_script(
      address, run_command(ground, "node") + " > /dev/null 2>&1 & PORT=3000; " + wait_for_port + R"sh(
curl -s localhost:3000/ | grep -c -e 'Hello from Berth</h1>' -e EventSource
: > events; curl -sN localhost:3000/_reload >> events 2>&1 &
until grep -q watching events; do sleep 0.02; done
reloads() { grep -c 'data: changed' events; }
until_reload() { for i in $(seq 200); do [ "$(reloads)" -gt "$1" ] && return; sleep 0.02; done; echo "no reload after: $2"; }
before=$(reloads); sed 's/Hello from Berth/Changed/' public/index.html > new.html; mv new.html public/index.html; until_reload $before replaced
curl -s localhost:3000/ | grep -o '<h1>.*</h1>'
before=$(reloads); mkdir public/deep; until_reload $before folder
before=$(reloads); echo '<p>deep</p>' > public/deep/index.html; until_reload $before deep
curl -s localhost:3000/deep/
for path in missing ../package.json %2e%2e/package.json; do curl -s --path-as-is -o /dev/null -w '%{http_code} ' localhost:3000/$path; done
)sh");
  EXPECT_EQ(end.output, "2\n<h1>Changed</h1>\n<p>deep</p>\n404 404 404 ") << end.output;
}

}  // namespace

}  // namespace berth::server::local
