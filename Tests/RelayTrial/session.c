#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

const uint8_t last_words[12] = {'E', 0, 0, 0, 11, 'F', 'A', 'T', 'A', 'L', 0, 0};

static uint64_t chance(session *session, uint64_t below) { return chance_next(&session->chance) % below; }

static void narrow(int socket, int bytes) {
    setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

static void begin(flow *flow, uint64_t seed, size_t total) {
    messages_begin(&flow->out, seed);
    messages_begin(&flow->in, seed);
    flow->total = total;
}

// The other end of a connected socket. Whoever else has come to the listener, as one that looks for a port where nobody
// listens may, is let go: its place would be another session's.
static int accept_from(int listener, int connected) {
    struct sockaddr_in own, peer;
    socklen_t size = sizeof own;
    if (getsockname(connected, (struct sockaddr *)&own, &size) != 0) return -1;
    for (;;) {
        size = sizeof peer;
        int other = accept(listener, (struct sockaddr *)&peer, &size);
        if (other < 0 || (peer.sin_port == own.sin_port && peer.sin_addr.s_addr == own.sin_addr.s_addr)) return other;
        close(other);
    }
}

int session_open(session *session, SSL_CTX *servers, copenssl_trust *trust, int listener, size_t most) {
    session->near = session->far = session->client_end = session->server_end = -1;
    session->slow_client = 1 + 3 * (unsigned)chance(session, 2);
    session->slow_server = 1 + 3 * (unsigned)chance(session, 2);
    session->hears_little = chance(session, 2) == 0;
    begin(&session->up, chance(session, UINT64_MAX), 1 + chance(session, most));
    int endless = session->ending == PARTED || session->ending == DEAF;
    begin(&session->down, chance(session, UINT64_MAX), endless ? SIZE_MAX : 1 + chance(session, most));
    uint64_t narrowness = session->hears_little ? 2 : chance(session, 3);
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return -1;
    session->near = ends[0];
    session->client_end = ends[1];
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    session->far = socket(AF_INET, SOCK_STREAM, 0);
    if (session->far < 0 || getsockname(listener, (struct sockaddr *)&address, &size) != 0) return -1;
    if (narrowness > 0) {
        narrow(session->near, 2048);
        narrow(session->client_end, 2048);
    }
    if (narrowness > 1) narrow(session->far, 4096);
    if (connect(session->far, (struct sockaddr *)&address, size) != 0) return -1;
    session->server_end = accept_from(listener, session->far);
    if (session->server_end < 0) return -1;
    if (narrowness > 1) narrow(session->server_end, 4096);
    int on = 1;
    setsockopt(session->far, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(session->server_end, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    int all[] = {session->near, session->client_end, session->far, session->server_end};
    for (int at = 0; at < 4; at++) fcntl(all[at], F_SETFL, O_NONBLOCK);
    session->client = copenssl_client_new(trust, session->far, "localhost");
    session->server = SSL_new(servers);
    return session->client != NULL && SSL_set_fd(session->server, session->server_end) == 1 ? 0 : -1;
}

// What is to be sent next, made by chance.
static void make(session *session, flow *flow) {
    size_t open = flow->total - flow->sent;
    if (flow->at < flow->count || open == 0) return;
    int is_much = !session->hears_little && chance(session, 3) == 0;
    size_t wanted = 1 + chance(session, is_much ? MOST_AT_ONCE : 300);
    flow->at = 0;
    flow->count = wanted < open ? wanted : open;
    messages_take(&flow->out, flow->waiting, flow->count);
}

static void sent(flow *flow, size_t count) {
    flow->at += count;
    flow->sent += count;
}

// Whether what has come is what was sent.
static int came(session *session, flow *flow, const uint8_t *bytes, size_t count) {
    uint8_t wanted[MOST_AT_ONCE];
    int may_part = session->ending == PARTED && flow == &session->down;
    for (size_t at = 0; at < count;) {
        if (session->told > 0 || (may_part && messages_are_whole(&flow->in) && bytes[at] == last_words[0])) {
            if (session->told == sizeof last_words || bytes[at] != last_words[session->told]) return 0;
            session->told++;
            at++;
            continue;
        }
        // By ones where the last words may stand next.
        size_t step = may_part ? 1 : count - at;
        messages_take(&flow->in, wanted, step);
        if (memcmp(wanted, bytes + at, step) != 0) return 0;
        flow->got += step;
        at += step;
    }
    return 1;
}

// MARK: The server

// Whether there is nothing more to be had from its connection. Where that came without TLS's own word, it is the end of a
// client, and one that hears of an end without it complains; all else is what must not be.
static int is_over(session *session, int result) {
    int error = SSL_get_error(session->server, result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return 0;
    if (error == SSL_ERROR_SSL) {
        int reason = ERR_GET_REASON(ERR_peek_error());
        int is_end = 0;
#ifdef SSL_R_UNEXPECTED_EOF_WHILE_READING
        is_end = reason == SSL_R_UNEXPECTED_EOF_WHILE_READING;
#endif
        if (!is_end && !session->says_no_more) session->failure = "a server got broken TLS";
    }
    return 1;
}

static int server_says(session *session) {
    make(session, &session->down);
    flow *down = &session->down;
    if (down->at == down->count) return 0;
    if (SSL_version(session->server) == TLS1_3_VERSION && down->at == 0 && chance(session, 8) == 0) {
        // Whether it has its client change too.
        int kind = chance(session, 2) == 0 ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED;
        session->key_updates += SSL_key_update(session->server, kind) == 1;
    }
    ERR_clear_error();
    int count = SSL_write(session->server, down->waiting + down->at, (int)(down->count - down->at));
    if (count > 0) {
        sent(down, (size_t)count);
        return 1;
    }
    session->server_over |= is_over(session, count);
    return 0;
}

static int server_hears(session *session) {
    uint8_t bytes[MOST_AT_ONCE];
    // All the same it hears an end.
    if (session->hears_little && !session->says_no_more && chance(session, 8) != 0) return 0;
    ERR_clear_error();
    int most = session->hears_little ? 3000 : MOST_AT_ONCE;
    int count = SSL_read(session->server, bytes, 1 + (int)chance(session, (uint64_t)most));
    if (count > 0) {
        if (!came(session, &session->up, bytes, (size_t)count)) session->failure = "a server got other bytes";
        return 1;
    }
    if (session->ending == HALF_CLOSED && SSL_get_error(session->server, count) == SSL_ERROR_ZERO_RETURN) {
        session->hears_no_more = 1;
        return 1;
    }
    session->server_over |= is_over(session, count);
    return 0;
}

static int server_step(session *session) {
    if (session->server_over || chance(session, session->slow_server) != 0) return 0;
    if (!session->is_accepted) {
        ERR_clear_error();
        session->is_accepted = SSL_accept(session->server) == 1;
        return session->is_accepted;
    }
    int moved = session->hears_no_more ? 0 : server_hears(session);
    // Who is to talk until the relay parts from it takes its time, so that others come to their end.
    int pauses = session->down.total == SIZE_MAX && chance(session, 4) != 0;
    // What it says once its client says no more is to come through.
    pauses |= session->ending == HALF_CLOSED && !session->hears_no_more;
    if (!pauses && !session->says_no_more && !session->server_over) moved |= server_says(session);
    int is_done = session->up.got == session->up.total && session->down.sent == session->down.total;
    int ends = session->ending == BY_SERVER || session->hears_no_more;
    if (ends && is_done && !session->says_no_more) {
        session->says_no_more = 1;
        if (chance(session, 2) == 0) SSL_shutdown(session->server);
        shutdown(session->server_end, SHUT_WR);
        moved = 1;
    }
    return moved;
}

// MARK: The client

static int client_step(session *session) {
    if (session->client_over || chance(session, session->slow_client) != 0) return 0;
    int moved = 0;
    make(session, &session->up);
    flow *up = &session->up;
    if (up->at < up->count) {
        ssize_t count = send(session->client_end, up->waiting + up->at, up->count - up->at, MSG_NOSIGNAL);
        if (count > 0) {
            sent(up, (size_t)count);
            moved = 1;
        }
    }
    if (session->ending != DEAF) {
        uint8_t bytes[MOST_AT_ONCE];
        ssize_t count = recv(session->client_end, bytes, 1 + chance(session, MOST_AT_ONCE), 0);
        if (count > 0) {
            if (!came(session, &session->down, bytes, (size_t)count)) session->failure = "a client got other bytes";
            moved = 1;
        } else if (count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
            session->client_over = 1;
        }
    }
    if (session->ending == HALF_CLOSED && up->sent == up->total && !session->client_says_no_more) {
        session->client_says_no_more = 1;
        shutdown(session->client_end, SHUT_WR);
        moved = 1;
    }
    if (session->ending == BY_CLIENT && up->sent == up->total && session->down.got == session->down.total) {
        close(session->client_end);
        session->client_end = -1;
        session->client_over = 1;
        moved = 1;
    }
    return moved;
}

// MARK: Both

int session_step(session *session, copenssl_relay *relay, uint64_t number) {
    int moved = server_step(session);
    if (!session->is_added) {
        int step = copenssl_handshake(session->client);
        if (step == COPENSSL_FAILED || step == COPENSSL_END) session->failure = "no handshake";
        if (step <= 0) return moved;
        session->is_added = 1;
        if (copenssl_relay_add(relay, session->near, session->far, session->client, number, NULL, 0) != 0) {
            session->failure = "the relay took no more";
        }
        return 1;
    }
    return moved | client_step(session);
}

void session_let_go(session *session) {
    copenssl_client_free(session->client);
    session->client = NULL;
    if (session->near >= 0) close(session->near);
    if (session->far >= 0) close(session->far);
    session->near = session->far = -1;
}

void session_close(session *session) {
    session_let_go(session);
    SSL_free(session->server);
    if (session->client_end >= 0) close(session->client_end);
    if (session->server_end >= 0) close(session->server_end);
}

const char *session_verdict(const session *session) {
    if (session->failure != NULL) return session->failure;
    int is_stopped = (session->how & COPENSSL_STOPPED) != 0, is_closed = (session->how & COPENSSL_CLOSED) != 0;
    switch (session->ending) {
    case BY_SERVER:
        if (session->down.got != session->down.total) return "a client did not get all that its server said";
        return is_closed && !is_stopped ? NULL : "a session that its server ended was told otherwise";
    case BY_CLIENT:
        if (session->up.got != session->up.total) return "a server did not get all that its client said";
        return !is_closed && !is_stopped ? NULL : "a session that its client ended was told otherwise";
    case HALF_CLOSED:
        if (session->up.got != session->up.total) return "a server did not get all that its client said";
        if (session->down.got != session->down.total) return "a client that said no more did not get its answers";
        return !is_closed && !is_stopped ? NULL : "a session that its client ended was told otherwise";
    case PARTED:
        if (session->told != sizeof last_words) return "a client was not told the last words";
        return is_stopped ? NULL : "a session that the relay ended was told otherwise";
    default: return is_stopped ? NULL : "a session that the relay ended was told otherwise";
    }
}
