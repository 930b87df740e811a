// The verifying half of the local fleet: what rdsauthproxy does on Aurora.
//
// The configuration is read anew at every login, so that a running test can change it:
//     region eu-west-1
//     endpoint HOST:PORT              as many as wanted
//     key ACCESS_KEY_ID SECRET [SESSION_TOKEN]
//     allow ACCESS_KEY_ID USER,...    the rds-db:connect policy; shell patterns
//     clock_offset SECONDS            the server's clock is ahead by so many
//     delay_ms N                      a slow login
//     deny 1                          an outage: everything is refused
#include "iam_verify.h"

#include <ctype.h>
#include <fnmatch.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { MOST_ENDPOINTS = 512, MOST_KEYS = 32, TEXT = 8192 };

typedef struct {
    char id[129], secret[129], session[4097];
} key_entry;

typedef struct {
    char region[64];
    char endpoints[MOST_ENDPOINTS][280];
    int endpoint_count;
    key_entry keys[MOST_KEYS];
    int key_count;
    char allow_id[MOST_KEYS][129], allow_users[MOST_KEYS][512];
    int allow_count;
    long clock_offset, delay_ms;
    int deny;
} config;

static int refuse(char *reason, size_t room, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, room, format, arguments);
    va_end(arguments);
    return 0;
}

static int read_config(config *c) {
    const char *path = getenv("RDSIAM_CONF");
    FILE *file = path == NULL ? NULL : fopen(path, "r");
    if (file == NULL) return 0;
    static char line[TEXT];
    while (fgets(line, sizeof line, file) != NULL) {
        char word[32];
        if (sscanf(line, "%31s", word) != 1 || word[0] == '#') continue;
        if (strcmp(word, "region") == 0) sscanf(line, "%*s %63s", c->region);
        else if (strcmp(word, "endpoint") == 0 && c->endpoint_count < MOST_ENDPOINTS)
            c->endpoint_count += sscanf(line, "%*s %279s", c->endpoints[c->endpoint_count]) == 1;
        else if (strcmp(word, "key") == 0 && c->key_count < MOST_KEYS) {
            key_entry *k = &c->keys[c->key_count];
            k->session[0] = 0;
            c->key_count += sscanf(line, "%*s %128s %128s %4096s", k->id, k->secret, k->session) >= 2;
        } else if (strcmp(word, "allow") == 0 && c->allow_count < MOST_KEYS)
            c->allow_count +=
                sscanf(line, "%*s %128s %511s", c->allow_id[c->allow_count], c->allow_users[c->allow_count]) == 2;
        else if (strcmp(word, "clock_offset") == 0) c->clock_offset = atol(line + 12);
        else if (strcmp(word, "delay_ms") == 0) c->delay_ms = atol(line + 8);
        else if (strcmp(word, "deny") == 0) c->deny = atoi(line + 4);
    }
    fclose(file);
    return 1;
}

static void hex(const unsigned char *bytes, int count, char *to) {
    for (int i = 0; i < count; i++) sprintf(to + 2 * i, "%02x", bytes[i]);
}

static void hmac(const unsigned char *key, int count, const char *text, unsigned char digest[32]) {
    unsigned int length = 32;
    HMAC(EVP_sha256(), key, count, (const unsigned char *)text, strlen(text), digest, &length);
}

/// Decodes percent-encoding; 0 where it is malformed or too long.
static int decode(const char *from, size_t count, char *to, size_t room) {
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (used + 1 >= room) return 0;
        if (from[i] != '%') {
            to[used++] = from[i];
            continue;
        }
        char digits[3] = {0};
        if (i + 2 >= count || !isxdigit((unsigned char)from[i + 1]) || !isxdigit((unsigned char)from[i + 2]))
            return 0;
        memcpy(digits, from + i + 1, 2);
        to[used++] = (char)strtol(digits, NULL, 16);
        i += 2;
    }
    to[used] = 0;
    return 1;
}

typedef struct {
    const char *pair;
    size_t length;
} parameter;

static int by_text(const void *left, const void *right) {
    const parameter *a = left, *b = right;
    size_t shorter = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->pair, b->pair, shorter);
    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

/// The decoded value of a parameter; 0 where it is absent, malformed or given twice.
static int value(const parameter *all, int count, const char *name, char *to, size_t room) {
    int found = 0;
    for (int i = 0; i < count; i++) {
        size_t length = strlen(name);
        if (all[i].length <= length || strncmp(all[i].pair, name, length) != 0 || all[i].pair[length] != '=') continue;
        if (found || !decode(all[i].pair + length + 1, all[i].length - length - 1, to, room)) return 0;
        found = 1;
    }
    return found;
}

static time_t parse_date(const char *text) {
    struct tm parts;
    memset(&parts, 0, sizeof parts);
    if (strlen(text) != 16) return -1;
    const char *end = strptime(text, "%Y%m%dT%H%M%SZ", &parts);
    return end == NULL || *end != 0 ? -1 : timegm(&parts);
}

static int allowed(const config *c, const char *id, const char *user) {
    for (int i = 0; i < c->allow_count; i++) {
        if (strcmp(c->allow_id[i], id) != 0) continue;
        char list[512];
        snprintf(list, sizeof list, "%s", c->allow_users[i]);
        char *state = NULL;
        for (char *pattern = strtok_r(list, ",", &state); pattern; pattern = strtok_r(NULL, ",", &state))
            if (fnmatch(pattern, user, 0) == 0) return 1;
    }
    return 0;
}

/// The signature that the key's owner would have made of these parameters.
static void sign(
    const parameter *sorted, int count, const char *authority, const char *date, const char *scope_text,
    const char *region, const char *secret, char signature[65]) {
    static char canonical[3 * TEXT], to_sign[1024];
    char host[300];
    int used = snprintf(canonical, sizeof canonical, "GET\n/\n");
    int first = 1;
    for (int i = 0; i < count; i++) {
        if (strncmp(sorted[i].pair, "X-Amz-Signature=", 16) == 0) continue;
        used += snprintf(
            canonical + used, sizeof canonical - used, "%s%.*s", first ? "" : "&", (int)sorted[i].length, sorted[i].pair);
        first = 0;
    }
    int length = snprintf(host, sizeof host, "%s", authority);
    for (int i = 0; i < length && i < (int)sizeof host; i++) host[i] = (char)tolower((unsigned char)host[i]);
    snprintf(
        canonical + used, sizeof canonical - used,
        "\nhost:%s\n\nhost\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", host);
    unsigned char digest[32], key[32], next[32];
    unsigned int digest_length = 32;
    EVP_Digest(canonical, strlen(canonical), digest, &digest_length, EVP_sha256(), NULL);
    char digest_text[65];
    hex(digest, 32, digest_text);
    snprintf(to_sign, sizeof to_sign, "AWS4-HMAC-SHA256\n%s\n%s\n%s", date, scope_text, digest_text);
    char start[140], day[9];
    snprintf(start, sizeof start, "AWS4%s", secret);
    snprintf(day, sizeof day, "%.8s", date);
    hmac((unsigned char *)start, (int)strlen(start), day, key);
    hmac(key, 32, region, next);
    hmac(next, 32, "rds-db", key);
    hmac(key, 32, "aws4_request", next);
    hmac(next, 32, to_sign, digest);
    hex(digest, 32, signature);
}

int iam_verify(const char *user, const char *token, char *reason, size_t room) {
    static config c;
    memset(&c, 0, sizeof c);
    if (!read_config(&c)) return refuse(reason, room, "no configuration");
    if (c.delay_ms > 0) {
        struct timespec pause = {c.delay_ms / 1000, c.delay_ms % 1000 * 1000000};
        nanosleep(&pause, NULL);
    }
    if (c.deny) return refuse(reason, room, "denied by configuration");
    size_t length = strlen(token);
    const char *query = strstr(token, "/?");
    if (query == NULL || length >= 2 * TEXT || query - token >= 280) return refuse(reason, room, "not a token");
    char authority[280];
    snprintf(authority, sizeof authority, "%.*s", (int)(query - token), token);
    int known = 0;
    for (int i = 0; i < c.endpoint_count; i++) known |= strcasecmp(c.endpoints[i], authority) == 0;
    if (!known) return refuse(reason, room, "'%s' is not an endpoint of this server", authority);

    parameter all[16];
    int count = 0;
    for (const char *at = query + 2; *at != 0;) {
        const char *end = strchr(at, '&');
        size_t size = end == NULL ? strlen(at) : (size_t)(end - at);
        if (count == 16) return refuse(reason, room, "too many parameters");
        all[count++] = (parameter){at, size};
        at += size + (end != NULL);
    }
    qsort(all, (size_t)count, sizeof *all, by_text);
    static char session[4200];
    char action[32], db_user[128], algorithm[32], credential[300], date[32], expires[16], signed_headers[32], given[80];
    if (!value(all, count, "Action", action, sizeof action) || strcmp(action, "connect") != 0)
        return refuse(reason, room, "the action is not connect");
    if (!value(all, count, "DBUser", db_user, sizeof db_user) || strcmp(db_user, user) != 0)
        return refuse(reason, room, "the token is for another user");
    if (!value(all, count, "X-Amz-Algorithm", algorithm, sizeof algorithm) || strcmp(algorithm, "AWS4-HMAC-SHA256") != 0)
        return refuse(reason, room, "another algorithm");
    if (!value(all, count, "X-Amz-SignedHeaders", signed_headers, sizeof signed_headers) || strcmp(signed_headers, "host") != 0)
        return refuse(reason, room, "other signed headers");
    if (!value(all, count, "X-Amz-Credential", credential, sizeof credential)
        || !value(all, count, "X-Amz-Date", date, sizeof date)
        || !value(all, count, "X-Amz-Expires", expires, sizeof expires)
        || !value(all, count, "X-Amz-Signature", given, sizeof given))
        return refuse(reason, room, "a parameter is missing");

    char id[129], day[9], region[64], service[16], last[16];
    if (sscanf(credential, "%128[^/]/%8[^/]/%63[^/]/%15[^/]/%15s", id, day, region, service, last) != 5
        || strcmp(service, "rds-db") != 0 || strcmp(last, "aws4_request") != 0 || strncmp(day, date, 8) != 0)
        return refuse(reason, room, "a malformed credential scope");
    if (strcmp(region, c.region) != 0) return refuse(reason, room, "signed for region %s", region);
    time_t signed_at = parse_date(date), now = time(NULL) + c.clock_offset;
    long life = strtol(expires, NULL, 10);
    if (signed_at < 0) return refuse(reason, room, "a malformed date");
    if (life < 1 || life > 900) return refuse(reason, room, "a life of %ld s", life);
    if (signed_at > now + 300) return refuse(reason, room, "signed %ld s in the future", (long)(signed_at - now));
    if (now > signed_at + life) return refuse(reason, room, "token expired %ld s ago", (long)(now - signed_at - life));

    const key_entry *owner = NULL;
    for (int i = 0; i < c.key_count; i++)
        if (strcmp(c.keys[i].id, id) == 0) owner = &c.keys[i];
    if (owner == NULL) return refuse(reason, room, "unknown key %s", id);
    int has_session = value(all, count, "X-Amz-Security-Token", session, sizeof session);
    if (owner->session[0] != 0 ? !has_session || strcmp(session, owner->session) != 0 : has_session)
        return refuse(reason, room, "the session token is not that of %s", id);
    char scope[200], expected[65];
    snprintf(scope, sizeof scope, "%s/%s/rds-db/aws4_request", day, region);
    sign(all, count, authority, date, scope, region, owner->secret, expected);
    if (strlen(given) != 64 || CRYPTO_memcmp(given, expected, 64) != 0)
        return refuse(reason, room, "the signature does not match");
    if (!allowed(&c, id, user)) return refuse(reason, room, "%s may not connect as %s", id, user);
    return 1;
}
