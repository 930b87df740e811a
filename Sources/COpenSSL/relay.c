// Bytes between sockets of this machine and TLS clients: one thread for each relay, whatever the number of pairs.
#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "copenssl.h"
#include "client.h"
#include "pair.h"
#include "watch.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// How many pairs keep TLS's buffers while they wait: those of the others would be memory for nothing.
#define KEPT 32

struct copenssl_relay {
    poller poller;
    poller_place waker;
    int wake_writer;
    pthread_mutex_t lock;
    // Handed over and not yet taken on; under the lock, as is what follows.
    pair *coming;
    enum { GOES_ON, PARTS, STOPS } state;
    // What clients are told last: nothing changes it once the relay parts from them.
    uint8_t words[PARTING];
    size_t words_count;
    // The thread's own.
    int parts;
    pair *pairs;
    // Over in this round, and not yet freed.
    pair *over;
    // Served in this round.
    pair *served;
    // Those that go on in the next round whatever the poller says.
    pair *turns;
    // Those that keep their buffers, and whose turn it is to give them up.
    pair *kept[KEPT];
    int next_kept;
    // The last one that was served and goes on.
    pair *last;
    watch watch;
    batch batch;
    uint8_t room[ROOM];
};

static int open_waker(copenssl_relay *relay) {
    int ends[2];
    if (pipe(ends) != 0) return -1;
    for (int at = 0; at < 2; at++) {
        fcntl(ends[at], F_SETFD, FD_CLOEXEC);
        fcntl(ends[at], F_SETFL, O_NONBLOCK);
    }
    relay->waker.fd = ends[0];
    relay->wake_writer = ends[1];
    return 0;
}

copenssl_relay *copenssl_relay_new(void) {
    bind_ssl();
    copenssl_relay *relay = calloc(1, sizeof *relay);
    if (relay == NULL) return NULL;
    relay->waker.fd = relay->wake_writer = relay->poller.fd = -1;
    pthread_mutex_init(&relay->lock, NULL);
    if (open_waker(relay) == 0 && batch_open(&relay->batch) == 0 && poller_open(&relay->poller) == 0
        && poller_add(&relay->poller, &relay->waker, relay->waker.fd, NULL) == 0
        && poller_want(&relay->poller, &relay->waker, POLLER_READ) == 0) {
        return relay;
    }
    copenssl_relay_free(relay);
    return NULL;
}

static void wake(copenssl_relay *relay) {
    uint8_t byte = 1;
    if (write(relay->wake_writer, &byte, 1) < 0) return;
}

int copenssl_relay_add(
    copenssl_relay *relay, int near, int far, copenssl_client *client, uint64_t number, const uint8_t *ahead,
    size_t ahead_count) {
    pair *new = calloc(1, sizeof *new);
    if (new == NULL) return -1;
    new->number = number;
    new->ssl = client->ssl;
    new->near.fd = near;
    new->far.fd = far;
    pair_asks(new, ahead, ahead_count);
    pthread_mutex_lock(&relay->lock);
    if (relay->state != GOES_ON) {
        pthread_mutex_unlock(&relay->lock);
        free(new);
        return -1;
    }
    new->next = relay->coming;
    relay->coming = new;
    pthread_mutex_unlock(&relay->lock);
    wake(relay);
    return 0;
}

void copenssl_relay_part(copenssl_relay *relay, const uint8_t *words, size_t count) {
    pthread_mutex_lock(&relay->lock);
    if (relay->state == GOES_ON) {
        relay->words_count = count <= PARTING ? count : 0;
        memcpy(relay->words, words, relay->words_count);
        relay->state = PARTS;
    }
    pthread_mutex_unlock(&relay->lock);
    wake(relay);
}

void copenssl_relay_stop(copenssl_relay *relay) {
    pthread_mutex_lock(&relay->lock);
    relay->state = STOPS;
    pthread_mutex_unlock(&relay->lock);
    wake(relay);
}

// 0, or -1 where the system will not tell of one of its sockets.
static int wants(copenssl_relay *relay, pair *pair) {
    unsigned near = 0, far = 0;
    // Bytes that wait keep their source from being read.
    if (pair->up.count == 0 && pair_may_ask(pair)) near |= POLLER_READ;
    if (pair->down.count > 0) near |= POLLER_WRITE;
    if (pair->down.count == 0 && !pair->far_ended) far |= POLLER_READ;
    if (pair->up.count > 0) far |= POLLER_WRITE;
    pair->unwatched = poller_want(&relay->poller, &pair->near, near) != 0
        || poller_want(&relay->poller, &pair->far, far) != 0;
    return pair->unwatched ? -1 : 0;
}

// The last ones that were served keep their buffers: to be given new ones takes longer than to decrypt an answer.
static void keep_buffers(copenssl_relay *relay, pair *pair) {
    if (pair->kept > 0) return;
    struct pair **place = &relay->kept[relay->next_kept];
    if (*place != NULL) {
        (*place)->kept = 0;
        SSL_free_buffers((*place)->ssl);
    }
    *place = pair;
    relay->next_kept = (relay->next_kept + 1) % KEPT;
    pair->kept = (int)(place - relay->kept) + 1;
}

static void drop(copenssl_relay *relay, pair *pair) {
    if (pair->kept > 0) relay->kept[pair->kept - 1] = NULL;
    if (pair->previous != NULL) pair->previous->next = pair->next;
    if (pair->next != NULL) pair->next->previous = pair->previous;
    if (relay->pairs == pair) relay->pairs = pair->next;
    pair_leave(pair);
    free(pair);
}

static void finish(copenssl_relay *relay, pair *pair) {
    if (relay->last == pair) relay->last = NULL;
    pair->over = 1;
    poller_remove(&relay->poller, &pair->near);
    poller_remove(&relay->poller, &pair->far);
    pair->next_over = relay->over;
    relay->over = pair;
}

// Something is possible at one of a pair's sockets: both are served together, once a round.
static void is_ready(copenssl_relay *relay, pair *pair, int near, int far) {
    pair->near_ready |= near;
    pair->far_ready |= far;
    if (pair->served) return;
    pair->served = 1;
    pair->next_served = relay->served;
    relay->served = pair;
}

static void send_all(copenssl_relay *relay) {
    batch_send(&relay->batch);
    for (int at = 0; at < relay->batch.count; at++) pair_sent(&relay->batch.entries[at]);
    batch_clear(&relay->batch);
}

static void take_all(copenssl_relay *relay, int far) {
    for (pair *pair = relay->served; pair != NULL; pair = pair->next_served) {
        if (pair->far_ready != far) continue;
        if (!batch_fits(&relay->batch)) send_all(relay);
        pair_take(pair, &relay->batch, relay->room);
    }
    send_all(relay);
}

static void serve(copenssl_relay *relay) {
    // Servers first: they work while this machine gets its answers.
    take_all(relay, 0);
    take_all(relay, 1);
    while (relay->served != NULL) {
        pair *pair = relay->served;
        relay->served = pair->next_served;
        pair->served = pair->near_ready = pair->far_ready = 0;
        if (pair_is_over(pair) || wants(relay, pair) != 0) {
            finish(relay, pair);
            continue;
        }
        keep_buffers(relay, pair);
        relay->last = pair;
        if (!pair_waits_turn(pair)) continue;
        pair->next_turn = relay->turns;
        relay->turns = pair;
    }
}

// sched(7): whoever answers a query is not switched away from for the sake of the relay, which then finds several
// answers at once.
static void work_in_batches(int does) {
#ifdef SCHED_BATCH
    const struct sched_param ordinary = {0};
    (void)sched_setscheduler(0, does ? SCHED_BATCH : SCHED_OTHER, &ordinary);
#else
    (void)does;
#endif
}

static void bury(copenssl_relay *relay, copenssl_ended ended, void *context) {
    if (relay->over == NULL) return;
    // Threads that are started by whoever is told inherit it.
    work_in_batches(0);
    while (relay->over != NULL) {
        pair *gone = relay->over;
        uint64_t number = gone->number;
        int how = pair_ending(gone);
        unsigned asked = pair_asked(gone);
        relay->over = gone->next_over;
        drop(relay, gone);
        ended(context, number, how, asked);
    }
    ERR_clear_error();
    work_in_batches(1);
}

// Takes on what was handed over; 0 where it is time to stop.
static int take_on(copenssl_relay *relay) {
    uint8_t bytes[64];
    while (read(relay->waker.fd, bytes, sizeof bytes) > 0) {
    }
    pthread_mutex_lock(&relay->lock);
    pair *coming = relay->coming;
    relay->coming = NULL;
    int state = relay->state;
    pthread_mutex_unlock(&relay->lock);
    while (coming != NULL) {
        pair *new = coming;
        coming = new->next;
        new->previous = NULL;
        new->next = relay->pairs;
        if (relay->pairs != NULL) relay->pairs->previous = new;
        relay->pairs = new;
        pair_join(new, &relay->batch);
        new->unwatched = poller_add(&relay->poller, &new->near, new->near.fd, new) != 0
            || poller_add(&relay->poller, &new->far, new->far.fd, new) != 0;
        new->over = new->unwatched;
        // What was read with the login's last message waits inside the client.
        is_ready(relay, new, 1, 1);
    }
    if (state == PARTS && !relay->parts) {
        relay->parts = 1;
        for (pair *pair = relay->pairs; pair != NULL; pair = pair->next) {
            pair_part(pair, relay->words, relay->words_count);
            is_ready(relay, pair, 0, 1);
        }
    }
    return state != STOPS;
}

void copenssl_relay_run(copenssl_relay *relay, copenssl_ended ended, void *context) {
    batch_start(&relay->batch);
    watch_start(&relay->watch);
    work_in_batches(1);
    poller_place *ready[POLLER_BATCH];
    int going = 1;
    // Whatever fails from now on clears what OpenSSL says of it.
    ERR_clear_error();
    while (going) {
        int count = 0;
        int has_turns = relay->turns != NULL;
        if (has_turns) {
            count = poller_wait(&relay->poller, 0, ready);
        } else {
            count = watch_look(&relay->watch, &relay->poller, relay->last, ready);
        }
        if (count == 0 && !has_turns) count = poller_wait(&relay->poller, 1, ready);
        watch_round(&relay->watch);
        for (pair *turn = relay->turns; turn != NULL; turn = turn->next_turn) is_ready(relay, turn, 0, 1);
        relay->turns = NULL;
        for (int at = 0; at < count; at++) {
            pair *pair = ready[at]->owner;
            if (pair != NULL) {
                is_ready(relay, pair, ready[at] == &pair->near, ready[at] == &pair->far);
                watch_served(&relay->watch, pair);
            } else {
                going = take_on(relay);
            }
        }
        serve(relay);
        bury(relay, ended, context);
        if (relay->parts && relay->pairs == NULL) break;
    }
    work_in_batches(0);
    while (relay->pairs != NULL) {
        uint64_t number = relay->pairs->number;
        int how = pair_ending(relay->pairs) | COPENSSL_STOPPED;
        unsigned asked = pair_asked(relay->pairs);
        drop(relay, relay->pairs);
        ended(context, number, how, asked);
    }
}

void copenssl_relay_free(copenssl_relay *relay) {
    if (relay == NULL) return;
    while (relay->coming != NULL) {
        pair *left = relay->coming;
        relay->coming = left->next;
        free(left);
    }
    if (relay->waker.fd >= 0) close(relay->waker.fd);
    if (relay->wake_writer >= 0) close(relay->wake_writer);
    poller_close(&relay->poller);
    batch_close(&relay->batch);
    pthread_mutex_destroy(&relay->lock);
    free(relay);
}
