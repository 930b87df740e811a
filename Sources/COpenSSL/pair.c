#include "pair.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// How often one direction goes on before the others have their turn.
#define TURNS 4

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

static int keep(rest *rest, const uint8_t *bytes, size_t count) {
    rest->bytes = malloc(count);
    if (rest->bytes == NULL) return -1;
    memcpy(rest->bytes, bytes, count);
    rest->at = 0;
    rest->count = count;
    return 0;
}

static void took(rest *rest, size_t count) {
    rest->at += count;
    if (rest->at < rest->count) return;
    free(rest->bytes);
    memset(rest, 0, sizeof *rest);
}

// Writes to the far side as much as it takes; how much that was, or -1 where it has gone.
static ssize_t write_far(pair *pair, const uint8_t *bytes, size_t count) {
    size_t done = 0;
    pair->write_waits = 0;
    while (done < count) {
        ERR_clear_error();
        int step = SSL_write(pair->ssl, bytes + done, (int)(count - done));
        if (step > 0) {
            done += (size_t)step;
            continue;
        }
        switch (SSL_get_error(pair->ssl, step)) {
        case SSL_ERROR_WANT_WRITE: pair->write_waits = 1; return (ssize_t)done;
        // Something has to be read first, and is read anyway.
        case SSL_ERROR_WANT_READ: return (ssize_t)done;
        default: return -1;
        }
    }
    return (ssize_t)done;
}

static ssize_t write_near(pair *pair, const uint8_t *bytes, size_t count) {
    ssize_t done;
    do {
        done = send(pair->near.fd, bytes, count, MSG_NOSIGNAL);
    } while (done < 0 && errno == EINTR);
    if (done < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
    return done;
}

// From this machine to the server.
void pump_up(pair *pair, uint8_t *room) {
    for (int turn = 0; turn < TURNS && !pair->over; turn++) {
        if (pair->up.count > 0) {
            ssize_t done = write_far(pair, pair->up.bytes + pair->up.at, pair->up.count - pair->up.at);
            if (done < 0) {
                // What the server said last is still to be read.
                pair->near_ended = 1;
                took(&pair->up, pair->up.count);
                return;
            }
            took(&pair->up, (size_t)done);
            if (pair->up.count > 0) return;
        }
        if (pair->near_ended) return;
        ssize_t count = recv(pair->near.fd, room, ROOM, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (count <= 0) {
            // Its program has gone: nobody is left to read.
            pair->over = 1;
            return;
        }
        ssize_t done = write_far(pair, room, (size_t)count);
        if (done < 0) {
            pair->near_ended = 1;
            return;
        }
        if (done < count) {
            if (keep(&pair->up, room + done, (size_t)(count - done)) != 0) pair->over = 1;
            return;
        }
        if (count < ROOM) return;
    }
}

// From the server to this machine.
int pump_down(pair *pair, uint8_t *room) {
    for (int turn = 0; turn < TURNS && !pair->over; turn++) {
        if (pair->down.count > 0) {
            ssize_t done = write_near(pair, pair->down.bytes + pair->down.at, pair->down.count - pair->down.at);
            if (done < 0) {
                pair->over = 1;
                return 0;
            }
            took(&pair->down, (size_t)done);
            if (pair->down.count > 0) return 0;
        }
        if (pair->far_ended) {
            pair->over = 1;
            return 0;
        }
        size_t count = 0;
        int dry = 0;
        pair->read_waits = 0;
        while (count < ROOM) {
            ERR_clear_error();
            int step = SSL_read(pair->ssl, room + count, (int)(ROOM - count));
            if (step > 0) {
                count += (size_t)step;
                // More that has come already is taken now; what may come is told by the poller.
                if (SSL_has_pending(pair->ssl)) continue;
                break;
            }
            int error = SSL_get_error(pair->ssl, step);
            // Part of a record may be there already: the rest of it is told.
            dry = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
            pair->read_waits = error == SSL_ERROR_WANT_WRITE;
            pair->far_ended = !dry;
            break;
        }
        if (count > 0) {
            ssize_t done = write_near(pair, room, count);
            if (done < 0 || ((size_t)done < count && keep(&pair->down, room + done, count - (size_t)done) != 0)) {
                pair->over = 1;
                return 0;
            }
        }
        if (!pair->far_ended && (dry || !SSL_has_pending(pair->ssl))) return 0;
    }
    return !pair->over && pair->down.count == 0;
}
