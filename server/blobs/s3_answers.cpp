// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blobs/s3_answers.hpp"

#include <charconv>
#include <pugixml.hpp>
#include <sstream>

namespace berth::server {
namespace {

constexpr std::size_t longest_text = 2048;  // bytes of an id or a token that is sent back

bool parse(pugi::xml_document& document, std::string_view xml) {
  return static_cast<bool>(document.load_buffer(xml.data(), xml.size()));
}

std::unexpected<Error> odd_answer(const char* what) {
  return failure(ErrorCode::unavailable, "The object store answers in a way that is not understood.", what);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

S3Fault parse_s3_fault(std::string_view xml) {
  pugi::xml_document document;
  if (!parse(document, xml)) return {};
  const auto error = document.child("Error");
  return {error.child_value("Code"), error.child_value("Message")};
}

Result<S3Page> parse_s3_page(std::string_view xml) {
  pugi::xml_document document;
  const auto root = parse(document, xml) ? document.child("ListBucketResult") : pugi::xml_node();
  if (!root) return odd_answer("no ListBucketResult");
  const bool encoded = std::string_view(root.child_value("EncodingType")) == "url";
  S3Page page;
  for (const auto& item : root.children("Contents")) {
    BlobInfo blob;
    const std::string_view key = item.child_value("Key"), size = item.child_value("Size");
    blob.key = encoded ? percent_decoded(key) : std::string(key);
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), blob.size);
    if (error != std::errc{} || end != size.data() + size.size())
      return odd_answer("a size that is no number");
    page.blobs.push_back(std::move(blob));
  }
  page.more = std::string_view(root.child_value("IsTruncated")) == "true";
  page.continuation = root.child_value("NextContinuationToken");
  if (page.more && (page.continuation.empty() || page.continuation.size() > longest_text))
    return odd_answer("a page without the way to the next");
  return page;
}

Result<std::string> parse_s3_upload(std::string_view xml) {
  pugi::xml_document document;
  if (!parse(document, xml)) return odd_answer("no XML");
  std::string id = document.child("InitiateMultipartUploadResult").child_value("UploadId");
  if (id.empty() || id.size() > longest_text) return odd_answer("no UploadId");
  return id;
}

Result<std::vector<S3Upload>> parse_s3_uploads(std::string_view xml) {
  pugi::xml_document document;
  const auto root = parse(document, xml) ? document.child("ListMultipartUploadsResult") : pugi::xml_node();
  if (!root) return odd_answer("no ListMultipartUploadsResult");
  std::vector<S3Upload> uploads;
  for (const auto& item : root.children("Upload"))
    uploads.push_back({item.child_value("Key"), item.child_value("UploadId"), item.child_value("Initiated")});
  return uploads;
}

std::string complete_upload_xml(const std::vector<std::string>& etags) {
  pugi::xml_document document;
  auto root = document.append_child("CompleteMultipartUpload");
  root.append_attribute("xmlns") = "http://s3.amazonaws.com/doc/2006-03-01/";
  for (std::size_t i = 0; i < etags.size(); ++i) {
    auto part = root.append_child("Part");
    part.append_child("PartNumber").text().set(static_cast<unsigned>(i + 1));
    part.append_child("ETag").text().set(etags[i].c_str());
  }
  std::ostringstream out;
  document.save(out, "", pugi::format_raw);
  return out.str();
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (text[i] == '%' && high >= 0 && low >= 0) {
      out += static_cast<char>(high << 4 | low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace berth::server
