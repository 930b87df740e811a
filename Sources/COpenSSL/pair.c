#include "pair.h"
#include "copenssl.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// A server that does not read and has TLS answer again and again is given up beyond so many bytes.
#define WAITING (4 * ROOM)

// Adds to what waits. In a new place: what is there may be in the batch.
static int keep(rest *rest, const uint8_t *bytes, size_t count) {
    uint8_t *all = malloc(rest->count + count);
    if (all == NULL) return -1;
    if (rest->count > 0) memcpy(all, rest->bytes + rest->at, rest->count);
    memcpy(all + rest->count, bytes, count);
    free(rest->bytes);
    rest->bytes = all;
    rest->at = 0;
    rest->count += count;
    return 0;
}

static void took(rest *rest, size_t count) {
    rest->at += count;
    rest->count -= count;
    if (rest->count > 0) return;
    free(rest->bytes);
    memset(rest, 0, sizeof *rest);
}

void pair_join(pair *pair, batch *batch) {
    BIO_up_ref(batch->writer);
    SSL_set0_wbio(pair->ssl, batch->writer);
    SSL_clear_mode(pair->ssl, SSL_MODE_RELEASE_BUFFERS);
}

void pair_leave(pair *pair) {
    SSL_set0_wbio(pair->ssl, NULL);
    took(&pair->up, pair->up.count);
    took(&pair->down, pair->down.count);
}

// What waits has its next try.
static void try_again(pair *pair, batch *batch, int up) {
    const rest *rest = up ? &pair->up : &pair->down;
    batch_add(batch, pair, up, up ? pair->far.fd : pair->near.fd, rest->bytes + rest->at, rest->count);
}

// How many bytes a message has, its kind among them; beyond what can come where it is none of PostgreSQL's.
static uint64_t length(const uint8_t *head) {
    uint64_t behind = (uint64_t)head[1] << 24 | (uint64_t)head[2] << 16 | (uint64_t)head[3] << 8 | head[4];
    return behind < HEAD - 1 ? UINT64_MAX / 2 : behind + 1;
}

// PostgreSQL documentation, "COPY Operations": a Sync that a server reads before the end of COPY's data is not answered.
static void unanswered(pair *pair) {
    pair->asked -= pair->syncs < pair->asked ? pair->syncs : pair->asked;
    pair->syncs = 0;
}

// A message of the server's.
static void says(pair *pair, uint8_t kind) {
    switch (kind) {
    case 'Z': // ReadyForQuery
        if (pair->asked > 0) pair->asked--;
        pair->copy = NO_COPY;
        break;
    case 'G': // CopyInResponse
        if (pair->ahead > 0) {
            // Its client did not wait for this: which of its Syncs come too early is not known. One of them more than are
            // is no harm.
            pair->ahead--;
            pair->copy = HAS_DATA;
        } else {
            unanswered(pair);
            pair->copy = TAKES_DATA;
        }
        break;
    case 'E': // ErrorResponse: the next Sync is answered again
        pair->copy = NO_COPY;
        break;
    }
}

// A message of the client's.
static void asks(pair *pair, uint8_t kind) {
    switch (kind) {
    case 'E': // Execute
    case 'Q': // Query
    case 'F': // FunctionCall
        // What was ended for a statement that had failed already is not for this one.
        if (pair->asked == 0) pair->ahead = 0;
        pair->syncs = 0;
        pair->copy = NO_COPY;
        if (kind != 'E') pair->asked++;
        break;
    case 'S': // Sync
        pair->asked++;
        pair->syncs++;
        if (pair->copy == HAS_DATA) pair->copy = NO_COPY;
        break;
    case 'c': // CopyDone
    case 'f': // CopyFail
        if (pair->copy == TAKES_DATA) {
            unanswered(pair);
            pair->copy = HAS_DATA;
        } else {
            pair->ahead++;
        }
        break;
    }
}

static void begins(pair *pair, messages *messages, uint8_t kind) {
    messages->kind = kind;
    if (messages == &pair->from_far) {
        says(pair, kind);
    } else {
        asks(pair, kind);
    }
}

// Follows one side's messages (PostgreSQL documentation, "Message Formats"): a byte for the kind, four for the length
// without it, in network byte order.
static void follow(pair *pair, messages *messages, const uint8_t *bytes, size_t count) {
    // Where the next message begins.
    uint64_t next = messages->left;
    if (messages->head_count > 0) {
        size_t lacking = HEAD - messages->head_count, step = count < lacking ? count : lacking;
        memcpy(messages->head + messages->head_count, bytes, step);
        messages->head_count += (unsigned)step;
        if (step < lacking) return;
        begins(pair, messages, messages->head[0]);
        next = step + length(messages->head) - HEAD;
    }
    while (next + HEAD <= count) {
        begins(pair, messages, bytes[next]);
        next += length(bytes + next);
    }
    messages->head_count = 0;
    messages->left = next > count ? next - count : 0;
    if (next < count) {
        messages->head_count = (unsigned)(count - next);
        memcpy(messages->head, bytes + next, messages->head_count);
    }
}

void pair_asks(pair *pair, const uint8_t *bytes, size_t count) { follow(pair, &pair->from_near, bytes, count); }

unsigned pair_asked(const pair *pair) {
    uint8_t kind = pair->from_near.kind;
    // A server works on what comes before a Sync as well, and on COPY's data.
    if (kind != 0 && strchr("PBEDCH", kind) != NULL) return pair->asked + 1;
    return pair->asked == 0 && pair->copy != NO_COPY ? 1 : pair->asked;
}

// Whether a socket whose other side says no more is closed there, as far as the system tells: a Unix socket is known to
// be, and TCP tells of its end no sooner than something is sent.
static int is_closed(int socket) {
    struct pollfd set = {.fd = socket, .events = 0};
    return poll(&set, 1, 0) < 0 || (set.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

// What TLS has written since `start`, for the server.
static void add_encrypted(pair *pair, batch *batch, const uint8_t *start) {
    size_t encrypted = (size_t)(batch->room + batch->at - start);
    if (encrypted > 0) batch_add(batch, pair, 1, pair->far.fd, start, encrypted);
}

static void close_up(pair *pair) {
    if (!pair->closes_up) return;
    shutdown(pair->far.fd, SHUT_WR);
    pair->closes_up = 0;
}

// The client says no more, and may still read: the server is told so by TLS's own word (RFC 8446, 6.1), which ends it
// once it has said all that it was asked for, and by the system's, for one that looks whether its client is there
// (PostgreSQL documentation, `client_connection_check_interval`): at a port nobody knows yet whether it is.
static void says_no_more(pair *pair, batch *batch) {
    const uint8_t *start = batch->room + batch->at;
    batch->end = batch->at + RECORDS;
    pair->near_ended = pair->leaves = pair->closes_up = 1;
    if (SSL_shutdown(pair->ssl) < 0) {
        pair->over = 1;
        ERR_clear_error();
    }
    add_encrypted(pair, batch, start);
    if (batch->room + batch->at == start) close_up(pair);
}

// From this machine to the server.
static void take_up(pair *pair, batch *batch, uint8_t *room) {
    ssize_t count;
    do {
        count = recv(pair->near.fd, room, ROOM, 0);
    } while (count < 0 && errno == EINTR);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (count == 0 && !is_closed(pair->near.fd)) return says_no_more(pair, batch);
    if (count <= 0) {
        // Its program has gone: nobody is left to read.
        pair->over = 1;
        return;
    }
    // Terminate (PostgreSQL documentation, "Message Formats"): the server closes then, before or after its client does.
    static const uint8_t terminate[] = {'X', 0, 0, 0, 4};
    const size_t size = sizeof terminate;
    pair->leaves = (size_t)count >= size && memcmp(room + count - size, terminate, size) == 0;
    pair_asks(pair, room, (size_t)count);
    const uint8_t *start = batch->room + batch->at;
    batch->end = batch->at + ROOM + RECORDS;
    for (ssize_t done = 0; done < count;) {
        int step = SSL_write(pair->ssl, room + done, (int)(count - done));
        if (step <= 0) {
            ERR_clear_error();
            // What is left of it would be lost in the middle.
            pair->over = pair->far_ended = 1;
            break;
        }
        done += step;
    }
    add_encrypted(pair, batch, start);
}

// How many bytes are missing until a message ends, as far as is known.
static uint64_t missing(const pair *pair) {
    const messages *messages = &pair->from_far;
    return messages->head_count > 0 ? HEAD - messages->head_count : messages->left;
}

void pair_part(pair *pair, const uint8_t *words, size_t count) {
    pair->words = words;
    pair->words_count = count;
}

// From the server to this machine.
static void take_down(pair *pair, batch *batch, uint8_t *room) {
    const uint8_t *own = batch->room + batch->at;
    size_t count = 0;
    batch->end = batch->at + RECORDS;
    pair->dry = 0;
    while (count < ROOM) {
        size_t most = ROOM - count;
        // The last words stand behind a whole message.
        if (pair->words != NULL && missing(pair) < most) most = (size_t)missing(pair);
        if (most == 0) break;
        int step = SSL_read(pair->ssl, room + count, (int)most);
        if (step > 0) {
            follow(pair, &pair->from_far, room + count, (size_t)step);
            count += (size_t)step;
            // More that has come already is taken now; what may come is told by the poller.
            if (SSL_has_pending(pair->ssl)) continue;
            break;
        }
        int error = SSL_get_error(pair->ssl, step);
        ERR_clear_error();
        // Part of a record may be there already: the rest of it is told.
        pair->dry = error == SSL_ERROR_WANT_READ;
        pair->far_ended = !pair->dry;
        break;
    }
    // What TLS itself had to say, such as a change of keys (RFC 8446, 4.6.3), goes behind what waits.
    size_t said = (size_t)(batch->room + batch->at - own);
    if (said > 0 && pair->up.count == 0) {
        batch_add(batch, pair, 1, pair->far.fd, own, said);
    } else if (said > 0 && (pair->up.count > WAITING || keep(&pair->up, own, said) != 0)) {
        pair->over = 1;
    }
    uint8_t *place = batch->room + batch->at;
    memcpy(place, room, count);
    if (pair->words != NULL && !pair->told && !pair->far_ended && missing(pair) == 0) {
        memcpy(place + count, pair->words, pair->words_count);
        count += pair->words_count;
        pair->told = 1;
    }
    if (count == 0) return;
    batch->at += count;
    batch_add(batch, pair, 0, pair->near.fd, place, count);
}

int pair_may_ask(const pair *pair) { return !pair->near_ended && pair->words == NULL && !SSL_in_init(pair->ssl); }

void pair_take(pair *pair, batch *batch, uint8_t *room) {
    if (pair->over) return;
    int before = batch->count;
    if (pair->down.count == 0) {
        if (pair->far_ready && !pair->far_ended) take_down(pair, batch, room);
    } else if (pair->near_ready) {
        try_again(pair, batch, 0);
    }
    if (pair->over) return;
    int is_up = 0;
    for (int at = before; at < batch->count; at++) is_up |= batch->entries[at].up;
    if (pair->up.count > 0) {
        if (pair->far_ready) try_again(pair, batch, 1);
    } else if (pair->near_ready && pair_may_ask(pair) && !is_up) {
        take_up(pair, batch, room);
    }
}

void pair_sent(const batch_entry *entry) {
    pair *pair = entry->pair;
    rest *rest = entry->up ? &pair->up : &pair->down;
    int waits = entry->done == -EAGAIN || entry->done == -EWOULDBLOCK || entry->done == -EINTR;
    ssize_t done = waits ? 0 : entry->done;
    if (done < 0) {
        // Nobody is left to read it; but what a server said last is still to be read.
        if (entry->up && (done == -EPIPE || done == -ECONNRESET)) {
            pair->near_ended = 1;
            took(rest, rest->count);
        } else {
            pair->over = 1;
        }
    } else if (rest->count > 0) {
        took(rest, (size_t)done);
    } else if ((size_t)done < entry->count && keep(rest, entry->bytes + done, entry->count - (size_t)done) != 0) {
        pair->over = 1;
    }
    if (entry->up && rest->count == 0) close_up(pair);
}

int pair_is_over(const pair *pair) {
    return pair->over || ((pair->far_ended || pair->told) && pair->down.count == 0);
}

int pair_ending(const pair *pair) {
    return (pair->unwatched ? COPENSSL_UNWATCHED : 0)
        | (pair->far_ended && !pair->leaves ? COPENSSL_CLOSED : 0)
        | (pair->words != NULL ? COPENSSL_STOPPED : 0)
        | (missing(pair) == 0 && pair->down.count == 0 && pair->from_far.kind != 'E' && !pair->told ? COPENSSL_UNTOLD : 0);
}

int pair_waits_turn(const pair *pair) {
    if (pair->down.count > 0 || pair->far_ended) return 0;
    if (pair->words != NULL && missing(pair) == 0) return 1;
    return !pair->dry && SSL_has_pending(pair->ssl);
}
