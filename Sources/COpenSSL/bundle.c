// Bundles of root certificates, read from memory.
#define _GNU_SOURCE
#include "copenssl.h"
#include "bound.h"
#include "verdict.h"

#include <string.h>

int copenssl_next_root(const char *text, size_t count, size_t *place, copenssl_root *root) {
    static const char mark[] = "-----BEGIN CERTIFICATE-----";
    memset(root, 0, sizeof *root);
    if (*place > count) return 0;
    const char *begin = memmem(text + *place, count - *place, mark, sizeof mark - 1);
    if (begin == NULL) return 0;
    bind_crypto();
    ERR_clear_error();
    size_t offset = (size_t)(begin - text);
    *place = offset + sizeof mark - 1;
    if (count - offset > INT32_MAX) return -1;
    BIO *memory = BIO_new_mem_buf(begin, (int)(count - offset));
    X509 *certificate = memory == NULL ? NULL : PEM_read_bio_X509(memory, NULL, NULL, NO_PHRASE);
    int result = -1;
    if (certificate != NULL) {
        root->begin = offset;
        root->end = count - (size_t)BIO_ctrl_pending(memory);
        *place = root->end;
        X509_NAME *subject = X509_get_subject_name(certificate);
        X509_NAME_oneline(subject, root->subject, sizeof root->subject);
        X509_NAME_get_text_by_NID(subject, NID_commonName, root->common_name, sizeof root->common_name);
        root->not_before = copenssl_seconds(X509_get0_notBefore(certificate));
        root->not_after = copenssl_seconds(X509_get0_notAfter(certificate));
        root->is_authority = X509_check_ca(certificate) != 0;
        EVP_PKEY *key = X509_get0_pubkey(certificate);
        root->signs_itself = key != NULL
            && X509_NAME_cmp(subject, X509_get_issuer_name(certificate)) == 0
            && X509_verify(certificate, key) == 1;
        result = 1;
    }
    X509_free(certificate);
    BIO_free(memory);
    ERR_clear_error();
    return result;
}
