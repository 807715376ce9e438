// SPDX-License-Identifier: GPL-3.0-or-later
// Folders in and out: an uploaded archive becomes a workspace, whose downloads unpack to the same files; what
// is hostile in an archive stays inside.
#include "history_place.hpp"

namespace berth::server::testing {
namespace {

namespace fs = std::filesystem;
using protocol::Json;
using ::testing::HasSubstr;

class ArchiveTest : public HistoryPlace {
 protected:
  fs::path folder(const std::string& name) {
    const auto path = place.path() / name;
    fs::create_directories(path);
    return path;
  }
  Reply import(const std::string& format, const std::string& bytes,
               const std::string& template_id = "python") {
    return raw("POST", "/api/v1/workspaces/import?name=up&template_id=" + template_id + "&format=" + format,
               {}, bytes);
  }
  /// The new workspace once `file` is in its project.
  std::string imported(const std::string& format, const fs::path& archive, const std::string& file) {
    const auto reply = import(format, text_of(archive));
    EXPECT_EQ(reply.status, 200) << reply.body;
    const std::string id = json_of(reply)["id"];
    EXPECT_TRUE(test::eventually([&] { return get(id, "project/" + file) != "status 404"; },
                                 std::chrono::seconds(30)))
        << format << " was not unpacked";
    return id;
  }
  std::vector<std::string> names(const std::string& workspace, const std::string& path) {
    std::vector<std::string> out;
    const auto listed = ask("GET", at(workspace, "/files?path=" + path));
    if (listed.status != 200) return {"status " + std::to_string(listed.status)};
    const auto page = json_of(listed);
    for (const auto& entry : page["entries"]) out.push_back(entry["name"]);
    return out;
  }
  std::size_t count() { return good("GET", "/api/v1/workspaces")["workspaces"].size(); }
};

TEST_F(ArchiveTest, WhatIsUploadedComesBackTheSameInEveryFormat) {
  const auto origin = folder("origin");
  write(origin / "plain.txt", "plain");
  write(origin / "run.sh", "#!/bin/sh\n");
  fs::permissions(origin / "run.sh", fs::perms(0755));
  write(origin / "empty", "");
  write(origin / "gr\xC3\xBC\xC3\x9F \xE6\x96\x87/tief/er.txt", "deep");
  write(origin / "big.bin", std::string(5u << 20, 'b') + "end");
  fs::create_symlink("plain.txt", origin / "link");
  fs::create_directories(origin / "nothing");
  write(origin / "zz-last", "last");
  run("touch -d '2001-02-03 04:05:06 UTC' '" + (origin / "plain.txt").string() + "'");
  const auto in = [&](const std::string& command) {
    return run("cd '" + origin.string() + "' && " + command);
  };
  in("tar -czf ../a.tar.gz * && tar -cJf ../a.tar.xz * && bsdtar --zstd -cf ../a.tar.zst * && zip -qry "
     "../a.zip *");

  std::string id;
  for (const std::string format : {"zip", "tar.gz", "tar.xz", "tar.zst"}) {
    if (!id.empty()) {
      ASSERT_EQ(ask("DELETE", at(id)).status, 200);
    }
    id = imported(format, place.path() / ("a." + format), "zz-last");
    EXPECT_EQ(get(id, "project/plain.txt"), "plain") << format;
    EXPECT_EQ(get(id, "project/gr%C3%BC%C3%9F%20%E6%96%87/tief/er.txt"), "deep") << format;
    EXPECT_EQ(names(id, "").size(), 1u) << "the archive itself was left in the home, or the template's files";
  }

  for (const auto& [format, unpack] : std::vector<std::pair<std::string, std::string>>{
           {"zip", "unzip -q"}, {"tar.gz", "tar -xpf"}, {"tar.zst", "bsdtar -xpf"}}) {
    const auto reply = raw("GET", at(id, "/archive?path=project&format=" + format));
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.field("Transfer-Encoding"), "chunked");
    EXPECT_EQ(reply.field("Content-Disposition"), "attachment; filename*=UTF-8''project." + format);
    EXPECT_EQ(reply.field("X-Content-Type-Options"), "nosniff");
    const auto file = place.path() / ("down." + format);
    write(file, reply.body);
    const auto back = folder("back-" + format);
    run("cd '" + back.string() + "' && " + unpack + " '" + file.string() + "'");
    run("diff -r --no-dereference '" + origin.string() + "' '" + back.string() + "'");
    EXPECT_EQ(
        run("stat -c '%a %Y' '" + (back / "run.sh").string() + "' '" + (back / "plain.txt").string() + "'"),
        run("stat -c '%a %Y' '" + (origin / "run.sh").string() + "' '" + (origin / "plain.txt").string() +
            "'"))
        << format;
  }

  // What a stopped one stored last, and any old version.
  const auto version = keep(id, "as uploaded");
  put(id, "project/plain.txt", "changed");
  ASSERT_EQ(good("POST", at(id, "/stop"))["state"], "stopped");
  for (const auto& [query, text] :
       std::vector<std::pair<std::string, std::string>>{{"", "changed"}, {"&version=" + version, "plain"}}) {
    const auto reply = raw("GET", at(id, "/archive?format=tar.gz&path=project/plain.txt" + query));
    ASSERT_EQ(reply.status, 200) << reply.body;
    write(place.path() / "one.tgz", reply.body);
    EXPECT_EQ(run("tar -xOf '" + (place.path() / "one.tgz").string() + "' plain.txt"), text);
  }
}

TEST_F(ArchiveTest, NamesAreTheSameBytesOnTheirWayInAndOut) {
  const auto out = folder("names");
  // Decomposed and composed, and what is no UTF-8 at all (in a zip there is no such name).
  write(out / "make.py", R"(
import io, tarfile, zipfile
text = ['u\u0308.txt', '\u00fc.txt', 'A\u030a/e\u0301.txt', 'plain', '\ud55c', '\u1112\u1161\u11ab']
with zipfile.ZipFile('n.zip', 'w') as z:
    for name in text: z.writestr(name, name)
with tarfile.open('n.tar', 'w', format=tarfile.PAX_FORMAT) as t:
    for name in [n.encode() for n in text] + [b'caf\xe9', b'd\xff/\xfe']:
        info = tarfile.TarInfo(name.decode('utf-8', 'surrogateescape')); info.size = len(name)
        t.addfile(info, io.BytesIO(name))
)");
  write(out / "list.py", R"(
import sys, tarfile, zipfile
if sys.argv[1].endswith('.zip'):
    names = [(i.filename.encode(), z.read(i)) for z in [zipfile.ZipFile(sys.argv[1])] for i in z.infolist()]
else:
    t = tarfile.open(sys.argv[1])
    names = [(m.name.encode('utf-8', 'surrogateescape'), t.extractfile(m).read()) for m in t if m.isfile()]
print(sorted(n for n in names if not n[0].endswith(b'/')))
)");
  run("cd '" + out.string() + "' && python3 make.py");
  const auto listed = [&](const std::string& file) {
    return run("cd '" + out.string() + "' && python3 list.py " + file);
  };
  for (const auto& [format, also] :
       std::vector<std::pair<std::string, std::string>>{{"zip", "zip"}, {"tar", "tar.gz"}}) {
    const auto id = imported(format, out / ("n." + format), "plain");
    const auto reply = raw("GET", at(id, "/archive?path=project&format=" + also));
    ASSERT_EQ(reply.status, 200) << reply.body;
    write(out / ("back." + also), reply.body);
    EXPECT_EQ(listed("n." + format), listed("back." + also));
    EXPECT_NE(listed("n." + format).find("plain"), std::string::npos);
    ASSERT_EQ(ask("DELETE", at(id)).status, 200);
  }
}

TEST_F(ArchiveTest, ADownloadThatIsBrokenOffHarmsNothing) {
  const auto id = create();
  put(id, "project/big", std::string(20u << 20, 'x') + "end");
  for (int i = 0; i < 3; ++i) {
    auto wire = Wire::connect_tcp(server->port());
    wire.send(test::request_text("GET", at(id, "/archive?format=zip"),
                                 {{"Host", server->host()}, {"Authorization", "Bearer " + token}}));
    EXPECT_THAT(wire.receive_until("\r\n\r\n"), HasSubstr(" 200 "));
  }
  EXPECT_EQ(get(id, "project/big").size(), (20u << 20) + 3);
  EXPECT_EQ(raw("GET", at(id, "/archive?format=zip")).status, 200);
}

TEST_F(ArchiveTest, EntriesThatLeadOutStayOutOfTheHomesRest) {
  const auto out = folder("hostile");
  // Python writes what no honest archiver would.
  write(out / "make.py", R"(
import io, stat, sys, tarfile, zipfile
names = ['../escaped', '../../escaped', '/tmp/berth-escaped', '/home/berth/escaped', 'a/../../escaped']
with zipfile.ZipFile('e.zip', 'w') as z:
    link = zipfile.ZipInfo('out'); link.create_system = 3; link.external_attr = (stat.S_IFLNK | 0o777) << 16
    z.writestr(link, '..')
    for name in names + ['out/escaped']: z.writestr(name, 'evil')
    z.writestr('good', 'good')
with tarfile.open('e.tar', 'w') as t:
    link = tarfile.TarInfo('out'); link.type = tarfile.SYMTYPE; link.linkname = '..'; t.addfile(link)
    device = tarfile.TarInfo('device'); device.type = tarfile.CHRTYPE; device.devmajor = 1; device.devminor = 3; t.addfile(device)
    for name in names + ['out/escaped', 'good']:
        info = tarfile.TarInfo(name); info.size = 4; t.addfile(info, io.BytesIO(b'evil'))
)");
  run("cd '" + out.string() + "' && python3 make.py");
  for (const std::string format : {"zip", "tar"}) {
    const auto reply = import(format, text_of(out / ("e." + format)));
    if (reply.status != 200) continue;  // refused at once
    const std::string id = json_of(reply)["id"];
    // However it ends: what comes into the project is confined, or the whole import is refused.
    ASSERT_TRUE(test::eventually([&] { return !names(id, "project").empty() || !import_problem(id).empty(); },
                                 std::chrono::seconds(30)));
    EXPECT_THAT(names(id, ""), ::testing::ElementsAre("project"))
        << format << ": something was written beside the project";
    for (const auto* path : {"escaped", "project/../escaped"}) EXPECT_NE(get(id, path), "evil") << path;
    EXPECT_FALSE(fs::exists("/tmp/berth-escaped"));
    ASSERT_EQ(ask("DELETE", at(id)).status, 200);
  }
}

TEST_F(ArchiveTest, WhatIsNoArchiveMakesAWorkspaceThatSaysSoOrNone) {
  const auto broken = import("zip", "this is no zip");
  if (broken.status == 200) {
    const std::string id = json_of(broken)["id"];
    EXPECT_TRUE(test::eventually([&] { return !import_problem(id).empty(); }, std::chrono::seconds(30)));
    EXPECT_THAT(import_problem(id), HasSubstr("failed")) << "a window that comes late is told too";
    EXPECT_TRUE(names(id, "project").empty());
  }
  const auto before = count();
  EXPECT_EQ(import("zip", "").status, 400);
  EXPECT_EQ(import("rar", "x").status, 400);
  EXPECT_EQ(import("zip", "x", "no-such-template").status, 400);
  EXPECT_EQ(raw("POST", "/api/v1/workspaces/import?name=x&format=zip", {}, "x").status, 400);
  EXPECT_EQ(call(*server, "POST", "/api/v1/workspaces/import?name=x&format=zip&template_id=empty").status,
            401);
  {  // The connection ends in the middle of the body.
    auto wire = Wire::connect_tcp(server->port());
    wire.send("POST /api/v1/workspaces/import?name=cut&template_id=empty&format=zip HTTP/1.1\r\nHost: " +
              server->host() + "\r\nAuthorization: Bearer " + token +
              "\r\nContent-Length: 1000000\r\n\r\nPK");
    ASSERT_TRUE(test::eventually([&] { return count() == before + 1; })) << "it makes the workspace first";
  }
  EXPECT_TRUE(test::eventually([&] { return count() == before; }, std::chrono::seconds(30)))
      << "half an upload left a workspace behind";
}

}  // namespace
}  // namespace berth::server::testing
