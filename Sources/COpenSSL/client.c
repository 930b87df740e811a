// A TLS client over a socket that does not block.
#include "copenssl.h"
#include "client.h"
#include "verdict.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct copenssl_trust {
    SSL_CTX *context;
    int tells_name;
};

static void words(char *text, size_t text_count, const char *otherwise) {
    unsigned long error = ERR_peek_last_error();
    const char *reason = error == 0 ? NULL : ERR_reason_error_string(error);
    snprintf(text, text_count, "%s", reason != NULL ? reason : otherwise);
    ERR_clear_error();
}

copenssl_trust *copenssl_trust_new(const char *bundle, char *text, size_t text_count) {
    bind_ssl();
    ERR_clear_error();
    copenssl_trust *trust = calloc(1, sizeof *trust);
    if (trust == NULL) return NULL;
    trust->tells_name = 1;
    trust->context = SSL_CTX_new(TLS_client_method());
    int good = trust->context != NULL
        && SSL_CTX_set_min_proto_version(trust->context, TLS1_2_VERSION) == 1
        && (bundle == NULL ? SSL_CTX_set_default_verify_paths(trust->context)
                           : SSL_CTX_load_verify_file(trust->context, bundle)) == 1;
    if (!good) {
        words(text, text_count, "the certificates cannot be read");
        copenssl_trust_free(trust);
        return NULL;
    }
    SSL_CTX_set_verify(trust->context, SSL_VERIFY_PEER, NULL);
    // An idle connection keeps no buffers, and a busy one takes what there is in one call.
    SSL_CTX_set_mode(
        trust->context,
        SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    // Nobody may ask for a new handshake in the middle of a session, as PostgreSQL does not either.
    SSL_CTX_set_options(trust->context, SSL_OP_NO_RENEGOTIATION);
#ifdef SSL_OP_ENABLE_KTLS
    // The relay sends what OpenSSL has encrypted: a socket that encrypts would do so twice, whatever openssl.cnf says.
    SSL_CTX_clear_options(trust->context, SSL_OP_ENABLE_KTLS);
#endif
    SSL_CTX_set_read_ahead(trust->context, 1);
    // Several records in one call: a server sends them by 8 kB.
    SSL_CTX_set_default_read_buffer_len(trust->context, 65536);
    return trust;
}

static int version(const char *name) {
    static const struct {
        const char *name;
        int number;
    } known[] = {{"TLSv1", TLS1_VERSION}, {"TLSv1.1", TLS1_1_VERSION}, {"TLSv1.2", TLS1_2_VERSION}, {"TLSv1.3", TLS1_3_VERSION}};
    for (size_t at = 0; at < sizeof known / sizeof *known; at++) {
        if (strcasecmp(known[at].name, name) == 0) return known[at].number;
    }
    return 0;
}

int copenssl_trust_restrict(
    copenssl_trust *trust, const char *crl, const char *crl_folder, const char *least, const char *most, int tells_name,
    char *text, size_t text_count) {
    ERR_clear_error();
    trust->tells_name = tells_name;
    if (least != NULL) {
        int number = version(least);
        // Never below what is the least without a word.
        if (number == 0 || (number > TLS1_2_VERSION && SSL_CTX_set_min_proto_version(trust->context, number) != 1)) {
            snprintf(text, text_count, "ssl_min_protocol_version %s is none that OpenSSL offers", least);
            return -1;
        }
    }
    if (most != NULL) {
        int number = version(most);
        if (number < TLS1_2_VERSION || SSL_CTX_set_max_proto_version(trust->context, number) != 1) {
            snprintf(text, text_count, "ssl_max_protocol_version %s allows no TLS 1.2", most);
            return -1;
        }
    }
    if (crl == NULL && crl_folder == NULL) return 0;
    X509_STORE *store = SSL_CTX_get_cert_store(trust->context);
    if (X509_STORE_load_locations(store, crl, crl_folder) != 1) {
        char reason[128];
        words(reason, sizeof reason, "no certificate in it");
        snprintf(text, text_count, "the list of revoked certificates cannot be read: %s", reason);
        return -1;
    }
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    return 0;
}

void copenssl_trust_free(copenssl_trust *trust) {
    if (trust == NULL) return;
    SSL_CTX_free(trust->context);
    free(trust);
}

copenssl_client *copenssl_client_new(copenssl_trust *trust, int socket, const char *host) {
    ERR_clear_error();
    copenssl_client *client = calloc(1, sizeof *client);
    if (client == NULL) return NULL;
    client->ssl = SSL_new(trust->context);
    if (client->ssl == NULL || SSL_set_fd(client->ssl, socket) != 1) {
        copenssl_client_free(client);
        return NULL;
    }
    // An address is no name: it is looked for among the certificate's addresses and is not told in the hello
    // (RFC 6066, 3).
    X509_VERIFY_PARAM *wanted = SSL_get0_param(client->ssl);
    int good = X509_VERIFY_PARAM_set1_ip_asc(wanted, host) == 1;
    if (!good) {
        good = SSL_set1_host(client->ssl, host) == 1
            && (!trust->tells_name || SSL_set_tlsext_host_name(client->ssl, host) == 1);
    }
    if (!good) {
        copenssl_client_free(client);
        return NULL;
    }
    ERR_clear_error();
    return client;
}

void copenssl_client_free(copenssl_client *client) {
    if (client == NULL) return;
    if (client->ssl != NULL) SSL_free(client->ssl);
    free(client);
}

static int step(copenssl_client *client, int result) {
    if (result > 0) return result;
    int number = errno;
    switch (SSL_get_error(client->ssl, result)) {
    case SSL_ERROR_WANT_READ: return COPENSSL_WANTS_READ;
    case SSL_ERROR_WANT_WRITE: return COPENSSL_WANTS_WRITE;
    case SSL_ERROR_ZERO_RETURN: return COPENSSL_END;
    default: client->code = number; return COPENSSL_FAILED;
    }
}

int copenssl_handshake(copenssl_client *client) {
    ERR_clear_error();
    errno = 0;
    return step(client, SSL_connect(client->ssl));
}

int copenssl_read(copenssl_client *client, uint8_t *bytes, size_t count) {
    ERR_clear_error();
    errno = 0;
    return step(client, SSL_read(client->ssl, bytes, count > INT32_MAX ? INT32_MAX : (int)count));
}

int copenssl_write(copenssl_client *client, const uint8_t *bytes, size_t count) {
    ERR_clear_error();
    errno = 0;
    return step(client, SSL_write(client->ssl, bytes, count > INT32_MAX ? INT32_MAX : (int)count));
}

int copenssl_failure(copenssl_client *client, char *text, size_t text_count) {
    long result = SSL_get_verify_result(client->ssl);
    if (result != X509_V_OK) {
        snprintf(text, text_count, "%s", X509_verify_cert_error_string(result));
        ERR_clear_error();
        if (result == X509_V_ERR_HOSTNAME_MISMATCH || result == X509_V_ERR_IP_ADDRESS_MISMATCH) {
            return COPENSSL_WRONG_NAME;
        }
        return copenssl_verdict((int)result);
    }
    words(text, text_count, client->code == 0 ? "the server closed the connection" : strerror(client->code));
    return COPENSSL_OTHER;
}
