// What OpenSSL says of a certificate, as a verdict.
#ifndef COPENSSL_VERDICT_H
#define COPENSSL_VERDICT_H

/// One of COPENSSL_GOOD and its like for an X509_V_ERR_ number.
int copenssl_verdict(int error);

#endif
