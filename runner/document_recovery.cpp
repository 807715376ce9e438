// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/document_recovery.hpp"

#include <limits>

#include "runner/disk_merge.hpp"
#include "runner/document_files.hpp"
#include "runner/fault_points.hpp"
#include "runner/journal.hpp"
#include "runner/kept_texts.hpp"

namespace berth::runner {
namespace {

// What was opened as a document is recovered as one, whatever it has grown to.
constexpr auto any_size = std::numeric_limits<std::uint64_t>::max();

/// Base text and the operations after `from` (a version).
Result<DocumentText> replay(const JournalledDocument& document, DocumentText text, std::uint64_t from) {
  for (auto next = document.operations.upper_bound(from); next != document.operations.end(); ++next)
    if (auto applied = text.apply(next->second); !applied) return std::unexpected(applied.error());
  return text;
}

std::string inserted_text(const JournalledDocument& document) {
  std::string text;
  for (const auto& [version, operation] : document.operations)
    for (const auto& run : operation.runs())
      if (const auto* inserted = std::get_if<std::string>(&run)) text += *inserted;
  return text;
}

/// As far as the journal alone knows it; else what was typed.
DocumentText text_without_file(const JournalledDocument& document) {
  if (document.base_text)
    if (auto replayed = replay(document, DocumentText(*document.base_text), document.base_version))
      return std::move(*replayed);
  return DocumentText(inserted_text(document));
}

struct Recovery {
  const net::HomeFiles& files;
  const std::string& journal;  // its path
};
/// Where its text is, if it could not be written to its file.
using Outcome = Result<std::optional<RescuedText>>;

Result<PreparedSave> prepare_text(const net::HomeFiles& files, const JournalledDocument& document,
                                  const std::string& path, const DocumentText& text,
                                  const std::string& expected_etag) {
  DocumentSaveRequest request{path, text, document.encoding, document.line_ending, expected_etag};
  auto prepared = prepare_save(files, request);
  if (!prepared && prepared.error().code == ErrorCode::unsupported) {
    request.encoding = Encoding::utf8;  // better readable than lost
    prepared = prepare_save(files, request);
  }
  return prepared;
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? "" : path.substr(0, slash);
}

/// A file beside the document's.
Result<void> write_copy(const net::HomeFiles& files, const JournalledDocument& document,
                        const std::string& path, const DocumentText& text) {
  auto prepared = prepare_text(files, document, path, text, "");
  if (!prepared) return std::unexpected(prepared.error());
  if (auto committed = prepared->write.commit(); !committed) return std::unexpected(committed.error());
  return {};
}

/// Where the document's own file can't be written. The journal is told, so that a recovery that begins again
/// makes no second copy.
Outcome rescue(const Recovery& recovery, const JournalledDocument& document, const DocumentText& text,
               const Error& why) {
  const auto& files = recovery.files;
  RescuedText rescued{document.path, "", why.message};
  const auto name = document.path.substr(document.path.rfind('/') + 1);
  for (auto folder = folder_of(document.path);; folder = folder_of(folder)) {
    const auto copy = name_beside(files, folder.empty() ? name : folder + "/" + name, "recovered edits");
    if (write_copy(files, document, copy, text)) rescued.copy = copy;
    if (!rescued.copy.empty() || folder.empty()) break;
  }
  if (rescued.copy.empty()) {
    auto kept = KeptTexts(files).keep(document.path, text, document.encoding, document.line_ending);
    if (!kept) return std::unexpected(kept.error());
    rescued.copy = std::move(*kept);
  }
  JournalRecord noted{.kind = "rescued", .document = document.id, .path = rescued.copy};
  noted.text = rescued.reason;
  (void)Journal::add(recovery.journal, to_record(noted));  // of a full disk, say: then there may be two
  return rescued;
}

/// The document's own file; what it held goes beside it where somebody else wrote that. Before it appears the
/// journal is told of it: a recovery that ends here and begins again must not take it for somebody else's,
/// with the same edits in it once more.
Outcome write_recovered(const Recovery& recovery, const JournalledDocument& document,
                        const DocumentText& text, const std::string& expected_etag, bool is_others = false) {
  const auto& files = recovery.files;
  auto prepared = prepare_text(files, document, document.path, text, expected_etag);
  if (!prepared) return rescue(recovery, document, text, prepared.error());
  if (is_others)
    if (auto copied = files.copy(document.path, name_beside(files, document.path, "conflict")); !copied)
      return rescue(recovery, document, text, copied.error());
  const JournalRecord noted{
      .kind = "saving", .document = document.id, .version = document.version(), .etag = prepared->etag};
  if (auto done = Journal::add(recovery.journal, to_record(noted)); !done)
    return rescue(recovery, document, text, done.error());
  fault_point("recovery.noted");
  if (auto committed = prepared->write.commit(); !committed)
    return rescue(recovery, document, text, committed.error());
  fault_point("recovery.written");
  return std::nullopt;
}

/// The disk has something that the journal does not know: both are kept.
Outcome keep_both(const Recovery& recovery, const JournalledDocument& document, const std::string& etag) {
  const auto& files = recovery.files;
  std::optional<DocumentText> text;
  if (document.base_text)
    if (auto replayed = replay(document, DocumentText(*document.base_text), document.base_version))
      text = std::move(*replayed);
  if (!text) {
    const auto text_of_others = failure(ErrorCode::conflict, "Another program has changed it meanwhile.");
    return rescue(recovery, document, DocumentText(inserted_text(document)), text_of_others.error());
  }
  if (!etag.empty()) {
    if (const auto loaded = load_document(files, document.path, document.encoding, any_size);
        loaded && loaded->text == *text)
      return std::nullopt;
  }
  return write_recovered(recovery, document, *text, etag, !etag.empty());
}

/// The file held `agreed` for sure before somebody changed it: so what they changed is known.
Outcome merge_with_file(const Recovery& recovery, const JournalledDocument& document, std::uint64_t agreed,
                        const std::string& etag) {
  const auto& files = recovery.files;
  JournalledDocument until = document;
  until.operations.erase(until.operations.upper_bound(agreed), until.operations.end());
  auto before = replay(until, DocumentText(*document.base_text), document.base_version);
  if (!before) return keep_both(recovery, document, etag);
  auto now = replay(document, *before, agreed);
  auto loaded = load_document(files, document.path, std::nullopt, any_size);
  if (!now || !loaded || loaded->paged || loaded->read_only) return keep_both(recovery, document, etag);
  // Written by a recovery that ended before its new journal was begun.
  if (loaded->text == *now) return std::nullopt;
  DiskMergeRequest request;
  auto& base = request.bases.emplace_back(*before, std::vector<protocol::TextOperation>());
  for (auto next = document.operations.upper_bound(agreed); next != document.operations.end(); ++next)
    base.since->push_back(next->second);
  request.text = *now;
  request.disk = loaded->text;
  const auto merge = merge_disk(request);
  if (!merge) return keep_both(recovery, document, etag);
  if (merge->removes)
    (void)KeptTexts(files).keep(document.path, *now, document.encoding, document.line_ending);
  if (!merge->rest) return std::nullopt;
  JournalledDocument format = document;
  format.encoding = loaded->encoding;
  format.line_ending = loaded->line_ending;
  return write_recovered(recovery, format, merge->merged, loaded->etag);
}

Outcome recover(const Recovery& recovery, const JournalledDocument& document) {
  const auto& files = recovery.files;
  if (const auto& rescued = document.rescued) {
    if (rescued->told) return std::nullopt;
    return RescuedText{document.path, rescued->copy, rescued->reason};
  }
  if (document.operations.empty()) return std::nullopt;
  // All that was typed had reached the file: what it holds now is what somebody wrote after that.
  if (document.agreed_version == document.version()) return std::nullopt;
  const auto stat = files.stat(document.path);
  const std::string etag = stat ? stat->etag : "";
  const auto known = document.etags.find(etag);
  if (known == document.etags.end()) {
    if (document.agreed_version && document.base_text && !etag.empty())
      return merge_with_file(recovery, document, *document.agreed_version, etag);
    return keep_both(recovery, document, etag);
  }
  const auto& [version, rest, encoding] = known->second;
  if (version == document.version() && !rest) return std::nullopt;
  // In the encoding that the file has, which is not that of a document that was converted since.
  auto loaded = load_document(files, document.path, encoding, any_size);
  if (!loaded) {
    // Where the edits belong is in the journal alone then: it stays.
    if (!document.base_text) return std::unexpected(loaded.error());
    return rescue(recovery, document, text_without_file(document), loaded.error());
  }
  auto text = std::move(loaded->text);
  if (rest)
    if (auto applied = text.apply(*rest); !applied) return keep_both(recovery, document, etag);
  auto replayed = replay(document, std::move(text), version);
  if (!replayed) return keep_both(recovery, document, etag);
  return write_recovered(recovery, document, *replayed, etag);
}

// No document's id begins so.
std::string journal_id(const RescuedText& rescued) { return "rescued " + rescued.path; }

}  // namespace

std::vector<std::string> untold_records(const RescuedText& rescued) {
  JournalRecord base{.kind = "base", .document = journal_id(rescued), .path = rescued.path, .version = 0};
  base.encoding = protocol::Encoding::utf8;
  base.line_ending = protocol::LineEnding::lf;
  JournalRecord record{.kind = "rescued", .document = journal_id(rescued), .path = rescued.copy};
  record.text = rescued.reason;
  return {to_record(base), to_record(record)};
}

std::string told_record(const RescuedText& rescued) {
  return to_record({.kind = "rescued", .document = journal_id(rescued), .version = 1});
}

RecoveredDocuments recover_documents(const std::string& path, const net::HomeFiles& files,
                                     const std::function<void(const std::string&)>& log) {
  auto contents = understand_journal(Journal::read(path));
  RecoveredDocuments recovered;
  bool all_good = true;
  for (const auto& document : contents.documents) {
    auto done = recover({files, path}, document);
    if (done && !*done) continue;
    if (done) {
      log("Edits of " + document.path + " could not be written to it: " + (*done)->reason + " They are in " +
          (*done)->copy + ".");
      recovered.rescued.push_back(std::move(**done));
      continue;
    }
    all_good = false;
    log("Edits of " + document.path + " could not be recovered: " + done.error().message + " " +
        done.error().detail);
    recovered.rescued.push_back({document.path, "", done.error().message});
  }
  if (!all_good) {
    // The journal is about to be replaced: what it holds stays for a person to look at.
    auto kept = path + ".unrecovered";
    for (int number = 2; ::access(kept.c_str(), F_OK) == 0; ++number)
      kept = path + ".unrecovered " + std::to_string(number);
    if (::rename(path.c_str(), kept.c_str()) == 0) log("The journal was kept as " + kept);
  }
  recovered.known = contents.known.all();
  return recovered;
}

}  // namespace berth::runner
