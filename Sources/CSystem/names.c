#include "csystem.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

// What an answer says of a name's aliases (RFC 1035, 4.1). libresolv's own parser is a library more to load.
static int read_aliases(const unsigned char *begin, const unsigned char *end, char *names, int size) {
    if (end - begin < NS_HFIXEDSZ) return 0;
    int questions = begin[4] << 8 | begin[5], answers = begin[6] << 8 | begin[7], count = 0, used = 0;
    const unsigned char *at = begin + NS_HFIXEDSZ;
    for (; questions > 0; questions--) {
        int skipped = dn_skipname(at, end);
        if (skipped < 0 || end - at < skipped + NS_QFIXEDSZ) return 0;
        at += skipped + NS_QFIXEDSZ;
    }
    for (; answers > 0; answers--) {
        int skipped = dn_skipname(at, end);
        if (skipped < 0 || end - at < skipped + NS_RRFIXEDSZ) break;
        at += skipped;
        int type = at[0] << 8 | at[1], length = at[8] << 8 | at[9];
        at += NS_RRFIXEDSZ;
        if (end - at < length) break;
        char target[NS_MAXDNAME];
        if (type == ns_t_cname && dn_expand(begin, end, at, target, sizeof target) >= 0) {
            int needed = (int)strlen(target) + 1;
            if (used + needed >= size) break;
            memcpy(names + used, target, (size_t)needed - 1);
            names[used + needed - 1] = '\n';
            names[used + needed] = '\0';
            used += needed;
            count++;
        }
        at += length;
    }
    return count;
}

int csys_aliases(const char *name, const char *server, int port, char *names, int size) {
    struct __res_state state;
    unsigned char answer[8192];
    memset(&state, 0, sizeof state);
    names[0] = '\0';
    if (res_ninit(&state) != 0) return -1;
    if (server != NULL) {
        state.nscount = 1;
        memset(&state.nsaddr_list[0], 0, sizeof state.nsaddr_list[0]);
        state.nsaddr_list[0].sin_family = AF_INET;
        state.nsaddr_list[0].sin_port = htons((unsigned short)port);
        if (inet_pton(AF_INET, server, &state.nsaddr_list[0].sin_addr) != 1) {
            res_nclose(&state);
            return -1;
        }
    }
    // Whole names only: a search list would ask other people's servers for a database's name.
    int length = res_nquery(&state, name, ns_c_in, ns_t_a, answer, sizeof answer);
    res_nclose(&state);
    // More than fits is cut by the server, at a record's end.
    if (length > (int)sizeof answer) length = (int)sizeof answer;
    if (length < 0) return 0;
    return read_aliases(answer, answer + length, names, size);
}
