// A client of this machine and its server, and the bytes between them.
#ifndef COPENSSL_PAIR_H
#define COPENSSL_PAIR_H

#include "poller.h"

#include <openssl/ssl.h>
#include <stdint.h>

// What is taken at once in one direction.
#define ROOM 65536

// Bytes that were taken from one side and not yet by the other; nothing is allocated where there are none.
typedef struct {
    uint8_t *bytes;
    size_t at, count;
} rest;

typedef struct pair {
    struct pair *next, *previous, *next_over;
    uint64_t number;
    SSL *ssl;
    poller_place near, far;
    rest up, down;
    int near_ended, far_ended, over;
    // Bytes that no poller would tell wait for its next turn, behind the others that are ready.
    int waits_turn;
    struct pair *next_turn;
    // The last SSL_write wants the socket writable, the last SSL_read does.
    int write_waits, read_waits;
} pair;

// Passes on what came from this machine to the server. `room` is ROOM bytes to work with.
void pump_up(pair *pair, uint8_t *room);
// Passes on what came from the server. 1 where decrypted bytes wait for their turn, which no poller would tell.
int pump_down(pair *pair, uint8_t *room);

#endif
