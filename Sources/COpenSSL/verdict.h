// What OpenSSL says of a certificate, as a verdict.
#ifndef COPENSSL_VERDICT_H
#define COPENSSL_VERDICT_H

#include <stdint.h>

/// For what reads PEM: without a pass phrase OpenSSL would ask for the one of a block that is encrypted, on the terminal.
#define NO_PHRASE ((void *)"")

/// One of COPENSSL_GOOD and its like for an X509_V_ERR_ number.
int copenssl_verdict(int error);

/// Seconds since 1970 of a certificate's date, an `ASN1_TIME *`; 0 where it cannot be read.
int64_t copenssl_seconds(const void *date);

#endif
