#ifndef COPENSSL_CLIENT_H
#define COPENSSL_CLIENT_H

#include "bound.h"

struct copenssl_client {
    SSL *ssl;
    // Of the last step: SSL_ERROR_SYSCALL tells nothing else.
    int code;
};

#endif
