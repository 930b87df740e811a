#include "copenssl.h"
#include "bound.h"
#include "verdict.h"

#include <stdio.h>
#include <string.h>

const char *copenssl_version(void) {
    bind_crypto();
    return OpenSSL_version(OPENSSL_VERSION);
}

const void *copenssl_identity(void) {
    bind_ssl();
    return (const void *)SSL_get_peer_cert_chain;
}

void copenssl_sha256(const uint8_t *bytes, size_t count, uint8_t digest[32]) {
    bind_crypto();
    SHA256(bytes, count, digest);
}

void copenssl_sha1(const uint8_t *bytes, size_t count, uint8_t digest[20]) {
    bind_crypto();
    SHA1(bytes, count, digest);
}

/// One of the two passes of RFC 2104: the digest of the padded key and some bytes.
static void pass(const uint8_t pad[SHA256_CBLOCK], const uint8_t *bytes, size_t count, uint8_t digest[32]) {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, pad, SHA256_CBLOCK);
    SHA256_Update(&context, bytes, count);
    SHA256_Final(digest, &context);
    OPENSSL_cleanse(&context, sizeof context);
}

void copenssl_hmac(const uint8_t *key, size_t key_count, const uint8_t *bytes, size_t count, uint8_t digest[32]) {
    bind_crypto();
    uint8_t pad[SHA256_CBLOCK] = {0};
    uint8_t inner[32];
    if (key_count > sizeof pad) {
        SHA256(key, key_count, pad);
    } else if (key_count > 0) {
        memcpy(pad, key, key_count);
    }
    for (size_t i = 0; i < sizeof pad; i++) pad[i] ^= 0x36;
    pass(pad, bytes, count, inner);
    for (size_t i = 0; i < sizeof pad; i++) pad[i] ^= 0x36 ^ 0x5c;
    pass(pad, inner, sizeof inner, digest);
    OPENSSL_cleanse(pad, sizeof pad);
    OPENSSL_cleanse(inner, sizeof inner);
}

void copenssl_wipe(void *bytes, size_t count) {
    bind_crypto();
    OPENSSL_cleanse(bytes, count);
}

static void copy(char *to, size_t room, const char *from) {
    if (from == NULL) from = "";
    snprintf(to, room, "%s", from);
}

/// Seconds since 1970 of a certificate's date; 0 where it cannot be read.
int64_t copenssl_seconds(const void *date) {
    const ASN1_TIME *time = date;
    struct tm parts;
    if (time == NULL || ASN1_TIME_to_tm(time, &parts) != 1) return 0;
    return (int64_t)timegm(&parts);
}

int copenssl_names(void *ssl, char *to, size_t room) {
    to[0] = 0;
    bind_ssl();
    X509 *certificate = ssl == NULL ? NULL : SSL_get1_peer_certificate(ssl);
    if (certificate == NULL) return -1;
    GENERAL_NAMES *all = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    X509_free(certificate);
    size_t used = 0;
    int result = 0;
    for (int i = 0; all != NULL && i < sk_GENERAL_NAME_num(all); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(all, i);
        if (name->type != GEN_DNS) continue;
        int length = ASN1_STRING_length(name->d.dNSName);
        const unsigned char *text = ASN1_STRING_get0_data(name->d.dNSName);
        if (length <= 0) continue;
        if (used + (size_t)length + 2 > room) {
            result = -1;
            break;
        }
        if (used > 0) to[used++] = ' ';
        memcpy(to + used, text, (size_t)length);
        used += (size_t)length;
        to[used] = 0;
    }
    GENERAL_NAMES_free(all);
    return result;
}

int copenssl_look(void *ssl, copenssl_peer *peer) {
    memset(peer, 0, sizeof *peer);
    if (ssl == NULL) return -1;
    bind_ssl();
    copy(peer->protocol, sizeof peer->protocol, SSL_get_version(ssl));
    copy(peer->cipher, sizeof peer->cipher, SSL_get_cipher_name(ssl));
    X509 *certificate = SSL_get1_peer_certificate(ssl);
    if (certificate == NULL) return -1;
    X509_NAME_oneline(X509_get_subject_name(certificate), peer->subject, sizeof peer->subject);
    X509_NAME_oneline(X509_get_issuer_name(certificate), peer->issuer, sizeof peer->issuer);
    peer->not_before = copenssl_seconds(X509_get0_notBefore(certificate));
    peer->not_after = copenssl_seconds(X509_get0_notAfter(certificate));
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
    peer->chain_length = chain == NULL ? 0 : sk_X509_num(chain);
    STACK_OF(X509) *verified = SSL_get_verify_mode(ssl) == SSL_VERIFY_NONE ? NULL : SSL_get0_verified_chain(ssl);
    if (verified != NULL && SSL_get_verify_result(ssl) == X509_V_OK && sk_X509_num(verified) > 0) {
        X509 *root = sk_X509_value(verified, sk_X509_num(verified) - 1);
        X509_NAME_get_text_by_NID(X509_get_subject_name(root), NID_commonName, peer->root, sizeof peer->root);
    }
    X509_free(certificate);
    return 0;
}

void copenssl_clear_errors(void) {
    bind_crypto();
    ERR_clear_error();
}

int copenssl_verdict(int error) {
    switch (error) {
    case X509_V_OK: return COPENSSL_GOOD;
    case X509_V_ERR_CERT_HAS_EXPIRED: return COPENSSL_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID: return COPENSSL_NOT_YET_VALID;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_CERT_UNTRUSTED: return COPENSSL_UNKNOWN_CA;
    default: return COPENSSL_OTHER;
    }
}

/// The certificate at which the verification stopped.
static void note_fault(X509_STORE_CTX *context, copenssl_fault *fault) {
    X509 *certificate = X509_STORE_CTX_get_current_cert(context);
    fault->depth = X509_STORE_CTX_get_error_depth(context);
    if (certificate == NULL) return;
    X509_NAME_oneline(X509_get_subject_name(certificate), fault->subject, sizeof fault->subject);
    fault->not_before = copenssl_seconds(X509_get0_notBefore(certificate));
    fault->not_after = copenssl_seconds(X509_get0_notAfter(certificate));
    fault->is_root = fault->depth > 0 && X509_check_issued(certificate, certificate) == X509_V_OK;
}

int copenssl_judge(void *ssl, const char *bundle, const char *host, copenssl_fault *fault) {
    memset(fault, 0, sizeof *fault);
    bind_ssl();
    ERR_clear_error();
    X509 *certificate = ssl == NULL ? NULL : SSL_get1_peer_certificate(ssl);
    if (certificate == NULL) {
        copy(fault->words, sizeof fault->words, "the server sent no certificate");
        return COPENSSL_OTHER;
    }
    int result = COPENSSL_NO_BUNDLE;
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    if (store != NULL && context != NULL && X509_STORE_load_file(store, bundle) == 1
        && X509_STORE_CTX_init(context, store, certificate, SSL_get_peer_cert_chain(ssl)) == 1) {
        X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
        // As strict about keys and digests as the connection was.
        X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context), SSL_get_security_level(ssl));
        int good = X509_verify_cert(context);
        int error = X509_STORE_CTX_get_error(context);
        copy(fault->words, sizeof fault->words, X509_verify_cert_error_string(error));
        if (good == 1) {
            int matches = X509_check_host(certificate, host, 0, 0, NULL) == 1
                || X509_check_ip_asc(certificate, host, 0) == 1;
            result = matches ? COPENSSL_GOOD : COPENSSL_WRONG_NAME;
        } else {
            result = copenssl_verdict(error);
            note_fault(context, fault);
        }
    }
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    X509_free(certificate);
    ERR_clear_error();
    return result;
}

int copenssl_handshake_done(void *ssl) {
    if (ssl == NULL) return 0;
    bind_ssl();
    return SSL_is_init_finished(ssl);
}

int copenssl_count_certificates(const char *path) {
    FILE *file = fopen(path, "re");
    if (file == NULL) return -1;
    bind_crypto();
    int count = 0;
    X509 *certificate;
    while ((certificate = PEM_read_X509(file, NULL, NULL, NO_PHRASE)) != NULL) {
        count++;
        X509_free(certificate);
    }
    ERR_clear_error();
    fclose(file);
    return count;
}
