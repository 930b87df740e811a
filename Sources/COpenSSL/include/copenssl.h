// The few calls of OpenSSL that pgfob needs, behind plain functions: digests for SigV4, and a look at the
// certificates of a TLS connection that libpq has made. No type of OpenSSL leaves this target.
#ifndef COPENSSL_H
#define COPENSSL_H

#include <stddef.h>
#include <stdint.h>

/// The library that runs, in its own words. The corresponding C function is `OpenSSL_version`.
const char *copenssl_version(void);

/// Where its `SSL_get_peer_cert_chain` is: who has another one there has another OpenSSL, whose objects are none of ours.
const void *copenssl_identity(void);

/// SHA-256 of some bytes. The corresponding C function is `SHA256`.
void copenssl_sha256(const uint8_t *bytes, size_t count, uint8_t digest[32]);

/// SHA-1, by which aws-cli names its cache files; never for anything secret. The corresponding C function is `SHA1`.
void copenssl_sha1(const uint8_t *bytes, size_t count, uint8_t digest[20]);

/// HMAC with SHA-256 (RFC 2104); nothing of the key stays on the stack. The corresponding C function is `HMAC`.
void copenssl_hmac(const uint8_t *key, size_t key_count, const uint8_t *bytes, size_t count, uint8_t digest[32]);

/// Overwrites bytes that held a key. The corresponding C function is `OPENSSL_cleanse`.
void copenssl_wipe(void *bytes, size_t count);

/// What a TLS connection came to. Texts are cut where they do not fit.
typedef struct {
    char protocol[16];
    char cipher[64];
    /// The subject and issuer of the server's certificate.
    char subject[256];
    char issuer[256];
    /// The common name of the root that the chain was verified up to; empty where it was not verified.
    char root[256];
    /// Seconds since 1970.
    int64_t not_before, not_after;
    int chain_length;
} copenssl_peer;

/// Looks at a connection; `ssl` is an `SSL *`. 0, or -1 where there is no certificate. The corresponding C
/// functions are `SSL_get_version`, `SSL_get_peer_certificate` and `SSL_get_peer_cert_chain`.
int copenssl_look(void *ssl, copenssl_peer *peer);

/// The alternative names of the server's certificate, separated by blanks. 0, or -1 where there is no certificate or not
/// all of them fit. The corresponding C function is `X509_get_ext_d2i`.
int copenssl_names(void *ssl, char *names, size_t room);

/// Empties this thread's queue of errors. The corresponding C function is `ERR_clear_error`.
void copenssl_clear_errors(void);

/// Verdicts of ``copenssl_judge``.
enum {
    COPENSSL_GOOD = 0,
    COPENSSL_EXPIRED = 1,
    COPENSSL_NOT_YET_VALID = 2,
    COPENSSL_UNKNOWN_CA = 3,
    COPENSSL_WRONG_NAME = 4,
    COPENSSL_OTHER = 5,
    COPENSSL_NO_BUNDLE = 6
};

/// What ``copenssl_judge`` found at fault.
typedef struct {
    /// OpenSSL's own words.
    char words[256];
    /// The certificate of the chain that it is about.
    char subject[256];
    int64_t not_before, not_after;
    /// 0 for the server's own, then up to the root.
    int depth;
    /// Whether it is a root of the file, which nobody sent.
    int is_root;
} copenssl_fault;

/// Judges the chain that the server sent against a file of root certificates and a host name. The corresponding C
/// functions are `X509_verify_cert`, `X509_STORE_CTX_get_current_cert` and `X509_check_host`.
int copenssl_judge(void *ssl, const char *bundle, const char *host, copenssl_fault *fault);

// -- a TLS client of our own

typedef struct copenssl_trust copenssl_trust;
typedef struct copenssl_client copenssl_client;

/// The roots that servers are checked against: a PEM file, or the system's own where `bundle` is NULL. Costly: the
/// system's are some 140 certificates. NULL with OpenSSL's words in `text` where they cannot be read. TLS 1.2 is
/// the least. The corresponding C function is `SSL_CTX_new`.
copenssl_trust *copenssl_trust_new(const char *bundle, char *text, size_t text_count);
void copenssl_trust_free(copenssl_trust *trust);

/// What libpq's keywords of the same sense ask for beyond that, NULL where they do not: a file and a folder of lists of
/// revoked certificates, which every certificate of a chain then has to be judged by; the least and the highest version
/// of TLS, by libpq's names; and whether the hello names the host (RFC 6066, 3). 0, or -1 with words in `text`. The
/// corresponding C functions are `X509_STORE_load_locations` and `SSL_CTX_set_min_proto_version`.
int copenssl_trust_restrict(
    copenssl_trust *trust, const char *crl, const char *crl_folder, const char *least, const char *most, int tells_name,
    char *text, size_t text_count);

/// A client over a connected socket that does not block; the server has to show a certificate for `host`, a name
/// or an address. The socket stays the caller's. The corresponding C functions are `SSL_new` and `SSL_set1_host`.
copenssl_client *copenssl_client_new(copenssl_trust *trust, int socket, const char *host);
void copenssl_client_free(copenssl_client *client);

/// What a step of a client came to, below 0; else the number of bytes.
enum {
    COPENSSL_END = 0,
    COPENSSL_WANTS_READ = -1,
    COPENSSL_WANTS_WRITE = -2,
    COPENSSL_FAILED = -3
};

/// 1 where it is done. The corresponding C function is `SSL_connect`.
int copenssl_handshake(copenssl_client *client);
/// The corresponding C functions are `SSL_read` and `SSL_write`.
int copenssl_read(copenssl_client *client, uint8_t *bytes, size_t count);
int copenssl_write(copenssl_client *client, const uint8_t *bytes, size_t count);

/// Why the last step failed: OpenSSL's words, and one of the verdicts of ``copenssl_judge`` where it was the
/// server's certificate. The corresponding C functions are `SSL_get_verify_result` and `ERR_error_string_n`.
int copenssl_failure(copenssl_client *client, char *text, size_t text_count);

// -- a relay between plain and TLS connections

typedef struct copenssl_relay copenssl_relay;

/// Passes bytes on between sockets of this machine and TLS clients, both ways, with bounded memory for each pair: who
/// reads slowly is not read from. NULL where no descriptor is left. The corresponding C functions are `epoll_wait`
/// (Linux) and `poll`, `SSL_read` and `SSL_write`.
copenssl_relay *copenssl_relay_new(void);
void copenssl_relay_free(copenssl_relay *relay);

/// Hands a pair over, on any thread. Sockets and client stay the caller's, who keeps them until the pair has ended; both
/// sockets do not block. `ahead` is what the server has got of the client's already, from where a message begins, and which
/// is not sent again. 0, or -1 where no memory is left.
int copenssl_relay_add(
    copenssl_relay *relay, int near, int far, copenssl_client *client, uint64_t number, const uint8_t *ahead,
    size_t ahead_count);

/// How a pair has ended: some of these.
enum {
    /// The system would not tell of its sockets any more: no memory, or no place for them, is left.
    COPENSSL_UNWATCHED = 2,
    /// The server's side has ended, and the client had not taken its leave.
    COPENSSL_CLOSED = 4,
    /// The relay was to end it.
    COPENSSL_STOPPED = 8,
    /// The client has all that the server said, up to a whole message, which was no error: it has not been told why.
    COPENSSL_UNTOLD = 16
};

/// Called with a pair's number, how it has ended, and how many of its client's questions the server may still work on.
typedef void (*copenssl_ended)(void *context, uint64_t number, int how, unsigned asked);

/// Runs until it is stopped; `ended` is called, on this thread, for each pair that one side has ended and whose last bytes
/// have gone to the other, as far as it took them. A client that only ends its own direction counts as gone.
void copenssl_relay_run(copenssl_relay *relay, copenssl_ended ended, void *context);

/// Has it end all pairs and return, from any thread: each client is heard no more, and told some last bytes, at most 1024,
/// as soon as they stand between two of its server's messages. It waits for servers in the middle of one and for clients
/// that do not read, until it is stopped.
void copenssl_relay_part(copenssl_relay *relay, const uint8_t *words, size_t count);

/// Has it end all pairs at once and return, from any thread.
void copenssl_relay_stop(copenssl_relay *relay);

/// Whether the handshake of a connection has ended. The corresponding C function is `SSL_is_init_finished`.
int copenssl_handshake_done(void *ssl);

/// One certificate of a bundle.
typedef struct {
    char subject[256];
    char common_name[256];
    int64_t not_before, not_after;
    int is_authority;
    /// 1 where it is its own issuer and its signature is good.
    int signs_itself;
    /// Where its PEM text lies in the bytes.
    size_t begin, end;
} copenssl_root;

/// Reads the certificates of a PEM text one after the other. `place` is 0 at first and is moved on. 1 with a
/// certificate, 0 at the end, -1 where a block cannot be read: `place` then stands behind its beginning. The
/// corresponding C functions are `PEM_read_bio_X509` and `X509_verify`.
int copenssl_next_root(const char *text, size_t count, size_t *place, copenssl_root *root);

/// How many certificates a PEM file holds; -1 where it cannot be opened. The corresponding C function is
/// `PEM_read_X509`.
int copenssl_count_certificates(const char *path);

#endif
