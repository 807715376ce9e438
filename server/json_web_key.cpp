// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/json_web_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>

#include <memory>
#include <optional>

#include "protocol/connect_token.hpp"

namespace berth::server {
namespace {

constexpr std::size_t least_modulus = 2048 / 8, most_modulus = 8192 / 8;  // bytes
constexpr std::size_t coordinate = 32;                                    // bytes, of P-256 and Ed25519

template <class T, void (*Free)(T*)>
struct OpenSslFree {
  void operator()(T* object) const { Free(object); }
};
template <class T, void (*Free)(T*)>
using Owned = std::unique_ptr<T, OpenSslFree<T, Free>>;

using BigNumber = Owned<BIGNUM, BN_free>;
using ParamBuilder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Params = Owned<OSSL_PARAM, OSSL_PARAM_free>;
using PublicKey = Owned<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using EcSignature = Owned<ECDSA_SIG, ECDSA_SIG_free>;

const unsigned char* key_bytes(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

BigNumber number_of(std::string_view bytes) {
  return BigNumber(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                             static_cast<int>(bytes.size()), nullptr));
}

PublicKey made_of(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
    return nullptr;
  return PublicKey(key);
}

PublicKey rsa_key(const JsonWebKey& key) {
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  const auto n = number_of(key.n), e = number_of(key.e);
  if (!builder || !n || !e || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return nullptr;
  return made_of("RSA", builder.get());
}

PublicKey p256_key(const JsonWebKey& key) {
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  const std::string point = "\x04" + key.x + key.y;  // uncompressed; one that is not on the curve is refused
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) !=
          1)
    return nullptr;
  return made_of("EC", builder.get());
}

bool digest_verifies(EVP_PKEY* key, std::string_view text, const std::string& signature) {
  const DigestContext context(EVP_MD_CTX_new());
  return key && context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), key_bytes(signature), signature.size(),
                          reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

/// r and s, 32 bytes each, as OpenSSL wants them: DER.
std::optional<std::string> der_of(std::string_view signature) {
  if (signature.size() != 2 * coordinate) return std::nullopt;
  const EcSignature both(ECDSA_SIG_new());
  auto r = number_of(signature.substr(0, coordinate)), s = number_of(signature.substr(coordinate));
  if (!both || !r || !s || ECDSA_SIG_set0(both.get(), r.get(), s.get()) != 1) return std::nullopt;
  static_cast<void>(r.release());  // the signature's now
  static_cast<void>(s.release());
  unsigned char* bytes = nullptr;
  const int size = i2d_ECDSA_SIG(both.get(), &bytes);
  if (size <= 0) return std::nullopt;
  std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

std::string key_text(const protocol::Json& key, const char* name) {
  const auto it = key.find(name);
  return it != key.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::optional<std::string> key_field(const protocol::Json& key, const char* name, std::size_t least,
                                     std::size_t most) {
  const auto text = key_text(key, name);
  if (text.empty() || text.size() > 2 * most) return std::nullopt;
  auto bytes = protocol::decode_base64url(text);
  if (!bytes || bytes->size() < least || bytes->size() > most) return std::nullopt;
  return std::move(*bytes);
}

std::optional<JsonWebKey> parse_one(const protocol::Json& json) {
  if (!json.is_object()) return std::nullopt;
  JsonWebKey key;
  key.kid = key_text(json, "kid");
  const auto type = key_text(json, "kty"), curve = key_text(json, "crv"), use = key_text(json, "use"),
             algorithm = key_text(json, "alg");
  if (!use.empty() && use != "sig") return std::nullopt;
  if (type == "RSA") {
    auto n = key_field(json, "n", least_modulus, most_modulus);
    auto e = key_field(json, "e", 1, 8);
    if (!n || !e || n->front() == '\0') return std::nullopt;
    key.algorithm = "RS256";
    key.n = std::move(*n);
    key.e = std::move(*e);
  } else if (type == "EC" && curve == "P-256") {
    auto x = key_field(json, "x", coordinate, coordinate), y = key_field(json, "y", coordinate, coordinate);
    if (!x || !y) return std::nullopt;
    key.algorithm = "ES256";
    key.x = std::move(*x);
    key.y = std::move(*y);
  } else if (type == "OKP" && curve == "Ed25519") {
    auto x = key_field(json, "x", coordinate, coordinate);
    if (!x) return std::nullopt;
    key.algorithm = "EdDSA";
    key.x = std::move(*x);
  } else {
    return std::nullopt;
  }
  const bool fits =
      algorithm.empty() || algorithm == key.algorithm || (key.algorithm == "EdDSA" && algorithm == "Ed25519");
  return fits ? std::optional(std::move(key)) : std::nullopt;
}

}  // namespace

Result<std::vector<JsonWebKey>> parse_web_keys(const protocol::Json& set) {
  const auto keys = set.is_object() ? set.find("keys") : set.end();
  if (!set.is_object() || keys == set.end() || !keys->is_array() || keys->size() > most_web_keys)
    return failure(ErrorCode::invalid_argument, "not a key set");
  std::vector<JsonWebKey> all;
  for (const auto& one : *keys)
    if (auto key = parse_one(one)) all.push_back(std::move(*key));
  return all;
}

bool verify_signature(const JsonWebKey& key, std::string_view text, std::string_view signature) {
  if (key.algorithm == "RS256")
    return signature.size() <= most_modulus &&
           digest_verifies(rsa_key(key).get(), text, std::string(signature));
  if (key.algorithm == "ES256") {
    const auto der = der_of(signature);
    return der && digest_verifies(p256_key(key).get(), text, *der);
  }
  return key.algorithm == "EdDSA" && signature.size() == crypto_sign_BYTES &&
         key.x.size() == crypto_sign_PUBLICKEYBYTES &&
         crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                                     key_bytes(key.x)) == 0;
}

}  // namespace berth::server
