// SPDX-License-Identifier: GPL-3.0-or-later
// ID tokens, with keys made for the test; and the other pure parts of signing in elsewhere.
#include "server/id_token.hpp"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include <memory>

#include "protocol/connect_token.hpp"
#include "server/app_sign_in.hpp"
#include "server/mail.hpp"
#include "server/provider_http.hpp"
#include "server/provider_sign_in.hpp"
#include "server/sign_in_secrets.hpp"

namespace berth::server {
namespace {

using protocol::Json;

constexpr std::int64_t token_time = 1'800'000'000;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using TestKey = std::unique_ptr<EVP_PKEY, FreeKey>;

std::string number_param(EVP_PKEY* key, const char* name, std::size_t size) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key, name, &number);
  std::string bytes(size, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size));
  BN_free(number);
  return bytes;
}

/// A key of a provider: how it signs, and how it is published.
struct Signer {
  std::string algorithm;
  Json published;
  TestKey key;
  protocol::KeyPair ed;

  std::string sign(const std::string& text) const {
    if (algorithm == "EdDSA") {
      std::string out(crypto_sign_BYTES, '\0');
      crypto_sign_detached(reinterpret_cast<unsigned char*>(out.data()), nullptr,
                           reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                           ed.secret_key.data());
      return out;
    }
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::string out(1024, '\0');
    std::size_t size = out.size();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key.get());
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    out.resize(size);
    return algorithm == "RS256" ? out : raw_of(out);
  }

  /// DER to r and s.
  static std::string raw_of(const std::string& der) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* both = d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size()));
    std::string out(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(both), reinterpret_cast<unsigned char*>(out.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(both), reinterpret_cast<unsigned char*>(out.data()) + 32, 32);
    ECDSA_SIG_free(both);
    return out;
  }
};

Signer make_signer(const std::string& algorithm, const std::string& kid) {
  Signer signer{.algorithm = algorithm, .published = {{"kid", kid}, {"use", "sig"}}, .key = {}, .ed = {}};
  const auto published = [&](const char* name, const std::string& bytes) {
    signer.published[name] = protocol::encode_base64url(bytes);
  };
  if (algorithm == "RS256") {
    signer.key.reset(EVP_RSA_gen(2048));
    signer.published["kty"] = "RSA";
    published("n", number_param(signer.key.get(), OSSL_PKEY_PARAM_RSA_N, 256));
    published("e", number_param(signer.key.get(), OSSL_PKEY_PARAM_RSA_E, 3));
  } else if (algorithm == "ES256") {
    signer.key.reset(EVP_EC_gen("P-256"));
    signer.published["kty"] = "EC";
    signer.published["crv"] = "P-256";
    published("x", number_param(signer.key.get(), OSSL_PKEY_PARAM_EC_PUB_X, 32));
    published("y", number_param(signer.key.get(), OSSL_PKEY_PARAM_EC_PUB_Y, 32));
  } else {
    signer.ed = protocol::generate_key_pair();
    signer.published["kty"] = "OKP";
    signer.published["crv"] = "Ed25519";
    published("x", {reinterpret_cast<const char*>(signer.ed.public_key.data()), signer.ed.public_key.size()});
  }
  return signer;
}

Json good_claims() {
  return {{"iss", "https://id.example.org"},
          {"aud", "berth"},
          {"sub", "somebody"},
          {"nonce", "the nonce"},
          {"iat", token_time},
          {"exp", token_time + 300},
          {"email", "a@example.org"},
          {"email_verified", true}};
}

std::string make_token(const Signer& signer, const Json& claims, const Json& header = {}) {
  Json head{{"alg", signer.algorithm}, {"kid", signer.published.at("kid")}};
  head.update(header.is_null() ? Json::object() : header);
  const auto text = protocol::encode_base64url(head.dump()) + "." + protocol::encode_base64url(claims.dump());
  return text + "." + protocol::encode_base64url(signer.sign(text));
}

Result<ProvenIdentity> verified(const std::string& token, const Json& keys) {
  const auto parsed = parse_web_keys({{"keys", keys}});
  if (!parsed) return std::unexpected(parsed.error());
  return verify_id_token(
      token, *parsed,
      {.issuers = {"https://id.example.org"}, .client_id = "berth", .nonce = "the nonce", .now = token_time});
}

class IdToken : public ::testing::TestWithParam<const char*> {};

TEST_P(IdToken, IsBelievedWhenSignedByAPublishedKeyOnly) {
  const auto signer = make_signer(GetParam(), "one"), other = make_signer(GetParam(), "two");
  const auto token = make_token(signer, good_claims());
  const auto identity = verified(token, Json::array({other.published, signer.published}));
  ASSERT_TRUE(identity) << identity.error().detail;
  EXPECT_EQ(identity->subject, "somebody");
  EXPECT_TRUE(identity->email_verified);
  EXPECT_FALSE(verified(token, Json::array({other.published})));
  auto renamed = other.published;
  renamed["kid"] = "one";
  EXPECT_FALSE(verified(token, Json::array({renamed})));
  // Any byte that is another one, anywhere.
  const auto keys = Json::array({signer.published});
  for (std::size_t at = 0; at < token.size(); at += 7) {
    auto damaged = token;
    damaged[at] = damaged[at] == 'A' ? 'Q' : 'A';
    EXPECT_FALSE(verified(damaged, keys)) << at;
  }
  EXPECT_FALSE(verified(token + ".", keys));
  EXPECT_FALSE(verified(token.substr(0, token.rfind('.')), keys));
  EXPECT_FALSE(verified(token.substr(0, token.rfind('.') + 1), keys));
}

TEST_P(IdToken, IsNotBelievedForAnotherPurposeOrTime) {
  const auto signer = make_signer(GetParam(), "one");
  const auto keys = Json::array({signer.published});
  const auto with = [&](const Json& changes) {
    auto claims = good_claims();
    claims.update(changes);
    return verified(make_token(signer, claims), keys).has_value();
  };
  EXPECT_TRUE(with(Json::object()));
  EXPECT_TRUE(with({{"aud", Json::array({"berth"})}}));
  EXPECT_TRUE(with({{"aud", {"berth", "other"}}, {"azp", "berth"}}));
  EXPECT_TRUE(with({{"exp", token_time - 60}}));  // clocks differ
  EXPECT_FALSE(with({{"aud", {"berth", "other"}}}));
  EXPECT_FALSE(with({{"aud", {"berth", "other"}}, {"azp", "other"}}));
  EXPECT_FALSE(with({{"aud", "Berth"}}));
  EXPECT_FALSE(with({{"aud", 7}}));
  EXPECT_FALSE(with({{"iss", "https://id.example.org/"}}));
  EXPECT_FALSE(with({{"exp", token_time - 600}}));
  EXPECT_FALSE(with({{"exp", "soon"}}));
  EXPECT_FALSE(with({{"iat", token_time + 600}}));
  EXPECT_FALSE(with({{"nbf", token_time + 600}}));
  EXPECT_FALSE(with({{"nonce", ""}}));
  EXPECT_FALSE(with({{"nonce", nullptr}}));
  EXPECT_FALSE(with({{"sub", std::string(300, 's')}}));
  EXPECT_FALSE(with({{"sub", 7}}));
}

TEST_P(IdToken, TakesNoOtherAlgorithm) {
  const auto signer = make_signer(GetParam(), "one");
  const auto keys = Json::array({signer.published});
  for (const char* algorithm : {"none", "None", "HS256", "RS512", "PS256", "ES384", ""})
    EXPECT_FALSE(verified(make_token(signer, good_claims(), {{"alg", algorithm}}), keys)) << algorithm;
  EXPECT_FALSE(verified(make_token(signer, good_claims(), {{"crit", {"exp"}}}), keys));
  auto for_encryption = signer.published;
  for_encryption["use"] = "enc";
  EXPECT_FALSE(verified(make_token(signer, good_claims()), Json::array({for_encryption})));
  auto for_another = signer.published;
  for_another["alg"] = "RS512";
  EXPECT_FALSE(verified(make_token(signer, good_claims()), Json::array({for_another})));
}
INSTANTIATE_TEST_SUITE_P(Keys, IdToken, ::testing::Values("RS256", "ES256", "EdDSA"),
                         [](const auto& one) { return std::string(one.param); });

TEST(WebKeys, OddOnesAreLeftOut) {
  const auto b64 = [](std::size_t size, char byte = 'x') {
    return protocol::encode_base64url(std::string(size, byte));
  };
  const Json keys = Json::array({7,
                                 {{"kty", "oct"}, {"k", b64(32)}},
                                 {{"kty", "RSA"}, {"n", b64(128)}, {"e", "AQAB"}},   // 1024 bits
                                 {{"kty", "RSA"}, {"n", b64(5000)}, {"e", "AQAB"}},  // takes for ever
                                 {{"kty", "RSA"}, {"n", 7}, {"e", "AQAB"}},
                                 {{"kty", "EC"}, {"crv", "P-521"}, {"x", b64(66)}, {"y", b64(66)}},
                                 {{"kty", "EC"}, {"crv", "P-256"}, {"x", b64(31)}, {"y", b64(32)}},
                                 {{"kty", "OKP"}, {"crv", "Ed448"}, {"x", b64(57)}},
                                 {{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", "not base64!"}}});
  const auto parsed = parse_web_keys({{"keys", keys}});
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->empty());
  EXPECT_FALSE(parse_web_keys(Json::array()));
  EXPECT_FALSE(parse_web_keys({{"keys", "none"}}));
  EXPECT_FALSE(parse_web_keys({{"keys", Json::array_t(most_web_keys + 1, Json::object())}}));
  // A point that is not on the curve checks nothing.
  JsonWebKey off{.kid = {},
                 .algorithm = "ES256",
                 .n = {},
                 .e = {},
                 .x = std::string(32, 'x'),
                 .y = std::string(32, 'y')};
  EXPECT_FALSE(verify_signature(off, "text", std::string(64, '\1')));
}

TEST(SignInSecrets, OpensOnlyWhatItSealedForThat) {
  const SignInSecrets secrets({1}), other({2});
  const auto sealed = secrets.seal("one", "text");
  EXPECT_EQ(secrets.open("one", sealed), "text");
  EXPECT_FALSE(secrets.open("two", sealed));
  EXPECT_FALSE(other.open("one", sealed));
  EXPECT_FALSE(secrets.open("one", sealed.substr(1)));
  EXPECT_FALSE(secrets.open("one", ""));
  EXPECT_NE(secrets.seal("one", "text"), sealed);
  EXPECT_EQ(secrets.hash("one", "secret"), secrets.hash("one", "secret"));
  EXPECT_NE(secrets.hash("one", "secret"), secrets.hash("two", "secret"));
  // RFC 7636, appendix B.
  EXPECT_EQ(pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(ProviderUrls, AreSecureOrOfThisMachine) {
  for (const char* good : {"https://id.example.org", "https://id.example.org:8443/a?b=c",
                           "http://localhost:1/a", "http://127.0.0.1:1", "http://[::1]:1/"})
    EXPECT_TRUE(is_provider_url(good)) << good;
  for (const char* bad :
       {"", "http://id.example.org", "https://", "https://user@id.example.org", "file:///etc/passwd",
        "https://id.example.org/#a", "https://id.example.org/ a", "http://localhost@evil.example/",
        "http://localhost.evil.example/", "http://127.0.0.1.evil.example/"})
    EXPECT_FALSE(is_provider_url(bad)) << bad;
}

TEST(PathOfIde, IsOnThisSite) {
  EXPECT_EQ(path_of_ide("/w/abc?x=1#y"), "/w/abc?x=1#y");
  for (const std::string bad : {"", "w", "//evil.example", "/\\evil.example", "https://evil.example",
                                "/a\r\nb", "/a b", "/api/v1/me", "javascript:a"})
    EXPECT_EQ(path_of_ide(bad), "/") << bad;
  EXPECT_EQ(path_of_ide("/" + std::string(5000, 'a')), "/");
}

TEST(UserCode, IsWhatSomebodyTypes) {
  EXPECT_EQ(normal_user_code("bcdf-ghjk"), "BCDFGHJK");
  EXPECT_EQ(normal_user_code(" BCDF GHJK "), "BCDFGHJK");
  for (const char* bad : {"", "BCDFGHJ", "BCDFGHJKL", "ABCDEFGH", "BCDF_GHJK"})
    EXPECT_EQ(normal_user_code(bad), "") << bad;
}

TEST(MailMessage, IsOneMailWhateverIsInIt) {
  const auto message = mail_message({.to = "a@example.org>\r\nBcc: <b@example.org",
                                     .subject = "Hello\r\nBcc: c@example.org",
                                     .text = "\xC3\xA4\n.\nend"},
                                    "Berth \xE2\x9A\x93 <berth@example.org>", "id", 1'800'000'000'000);
  const auto header = message.substr(0, message.find("\r\n\r\n"));
  EXPECT_EQ(header.find("\r\nBcc:"), header.npos) << header;
  EXPECT_NE(header.find("Date: Fri, 15 Jan 2027 08:00:00 +0000\r\n"), header.npos) << header;
  EXPECT_NE(header.find("From: =?utf-8?B?QmVydGgg4pqT?= <berth@example.org>\r\n"), header.npos) << header;
  EXPECT_NE(message.find("\r\n\r\nw6QNCi4NCmVuZA==\r\n"), message.npos) << message;
  const auto all_ascii = std::ranges::all_of(message, [](unsigned char c) { return c < 128; });
  EXPECT_TRUE(all_ascii);
}

}  // namespace
}  // namespace berth::server
