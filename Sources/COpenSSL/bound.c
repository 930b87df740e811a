#define COPENSSL_BINDS
#include "bound.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct bound_crypto bound_crypto;
struct bound_ssl bound_ssl;

// The version whose headers this was built with: types and constants are that one's.
#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)
#define MAJOR TEXT(OPENSSL_VERSION_MAJOR)

#ifdef __APPLE__
#define PLACES(library) \
    "lib" library "." MAJOR ".dylib", "/opt/homebrew/opt/openssl@" MAJOR "/lib/lib" library "." MAJOR ".dylib", \
        "/usr/local/opt/openssl@" MAJOR "/lib/lib" library "." MAJOR ".dylib"
#else
#define PLACES(library) "lib" library ".so." MAJOR
#endif

static void give_up(const char *why) {
    fprintf(stderr, "pgfob: OpenSSL " MAJOR " cannot be used: %s\n", why != NULL ? why : "it cannot be opened");
    abort();
}

static void *open_one(const char *const places[], size_t count) {
    void *library = NULL;
    for (size_t at = 0; library == NULL && at < count; at++) library = dlopen(places[at], RTLD_LAZY | RTLD_LOCAL);
    if (library == NULL) give_up(dlerror());
    return library;
}

#define BIND(table, name) \
    *(void **)&table.name = dlsym(library, #name); \
    if (table.name == NULL) give_up("it has no " #name);

static void open_crypto(void) {
    static const char *const places[] = {PLACES("crypto")};
    void *library = open_one(places, sizeof places / sizeof *places);
#define BIND_CRYPTO(name) BIND(bound_crypto, name)
    CRYPTO_FUNCTIONS(BIND_CRYPTO)
}

static void open_ssl(void) {
    static const char *const places[] = {PLACES("ssl")};
    void *library = open_one(places, sizeof places / sizeof *places);
#define BIND_SSL(name) BIND(bound_ssl, name)
    SSL_FUNCTIONS(BIND_SSL)
}

void bind_crypto(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_crypto);
}

void bind_ssl(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    bind_crypto();
    pthread_once(&once, open_ssl);
}
