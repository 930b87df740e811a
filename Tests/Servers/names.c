// A resolver that does what a test wants, preloaded in place of the C library's: PGFOB_TEST_NAMES names a file with a
// line for each name: `NAME ADDRESS[,ADDRESS]`, `NAME again` (the resolver is down), `NAME unknown`, or
// `NAME slow SECONDS`. Other names go on to the real one.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int resolver(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static int answer(char *addresses, const struct addrinfo *hints, struct addrinfo **list) {
    struct addrinfo **end = list, wanted = {0};
    resolver *real = (resolver *)dlsym(RTLD_NEXT, "getaddrinfo");
    char *rest = NULL;
    wanted.ai_socktype = hints == NULL ? SOCK_STREAM : hints->ai_socktype;
    wanted.ai_flags = AI_NUMERICHOST;
    *list = NULL;
    for (char *one = strtok_r(addresses, ",", &rest); one != NULL; one = strtok_r(NULL, ",", &rest)) {
        int code = real(one, NULL, &wanted, end);
        if (code != 0) return code;
        while (*end != NULL) end = &(*end)->ai_next;
    }
    return *list == NULL ? EAI_NONAME : 0;
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **list) {
    resolver *real = (resolver *)dlsym(RTLD_NEXT, "getaddrinfo");
    const char *path = getenv("PGFOB_TEST_NAMES");
    // Whether a text is an address is no question for a resolver.
    int numeric = hints != NULL && (hints->ai_flags & AI_NUMERICHOST) != 0;
    FILE *file = node == NULL || path == NULL || numeric ? NULL : fopen(path, "re");
    char name[256], what[512], more[64];
    char line[1024];
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        more[0] = 0;
        if (sscanf(line, "%255s %511s %63s", name, what, more) < 2 || strcasecmp(name, node) != 0) continue;
        fclose(file);
        if (strcmp(what, "again") == 0) return EAI_AGAIN;
        if (strcmp(what, "unknown") == 0) return EAI_NONAME;
        if (strcmp(what, "slow") == 0) {
            sleep((unsigned)atoi(more));
            return EAI_AGAIN;
        }
        return answer(what, hints, list);
    }
    if (file != NULL) fclose(file);
    return real(node, service, hints, list);
}
