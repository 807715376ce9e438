// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/document_recovery.hpp"

#include "runner/document_files.hpp"
#include "runner/journal.hpp"

namespace berth::runner {
namespace {

/// Base text and the operations after `from` (a version).
Result<DocumentText> replay(const JournalledDocument& document, DocumentText text, std::uint64_t from) {
  for (auto version = from; version < document.version(); ++version)
    if (auto applied = text.apply(document.operations[version - document.base_version]); !applied)
      return std::unexpected(applied.error());
  return text;
}

std::string inserted_text(const JournalledDocument& document) {
  std::string text;
  for (const auto& operation : document.operations)
    for (const auto& run : operation.runs())
      if (const auto* inserted = std::get_if<std::string>(&run)) text += *inserted;
  return text;
}

Result<void> write_text(const net::HomeFiles& files, const JournalledDocument& document,
                        const std::string& path, const DocumentText& text, const std::string& expected_etag) {
  DocumentSaveRequest request{path, text, document.encoding, document.line_ending, expected_etag};
  auto prepared = prepare_save(files, request);
  if (!prepared && prepared.error().code == ErrorCode::unsupported) {
    request.encoding = Encoding::utf8;  // better readable than lost
    prepared = prepare_save(files, request);
  }
  if (!prepared) return std::unexpected(prepared.error());
  if (auto committed = prepared->write.commit(); !committed) return std::unexpected(committed.error());
  return {};
}

/// The disk has something that the journal does not know: both are kept.
Result<void> keep_both(const net::HomeFiles& files, const JournalledDocument& document,
                       const std::string& etag) {
  std::optional<DocumentText> text;
  if (document.base_text)
    if (auto replayed = replay(document, DocumentText(*document.base_text), document.base_version))
      text = std::move(*replayed);
  if (!text) {
    const auto path = name_beside(files, document.path, "recovered edits");
    return write_text(files, document, path, DocumentText(inserted_text(document)), "");
  }
  if (!etag.empty()) {
    if (const auto loaded = load_document(files, document.path, document.encoding);
        loaded && loaded->text == *text)
      return {};
    if (auto copied = files.copy(document.path, name_beside(files, document.path, "conflict")); !copied)
      return copied;
  }
  return write_text(files, document, document.path, *text, etag);
}

Result<void> recover(const net::HomeFiles& files, const JournalledDocument& document) {
  if (document.operations.empty()) return {};
  const auto stat = files.stat(document.path);
  const std::string etag = stat ? stat->etag : "";
  const auto known = document.etags.find(etag);
  if (known == document.etags.end()) return keep_both(files, document, etag);
  if (known->second == document.version()) return {};
  auto loaded = load_document(files, document.path, document.encoding);
  if (!loaded) return std::unexpected(loaded.error());
  auto text = replay(document, std::move(loaded->text), known->second);
  if (!text) return keep_both(files, document, etag);
  return write_text(files, document, document.path, *text, etag);
}

}  // namespace

std::vector<KnownOperation> recover_documents(const std::string& path, const net::HomeFiles& files,
                                              const std::function<void(const std::string&)>& log) {
  auto contents = understand_journal(Journal::read(path));
  bool all_good = true;
  for (const auto& document : contents.documents) {
    auto done = recover(files, document);
    if (done) continue;
    all_good = false;
    log("Edits of " + document.path + " could not be recovered: " + done.error().message + " " +
        done.error().detail);
  }
  if (!all_good) {
    // The journal is about to be replaced: what it holds stays for a person to look at.
    const auto kept = path + ".unrecovered";
    if (::access(kept.c_str(), F_OK) != 0 && ::rename(path.c_str(), kept.c_str()) == 0)
      log("The journal was kept as " + kept);
  }
  auto& known = contents.known;
  if (known.size() > kept_operations) known.erase(known.begin(), known.end() - kept_operations);
  return std::move(known);
}

}  // namespace berth::runner
