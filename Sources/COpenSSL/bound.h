// OpenSSL, bound when it is first used: the list and what has to do with no token are there a millisecond earlier without
// it, a tenth of the time to the first paint, and hold less memory. Nothing here links it: two tables of pointers are
// filled by dlopen(3), and each name of OpenSSL that is used behind this header means the pointer. Before any of them
// bind_crypto() or bind_ssl() is called; who holds an object of OpenSSL has called it.
#ifndef COPENSSL_BOUND_H
#define COPENSSL_BOUND_H

// SHA256_Init and its kin are deprecated since OpenSSL 3.0, and still the only way that does not look the algorithm
// up anew at every call: an HMAC takes a fifth of the time, and a token is five of them.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// What of libcrypto is used, and what of libssl.
#define CRYPTO_FUNCTIONS(F) \
    F(ASN1_STRING_get0_data) F(ASN1_STRING_length) F(ASN1_TIME_to_tm) F(BIO_ctrl_pending) F(BIO_free) \
    F(BIO_get_data) F(BIO_get_ex_data) F(BIO_meth_free) F(BIO_meth_new) F(BIO_meth_set_ctrl) F(BIO_meth_set_write) \
    F(BIO_new) F(BIO_new_mem_buf) F(BIO_set_data) F(BIO_set_ex_data) F(BIO_set_init) F(BIO_up_ref) \
    F(ERR_clear_error) F(ERR_peek_last_error) F(ERR_reason_error_string) F(GENERAL_NAMES_free) F(OPENSSL_cleanse) \
    F(OPENSSL_sk_num) F(OPENSSL_sk_value) F(OpenSSL_version) F(PEM_read_X509) F(PEM_read_bio_X509) F(SHA1) F(SHA256) \
    F(SHA256_Final) F(SHA256_Init) F(SHA256_Update) F(X509_NAME_cmp) F(X509_NAME_get_text_by_NID) \
    F(X509_NAME_oneline) F(X509_STORE_CTX_free) F(X509_STORE_CTX_get0_param) F(X509_STORE_CTX_get_current_cert) \
    F(X509_STORE_CTX_get_error) F(X509_STORE_CTX_get_error_depth) F(X509_STORE_CTX_init) F(X509_STORE_CTX_new) \
    F(X509_STORE_CTX_set_purpose) F(X509_STORE_free) F(X509_STORE_load_file) F(X509_STORE_load_locations) \
    F(X509_STORE_new) F(X509_STORE_set_flags) F(X509_VERIFY_PARAM_set1_ip_asc) F(X509_VERIFY_PARAM_set_auth_level) \
    F(X509_check_ca) F(X509_check_host) F(X509_check_ip_asc) F(X509_check_issued) F(X509_free) F(X509_get0_notAfter) \
    F(X509_get0_notBefore) F(X509_get0_pubkey) F(X509_get_ext_d2i) F(X509_get_issuer_name) F(X509_get_subject_name) \
    F(X509_verify) F(X509_verify_cert) F(X509_verify_cert_error_string)
#define SSL_FUNCTIONS(F) \
    F(SSL_CIPHER_get_name) F(SSL_CTX_clear_options) F(SSL_CTX_ctrl) F(SSL_CTX_free) F(SSL_CTX_get_cert_store) \
    F(SSL_CTX_load_verify_file) F(SSL_CTX_new) F(SSL_CTX_set_default_read_buffer_len) \
    F(SSL_CTX_set_default_verify_paths) F(SSL_CTX_set_options) F(SSL_CTX_set_verify) F(SSL_connect) F(SSL_ctrl) \
    F(SSL_free) F(SSL_free_buffers) F(SSL_get0_param) F(SSL_get0_verified_chain) F(SSL_get1_peer_certificate) \
    F(SSL_get_current_cipher) F(SSL_get_error) F(SSL_get_peer_cert_chain) F(SSL_get_security_level) F(SSL_get_verify_mode) \
    F(SSL_get_verify_result) F(SSL_get_version) F(SSL_has_pending) F(SSL_in_init) F(SSL_is_init_finished) F(SSL_new) \
    F(SSL_read) F(SSL_set0_wbio) F(SSL_set1_host) F(SSL_set_fd) F(SSL_shutdown) F(SSL_write) F(TLS_client_method)

#define FIELD(name) __typeof__(&name) name;
extern struct bound_crypto {
    CRYPTO_FUNCTIONS(FIELD)
} bound_crypto;
extern struct bound_ssl {
    SSL_FUNCTIONS(FIELD)
} bound_ssl;
#undef FIELD

// Opens the library at the first call, on any thread. Where it is not there, or lacks one of the functions, the program
// ends with the reason: it was built for it, and no digest can be without it. bind_ssl() does both.
void bind_crypto(void);
void bind_ssl(void);

#ifndef COPENSSL_BINDS
#define ASN1_STRING_get0_data bound_crypto.ASN1_STRING_get0_data
#define ASN1_STRING_length bound_crypto.ASN1_STRING_length
#define ASN1_TIME_to_tm bound_crypto.ASN1_TIME_to_tm
#define BIO_ctrl_pending bound_crypto.BIO_ctrl_pending
#define BIO_free bound_crypto.BIO_free
#define BIO_get_data bound_crypto.BIO_get_data
#define BIO_get_ex_data bound_crypto.BIO_get_ex_data
#define BIO_meth_free bound_crypto.BIO_meth_free
#define BIO_meth_new bound_crypto.BIO_meth_new
#define BIO_meth_set_ctrl bound_crypto.BIO_meth_set_ctrl
#define BIO_meth_set_write bound_crypto.BIO_meth_set_write
#define BIO_new bound_crypto.BIO_new
#define BIO_new_mem_buf bound_crypto.BIO_new_mem_buf
#define BIO_set_data bound_crypto.BIO_set_data
#define BIO_set_ex_data bound_crypto.BIO_set_ex_data
#define BIO_set_init bound_crypto.BIO_set_init
#define BIO_up_ref bound_crypto.BIO_up_ref
#define ERR_clear_error bound_crypto.ERR_clear_error
#define ERR_peek_last_error bound_crypto.ERR_peek_last_error
#define ERR_reason_error_string bound_crypto.ERR_reason_error_string
#define GENERAL_NAMES_free bound_crypto.GENERAL_NAMES_free
#define OPENSSL_cleanse bound_crypto.OPENSSL_cleanse
#define OPENSSL_sk_num bound_crypto.OPENSSL_sk_num
#define OPENSSL_sk_value bound_crypto.OPENSSL_sk_value
#define OpenSSL_version bound_crypto.OpenSSL_version
#define PEM_read_X509 bound_crypto.PEM_read_X509
#define PEM_read_bio_X509 bound_crypto.PEM_read_bio_X509
#define SHA1 bound_crypto.SHA1
#define SHA256 bound_crypto.SHA256
#define SHA256_Final bound_crypto.SHA256_Final
#define SHA256_Init bound_crypto.SHA256_Init
#define SHA256_Update bound_crypto.SHA256_Update
#define X509_NAME_cmp bound_crypto.X509_NAME_cmp
#define X509_NAME_get_text_by_NID bound_crypto.X509_NAME_get_text_by_NID
#define X509_NAME_oneline bound_crypto.X509_NAME_oneline
#define X509_STORE_CTX_free bound_crypto.X509_STORE_CTX_free
#define X509_STORE_CTX_get0_param bound_crypto.X509_STORE_CTX_get0_param
#define X509_STORE_CTX_get_current_cert bound_crypto.X509_STORE_CTX_get_current_cert
#define X509_STORE_CTX_get_error bound_crypto.X509_STORE_CTX_get_error
#define X509_STORE_CTX_get_error_depth bound_crypto.X509_STORE_CTX_get_error_depth
#define X509_STORE_CTX_init bound_crypto.X509_STORE_CTX_init
#define X509_STORE_CTX_new bound_crypto.X509_STORE_CTX_new
#define X509_STORE_CTX_set_purpose bound_crypto.X509_STORE_CTX_set_purpose
#define X509_STORE_free bound_crypto.X509_STORE_free
#define X509_STORE_load_file bound_crypto.X509_STORE_load_file
#define X509_STORE_load_locations bound_crypto.X509_STORE_load_locations
#define X509_STORE_new bound_crypto.X509_STORE_new
#define X509_STORE_set_flags bound_crypto.X509_STORE_set_flags
#define X509_VERIFY_PARAM_set1_ip_asc bound_crypto.X509_VERIFY_PARAM_set1_ip_asc
#define X509_VERIFY_PARAM_set_auth_level bound_crypto.X509_VERIFY_PARAM_set_auth_level
#define X509_check_ca bound_crypto.X509_check_ca
#define X509_check_host bound_crypto.X509_check_host
#define X509_check_ip_asc bound_crypto.X509_check_ip_asc
#define X509_check_issued bound_crypto.X509_check_issued
#define X509_free bound_crypto.X509_free
#define X509_get0_notAfter bound_crypto.X509_get0_notAfter
#define X509_get0_notBefore bound_crypto.X509_get0_notBefore
#define X509_get0_pubkey bound_crypto.X509_get0_pubkey
#define X509_get_ext_d2i bound_crypto.X509_get_ext_d2i
#define X509_get_issuer_name bound_crypto.X509_get_issuer_name
#define X509_get_subject_name bound_crypto.X509_get_subject_name
#define X509_verify bound_crypto.X509_verify
#define X509_verify_cert bound_crypto.X509_verify_cert
#define X509_verify_cert_error_string bound_crypto.X509_verify_cert_error_string
#define SSL_CIPHER_get_name bound_ssl.SSL_CIPHER_get_name
#define SSL_CTX_clear_options bound_ssl.SSL_CTX_clear_options
#define SSL_CTX_ctrl bound_ssl.SSL_CTX_ctrl
#define SSL_CTX_free bound_ssl.SSL_CTX_free
#define SSL_CTX_get_cert_store bound_ssl.SSL_CTX_get_cert_store
#define SSL_CTX_load_verify_file bound_ssl.SSL_CTX_load_verify_file
#define SSL_CTX_new bound_ssl.SSL_CTX_new
#define SSL_CTX_set_default_read_buffer_len bound_ssl.SSL_CTX_set_default_read_buffer_len
#define SSL_CTX_set_default_verify_paths bound_ssl.SSL_CTX_set_default_verify_paths
#define SSL_CTX_set_options bound_ssl.SSL_CTX_set_options
#define SSL_CTX_set_verify bound_ssl.SSL_CTX_set_verify
#define SSL_connect bound_ssl.SSL_connect
#define SSL_ctrl bound_ssl.SSL_ctrl
#define SSL_free bound_ssl.SSL_free
#define SSL_free_buffers bound_ssl.SSL_free_buffers
#define SSL_get0_param bound_ssl.SSL_get0_param
#define SSL_get0_verified_chain bound_ssl.SSL_get0_verified_chain
#define SSL_get1_peer_certificate bound_ssl.SSL_get1_peer_certificate
#define SSL_get_current_cipher bound_ssl.SSL_get_current_cipher
#define SSL_get_error bound_ssl.SSL_get_error
#define SSL_get_peer_cert_chain bound_ssl.SSL_get_peer_cert_chain
#define SSL_get_security_level bound_ssl.SSL_get_security_level
#define SSL_get_verify_mode bound_ssl.SSL_get_verify_mode
#define SSL_get_verify_result bound_ssl.SSL_get_verify_result
#define SSL_get_version bound_ssl.SSL_get_version
#define SSL_has_pending bound_ssl.SSL_has_pending
#define SSL_in_init bound_ssl.SSL_in_init
#define SSL_is_init_finished bound_ssl.SSL_is_init_finished
#define SSL_new bound_ssl.SSL_new
#define SSL_read bound_ssl.SSL_read
#define SSL_set0_wbio bound_ssl.SSL_set0_wbio
#define SSL_set1_host bound_ssl.SSL_set1_host
#define SSL_set_fd bound_ssl.SSL_set_fd
#define SSL_shutdown bound_ssl.SSL_shutdown
#define SSL_write bound_ssl.SSL_write
#define TLS_client_method bound_ssl.TLS_client_method
#endif

#endif
