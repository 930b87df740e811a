#include "relay_trial.h"
#include "session.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Nothing moves for so many seconds where something is stuck.
#define PATIENCE 60

typedef struct {
    copenssl_relay *relay;
    copenssl_trust *trust;
    SSL_CTX *servers;
    int listener;
    pthread_t thread;
    int runs;
    session *sessions;
    int count;
} stage;

static void ended(void *context, uint64_t number, int how, unsigned asked) {
    session *session = &((stage *)context)->sessions[number];
    session->how = how;
    session->asked = asked;
    session->ended = 1;
}

static void *run(void *context) {
    stage *stage = context;
    copenssl_relay_run(stage->relay, ended, stage);
    return NULL;
}

static int listen_here(void) {
    int socket_ = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(socket_, (struct sockaddr *)&address, sizeof address) == 0 && listen(socket_, 8) == 0) return socket_;
    close(socket_);
    return -1;
}

static int set_up(stage *stage, const relay_trial *trial, int count) {
    char words[128];
    memset(stage, 0, sizeof *stage);
    signal(SIGPIPE, SIG_IGN);
    stage->count = count;
    stage->sessions = calloc((size_t)count, sizeof *stage->sessions);
    stage->listener = listen_here();
    stage->relay = copenssl_relay_new();
    stage->trust = copenssl_trust_new(trial->roots, words, sizeof words);
    stage->servers = SSL_CTX_new(TLS_server_method());
    if (stage->sessions == NULL || stage->listener < 0 || stage->relay == NULL || stage->trust == NULL
        || stage->servers == NULL
        || SSL_CTX_use_certificate_chain_file(stage->servers, trial->certificate) != 1
        || SSL_CTX_use_PrivateKey_file(stage->servers, trial->key, SSL_FILETYPE_PEM) != 1
        || SSL_CTX_set_max_proto_version(stage->servers, trial->version == 12 ? TLS1_2_VERSION : TLS1_3_VERSION) != 1) {
        return -1;
    }
    SSL_CTX_set_mode(stage->servers, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    stage->runs = pthread_create(&stage->thread, NULL, run, stage) == 0;
    return stage->runs ? 0 : -1;
}

static void join(stage *stage) {
    if (stage->runs) pthread_join(stage->thread, NULL);
    stage->runs = 0;
}

static void tear_down(stage *stage) {
    if (stage->relay != NULL) copenssl_relay_stop(stage->relay);
    join(stage);
    for (int at = 0; stage->sessions != NULL && at < stage->count; at++) session_close(&stage->sessions[at]);
    copenssl_relay_free(stage->relay);
    copenssl_trust_free(stage->trust);
    SSL_CTX_free(stage->servers);
    if (stage->listener >= 0) close(stage->listener);
    free(stage->sessions);
}

static time_t seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

static int is_through(const session *session) {
    return session->ended && session->client_over && (session->server_over || session->says_no_more);
}

// Has all that end by themselves, or are parted from, go on until they are through. NULL, or what is wrong.
static const char *go_on(stage *stage, int parts) {
    time_t last = seconds();
    int still = 0;
    while (seconds() - last < PATIENCE) {
        int moved = 0, open = 0;
        for (int at = 0; at < stage->count; at++) {
            session *session = &stage->sessions[at];
            if (session->ended && session->near >= 0) {
                session_let_go(session);
                moved = 1;
            }
            moved |= session_step(session, stage->relay, (uint64_t)at);
            if (session->failure != NULL) return session->failure;
            int waits = session->ending == DEAF || (session->ending == PARTED && !parts);
            open += waits ? !session->is_added : !is_through(session);
        }
        if (open == 0) return NULL;
        if (moved) last = seconds();
        // By chance nobody may have done anything.
        still = moved ? 0 : still + 1;
        if (still > 30) poll(NULL, 0, 1);
    }
    return "something is stuck";
}

int relay_trial_run(const relay_trial *trial, relay_outcome *outcome) {
    stage stage;
    memset(outcome, 0, sizeof *outcome);
    const char *failure = set_up(&stage, trial, trial->pairs) == 0 ? NULL : "the trial cannot be set up";
    uint64_t chance = trial->seed;
    for (int at = 0; failure == NULL && at < trial->pairs; at++) {
        session *session = &stage.sessions[at];
        session->chance = chance_next(&chance);
        // Of each at least one.
        session->ending = (enum ending)(at < ENDINGS ? (uint64_t)at : chance_next(&chance) % ENDINGS);
        if (session_open(session, stage.servers, stage.trust, stage.listener, trial->most) != 0) {
            failure = "no more sockets";
        }
    }
    if (failure == NULL) failure = go_on(&stage, 0);
    if (failure == NULL) {
        copenssl_relay_part(stage.relay, last_words, sizeof last_words);
        failure = go_on(&stage, 1);
    }
    if (failure == NULL) {
        copenssl_relay_stop(stage.relay);
        join(&stage);
    }
    int at = 0;
    for (; failure == NULL && at < trial->pairs; at++) {
        const session *session = &stage.sessions[at];
        outcome->bytes += session->up.got + session->down.got;
        outcome->key_updates += session->key_updates;
        outcome->told += session->told > 0;
        failure = session->ended ? session_verdict(session) : "a session was not told of at the end";
    }
    if (failure != NULL) snprintf(outcome->failure, sizeof outcome->failure, "%s", failure);
    tear_down(&stage);
    return failure == NULL ? 0 : -1;
}

// The one session of a trial, once the relay has it; NULL where it comes to none.
static session *set_up_one(stage *stage, const relay_trial *trial) {
    if (set_up(stage, trial, 1) != 0) return NULL;
    session *session = &stage->sessions[0];
    session->chance = trial->seed;
    session->ending = BY_CLIENT;
    if (session_open(session, stage->servers, stage->trust, stage->listener, 1) != 0) return NULL;
    time_t start = seconds();
    while (!(session->is_added && session->is_accepted) && seconds() - start < PATIENCE) {
        int is_accepted = SSL_accept(session->server) == 1;
        session->is_accepted |= is_accepted;
        if (!session->is_added && copenssl_handshake(session->client) > 0) {
            session->is_added = copenssl_relay_add(stage->relay, session->near, session->far, session->client, 0, NULL, 0) == 0;
        }
        poll(NULL, 0, 1);
    }
    return session->is_added && session->is_accepted ? session : NULL;
}

// So many bytes in one go, out of what the relay has passed on.
static int passes(session *session, int up, const uint8_t *bytes, size_t count) {
    uint8_t came[MOST_AT_ONCE];
    ssize_t sent = up ? send(session->client_end, bytes, count, 0) : SSL_write(session->server, bytes, (int)count);
    size_t got = 0;
    time_t start = seconds();
    while (sent == (ssize_t)count && got < count && seconds() - start < PATIENCE) {
        ssize_t step = up ? SSL_read(session->server, came, sizeof came)
                          : recv(session->client_end, came, sizeof came, 0);
        if (step > 0) got += (size_t)step;
        if (step <= 0) poll(NULL, 0, 1);
    }
    return got == count;
}

int relay_trial_asked(const relay_trial *trial, const char *script) {
    stage stage;
    session *session = set_up_one(&stage, trial);
    int goes = session != NULL;
    while (goes && *script != 0) {
        int up = *script++ == '>';
        uint8_t bytes[MOST_AT_ONCE];
        size_t count = 0;
        for (; *script != 0 && *script != '<' && *script != '>'; script++) {
            // None has a body.
            const uint8_t message[] = {(uint8_t)*script, 0, 0, 0, 4};
            memcpy(bytes + count, message, sizeof message);
            count += sizeof message;
        }
        goes = passes(session, up, bytes, count);
    }
    if (goes) {
        close(session->client_end);
        session->client_end = -1;
        time_t start = seconds();
        while (!session->ended && seconds() - start < PATIENCE) poll(NULL, 0, 1);
        goes = session->ended;
    }
    int asked = goes ? (int)session->asked : -1;
    tear_down(&stage);
    return asked;
}

int relay_trial_unwatched(const relay_trial *trial) {
    stage stage;
    int is_told = 0;
    session *session = set_up_one(&stage, trial);
    time_t start = seconds();
    if (session != NULL) {
        // Its server reads nothing: what it says fills all on the way, and then it is not read from.
        uint8_t bytes[4096] = {0};
        struct pollfd room = {.fd = session->client_end, .events = POLLOUT};
        while (poll(&room, 1, 300) > 0) (void)send(session->client_end, bytes, sizeof bytes, 0);
        // A file in the socket's place: the system takes neither what is left of the one nor the other (epoll_ctl(2)).
        int file = open(trial->roots, O_RDONLY);
        dup2(file, session->near);
        close(file);
        while (!session->ended && seconds() - start < PATIENCE) {
            if (SSL_read(session->server, bytes, sizeof bytes) <= 0) poll(NULL, 0, 1);
        }
        is_told = session->ended && (session->how & COPENSSL_UNWATCHED) != 0;
    }
    tear_down(&stage);
    return is_told;
}
