#include "clibpq.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

/* The table: one pointer per function. */
#define FIELD(result, name, parameters, arguments) result (*name) parameters;
static struct {
    CLIBPQ_FUNCTIONS(FIELD)
} table;

#define CALL(result, name, parameters, arguments) \
    result clibpq_##name parameters { return table.name arguments; }
CLIBPQ_FUNCTIONS(CALL)

#ifdef __APPLE__
static const char *const places[] = {
    "libpq.5.dylib",
    "/opt/homebrew/opt/libpq/lib/libpq.5.dylib",
    "/usr/local/opt/libpq/lib/libpq.5.dylib",
};
#else
static const char *const places[] = { "libpq.so.5" };
#endif

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void *library;
static char problem[512];

/* unsetenv(3) moves the entries behind the one it removes, so each removal starts the search anew. */
static void scrub_environment(void)
{
    static const char *const kept[] = { "PGSERVICEFILE=", "PGPASSFILE=", "PGSYSCONFDIR=", "PGFOB_" };
    size_t at = 0;
    while (environ && environ[at]) {
        const char *entry = environ[at++];
        if (strncmp(entry, "PG", 2) != 0) continue;
        int keep = 0;
        for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
            keep = keep || strncmp(entry, kept[i], strlen(kept[i])) == 0;
        const char *equals = strchr(entry, '=');
        if (keep || !equals) continue;
        char name[128];
        size_t length = (size_t)(equals - entry);
        if (length >= sizeof name) continue;
        memcpy(name, entry, length);
        name[length] = 0;
        if (unsetenv(name) == 0) at = 0;
    }
}

/* OpenSSL would ask for the pass phrase of a client's key on the terminal, behind whatever is shown there and without an
 * end. libpq's own hook takes a service's sslpassword, else an empty one (libpq 13 and later). */
static void ask_nobody(void)
{
    typedef int (*hook)(char *, int, clibpq_connection *);
    hook usual = NULL;
    void (*set)(hook) = NULL;
    *(void **)&usual = dlsym(library, "PQdefaultSSLKeyPassHook_OpenSSL");
    *(void **)&set = dlsym(library, "PQsetSSLKeyPassHook_OpenSSL");
    if (usual && set) set(usual);
}

static void bind_all(void)
{
    for (size_t i = 0; !library && i < sizeof places / sizeof *places; i++)
        library = dlopen(places[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *why = dlerror();
        snprintf(problem, sizeof problem, "%s", why ? why : "libpq cannot be opened");
        return;
    }
#define BIND(result, name, parameters, arguments) \
    *(void **)&table.name = dlsym(library, #name); \
    if (!table.name && !problem[0]) snprintf(problem, sizeof problem, "this libpq is too old: it has no " #name);
    CLIBPQ_FUNCTIONS(BIND)
    if (problem[0]) return;
    ask_nobody();
    scrub_environment();
    /* libpq's own default would fall back to plain TCP. A service's sslmode stands over the variable, even where it is
     * "prefer", which could not be told from the default otherwise. */
    setenv("PGSSLMODE", "verify-full", 1);
}

const char *clibpq_load(void)
{
    pthread_once(&once, bind_all);
    return problem[0] ? problem : NULL;
}

int clibpq_shares_openssl(const void *ours)
{
    return ours != NULL && ours == dlsym(library, "SSL_get_peer_cert_chain");
}

static void ignore(void *argument, const char *message)
{
    (void)argument;
    (void)message;
}

void clibpq_silence_notices(clibpq_connection *c)
{
    table.PQsetNoticeProcessor(c, ignore, NULL);
}
