// SPDX-License-Identifier: GPL-3.0-or-later
// `berthd migrate`: all that a server remembers goes from one database into the other and back, or nothing
// does.
#include "server/metadata_copy.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

#include <fstream>
#include <set>
#include <sstream>

#include "server/data_folder.hpp"
#include "server/migrate.hpp"
#include "server/opened_metadata.hpp"
#include "server/stores/sql_database.hpp"
#include "server/stores/sql_migrations.hpp"
#include "store_places.hpp"

namespace berth::server {
namespace {

using protocol::ObjectId;
using testing::PostgresqlProcess;

class MetadataCopyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    testing::make_migrated_database(name_);
    sqlite_.data = folder_;
    postgresql_.data = folder_ / "other";
    postgresql_.database = server().settings(name_);
  }
  void TearDown() override {
    server().drop_database(name_);
    std::filesystem::remove_all(folder_);
  }

  static PostgresqlProcess& server() { return PostgresqlProcess::shared(); }
  std::string url() const { return postgresql_.database.url; }

  /// More than a page of the largest table, and every odd value.
  static void fill(MetadataStore& store) {
    AccountRecord ann{.id = "ann",
                      .email = "ann@example.org",
                      .name = "\xC3\x84nn",
                      .password_hash = "h",
                      .administrator = true,
                      .created = 1};
    ASSERT_TRUE(store.accounts().insert(ann, 0));
    SignInRecord sign_in;
    sign_in.id = "s";
    sign_in.account = "ann";
    sign_in.expires = std::int64_t{1} << 53;
    ASSERT_TRUE(store.sign_ins().insert(sign_in));
    WorkspaceRecord workspace;
    workspace.id = "w1";
    workspace.account = "ann";
    workspace.reason = "line\nand 'quotes' \\ \xE2\x98\x83";
    workspace.started = 7;
    ASSERT_TRUE(store.workspaces().insert(workspace, 9));
    workspace.id = "w2";
    workspace.started.reset();
    ASSERT_TRUE(store.workspaces().insert(workspace, 9));
    ASSERT_TRUE(store.settings().put({{"a", "1"}, {"empty", ""}}));
    NewPack pack{std::string(64, 'a'), 5000, {}};
    for (int i = 0; i < 1234; ++i)
      pack.objects.push_back({object(i), static_cast<std::uint64_t>(i), 1, 1, i % 2 == 0});
    ASSERT_TRUE(store.objects().insert("ann", {pack}, 10, 0));
    VersionRecord version;
    version.id = "v1";
    version.workspace = "w1";
    version.owner = "ann";
    version.root = object(0);
    version.created = 5;
    version.name = "named";
    ASSERT_TRUE(store.versions().insert(version));
    ASSERT_TRUE(store.blobs().hold("backup", 99));
    ASSERT_TRUE(store.blobs().stray({"x", "y"}, 1, 0));
  }
  static ObjectId object(int number) { return ObjectId::of(std::to_string(number)); }
  static void expect_filled(const Config& config) {
    auto store = open_metadata(config);
    ASSERT_TRUE(store) << store.error().message << store.error().detail;
    EXPECT_EQ((*store)->accounts().by_id("ann")->name, "\xC3\x84nn");
    EXPECT_EQ((*store)->sign_ins().find("s")->expires, std::int64_t{1} << 53);
    const auto workspaces = (*store)->workspaces().list();
    ASSERT_EQ(workspaces->size(), 2u);
    EXPECT_EQ(workspaces->front().reason, "line\nand 'quotes' \\ \xE2\x98\x83");
    EXPECT_EQ(workspaces->front().started, 7);
    EXPECT_FALSE(workspaces->back().started);
    EXPECT_EQ((*store)->settings().all()->at("empty"), "");
    EXPECT_EQ((*store)->objects().find("ann", {object(1233)})->front().object.offset, 1233u);
    EXPECT_EQ((*store)->packs().settle("ann", 50)->front().live_objects, 1234u);
    EXPECT_EQ((*store)->versions().latest("w1")->value().name, "named");
    EXPECT_TRUE(*(*store)->blobs().held(50));
  }
  static void fill(const Config& config) {
    auto store = open_metadata(config);
    ASSERT_TRUE(store) << store.error().message << store.error().detail;
    fill(**store);
  }
  Result<int> migrate(const std::string& from, const std::string& to) {
    return run_migrate(sqlite_, {.from = from, .to = to, .from_password_file = {}, .to_password_file = {}});
  }
  static ErrorCode code(const Result<int>& result) { return result ? ErrorCode{} : result.error().code; }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("berth-copy-" + random_id(8));
  const std::string name_ = folder_.filename().string();
  Config sqlite_, postgresql_;
};

TEST_F(MetadataCopyTest, EverythingGoesThereAndBackAndTheSourceStays) {
  fill(sqlite_);
  const auto there = migrate("sqlite", url());
  ASSERT_TRUE(there) << there.error().message << there.error().detail;
  expect_filled(postgresql_);
  expect_filled(sqlite_);
  const auto back = migrate(url(), "sqlite:" + (folder_ / "back").string() + "/berth.sqlite");
  ASSERT_TRUE(back) << back.error().message << back.error().detail;
  Config again;
  again.data = folder_ / "back";
  expect_filled(again);
  expect_filled(postgresql_);
}

TEST_F(MetadataCopyTest, EveryColumnOfEveryTableIsKnown) {
  fill(postgresql_);
  std::string known;
  for (const auto& table : sql_tables())
    for (const auto& column : table.columns) known += std::string(table.name) + "." + column.name + "\n";
  const auto there = server().run(name_,
                                  "SELECT string_agg(c.table_name || '.' || c.column_name, E'\\n') || E'\\n' "
                                  "FROM information_schema.columns c "
                                  "WHERE c.table_schema = 'public' AND c.table_name <> 'migrations'");
  const auto sorted = [](const std::string& text) {
    std::multiset<std::string> lines;
    std::stringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.insert(line);
    return lines;
  };
  EXPECT_EQ(sorted(known), sorted(there));
  EXPECT_EQ(
      server().run(name_, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'"),
      std::to_string(sql_tables().size() + 1))
      << "and the table of migrations";
}

TEST_F(MetadataCopyTest, NobodyChangesTheAuditLogButWhoReplacesTheDatabase) {
  for (const auto* config : {&sqlite_, &postgresql_}) {
    auto database = open_metadata_database(*config, MetadataUse::shared);
    ASSERT_TRUE(database) << database.error().message;
    const auto run = [&](const std::string& statement) {
      return (*database)->transaction<void>([&](SqlSession& sql) -> Result<void> {
        sql.run(statement);
        return {};
      });
    };
    ASSERT_TRUE(
        run("INSERT INTO audit (id, at, actor, actor_email, by_means, address, action, workspace, target, "
            "outcome, data) VALUES ('a', 1, '', '', 'sign_in', '', 'SignIn', '', '', 'done', '{}')"));
    EXPECT_FALSE(run("UPDATE audit SET actor = 'somebody else'"));
    EXPECT_FALSE(run("DELETE FROM audit"));
    EXPECT_FALSE(run("DELETE FROM audit WHERE id = 'a'"));
    std::string actor = "?";
    const auto there = (*database)->read<void>([&](SqlSession& sql) -> Result<void> {
      sql.run("SELECT actor FROM audit WHERE id = 'a'", soci::into(actor));
      return {};
    });
    EXPECT_TRUE(there);
    EXPECT_EQ(actor, "") << "it is as it was";
  }
  // A restore replaces all of it, by what the backup has.
  auto from = open_metadata_database(sqlite_, MetadataUse::shared),
       to = open_metadata_database(postgresql_, MetadataUse::shared);
  ASSERT_TRUE(from && to);
  const auto copied = copy_metadata(**from, **to, true);
  ASSERT_TRUE(copied) << copied.error().message << copied.error().detail;
  EXPECT_FALSE((*to)->transaction<void>([](SqlSession& sql) -> Result<void> {
    sql.run("DELETE FROM audit");
    return {};
  })) << "and is guarded again";
}

TEST_F(MetadataCopyTest, ATargetThatIsNotEmptyIsRefusedAndStays) {
  fill(sqlite_);
  ASSERT_TRUE((*open_metadata(postgresql_))->settings().put({{"mine", "1"}}));
  const auto refused = migrate("sqlite", url());
  EXPECT_EQ(code(refused), ErrorCode::conflict);
  EXPECT_NE(refused.error().message.find("not empty"), std::string::npos) << refused.error().message;
  EXPECT_EQ(server().run(name_, "SELECT COUNT(*) FROM accounts"), "0");
  EXPECT_EQ(server().run(name_, "SELECT COUNT(*) FROM settings"), "1");
}

TEST_F(MetadataCopyTest, NothingMovesWhileABerthdServes) {
  fill(sqlite_);
  {
    const auto serving = open_metadata(postgresql_);
    ASSERT_TRUE(serving);
    EXPECT_EQ(code(migrate("sqlite", url())), ErrorCode::conflict);
    EXPECT_EQ(code(migrate(url(), "sqlite:" + (folder_ / "back").string())), ErrorCode::conflict);
  }
  {
    const auto lock = take_data_folder(folder_);
    ASSERT_TRUE(lock);
    EXPECT_EQ(code(migrate("sqlite", url())), ErrorCode::conflict);
  }
  EXPECT_TRUE(migrate("sqlite", url()));
}

/// A folder whose lock can't be looked at may well be used.
TEST_F(MetadataCopyTest, AFolderWhoseLockCanNotBeOpenedIsNotTakenForFree) {
  fill(sqlite_);
  std::filesystem::create_symlink("elsewhere", folder_ / "lock");
  const auto refused = migrate("sqlite", url());
  EXPECT_EQ(code(refused), ErrorCode::unavailable);
  EXPECT_NE(refused.error().message.find("lock"), std::string::npos) << refused.error().message;
  EXPECT_EQ(server().run(name_, "SELECT COUNT(*) FROM accounts"), "0");
}

TEST_F(MetadataCopyTest, ASourceThatIsNoWalFileIsNotMadeOne) {
  fill(sqlite_);
  const auto file = folder_ / "berth.sqlite";
  {
    soci::session sql(soci::sqlite3, "db=\"" + file.string() + "\"");
    std::string mode;
    sql << "PRAGMA journal_mode=DELETE", soci::into(mode);
    ASSERT_EQ(mode, "delete");
  }
  const auto bytes = [&] {
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
  const auto before = bytes();
  const auto moved = migrate("sqlite", url());
  ASSERT_TRUE(moved) << moved.error().message << moved.error().detail;
  EXPECT_TRUE(bytes() == before) << "the source is as it was";
  expect_filled(postgresql_);
}

/// Reads well, and says at the end that it went away.
class SourceLostAtTheEnd final : public SqlDatabase {
 public:
  explicit SourceLostAtTheEnd(SqlDatabase& inner) : inner_(inner) {}
  std::string describe() const override { return inner_.describe(); }
  const char* clock() const override { return inner_.clock(); }
  void announce(SqlSession&, const Announcement&) override {}
  std::unique_ptr<AnnouncementListener> listen(AnnouncementCallbacks) override { return nullptr; }

 private:
  Result<void> run(bool, const Work& work) override {
    if (auto read = inner_.read<void>(work); !read) return read;
    return failure(ErrorCode::unavailable, "It went away; nothing was changed.");
  }
  SqlDatabase& inner_;
};

TEST_F(MetadataCopyTest, ASourceThatIsLostAfterTheTargetsCommitIsNoFailure) {
  fill(sqlite_);
  const auto source = open_metadata_database(sqlite_, MetadataUse::alone);
  const auto target = open_metadata_database(postgresql_, MetadataUse::alone);
  ASSERT_TRUE(source && target);
  SourceLostAtTheEnd lost(**source);
  const auto copied = copy_metadata(lost, **target);
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_GT(copied->all, 1234u);
  const auto again = copy_metadata(lost, **target);
  EXPECT_EQ(again.error().code, ErrorCode::conflict) << "what the target says comes first";
}

TEST_F(MetadataCopyTest, AFailureInTheMiddleLeavesTheTargetEmpty) {
  fill(sqlite_);
  server().run(name_, "ALTER TABLE versions ADD CONSTRAINT none CHECK (id <> 'v1')");
  EXPECT_EQ(code(migrate("sqlite", url())), ErrorCode::internal);
  EXPECT_EQ(server().run(name_, "SELECT COUNT(*) FROM objects"), "0");
  server().run(name_, "ALTER TABLE versions DROP CONSTRAINT none");
  EXPECT_TRUE(migrate("sqlite", url()));
}

TEST_F(MetadataCopyTest, RowsThatArriveChangedAreNoticed) {
  fill(sqlite_);
  server().run(
      name_,
      "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := 1 + NEW.touched; "
      "RETURN NEW; END $$; CREATE TRIGGER spoils BEFORE INSERT ON objects FOR EACH ROW EXECUTE FUNCTION "
      "spoil()");
  const auto moved = migrate("sqlite", url());
  EXPECT_EQ(code(moved), ErrorCode::internal);
  EXPECT_NE(moved.error().message.find("objects"), std::string::npos) << moved.error().message;
  EXPECT_EQ(server().run(name_, "SELECT COUNT(*) FROM accounts"), "0");
}

TEST_F(MetadataCopyTest, PlacesThatMakeNoSenseAreRefused) {
  EXPECT_EQ(code(migrate("sqlite", url())), ErrorCode::not_found) << "no such file";
  EXPECT_FALSE(std::filesystem::exists(folder_ / "berth.sqlite"));
  fill(sqlite_);
  EXPECT_EQ(code(migrate("sqlite", "mysql://x")), ErrorCode::invalid_argument);
  const auto told = migrate("sqlite", "postgresql://b:hunter2@host/x");
  EXPECT_EQ(code(told), ErrorCode::invalid_argument);
  EXPECT_EQ(told.error().message.find("hunter2"), std::string::npos);
  EXPECT_EQ(code(migrate("sqlite", "sqlite")), ErrorCode::conflict) << "the same";
}

}  // namespace
}  // namespace berth::server
