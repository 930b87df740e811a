// A client of this machine and its server, and the bytes between them.
#ifndef COPENSSL_PAIR_H
#define COPENSSL_PAIR_H

#include "batch.h"
#include "poller.h"

#include <stdint.h>

// How many bytes the kind of a message and its length have.
#define HEAD 5u

// Bytes that were taken from one side and not yet by the other; nothing is allocated where there are none.
typedef struct {
    uint8_t *bytes;
    size_t at, count;
} rest;

// Where one side is among its messages: the kind of the last one that has begun and how many of its bytes are still to
// come, or as much of the next one's kind and length as has come.
typedef struct {
    uint8_t kind, head[HEAD];
    unsigned head_count;
    uint64_t left;
} messages;

typedef struct pair {
    struct pair *next, *previous, *next_over, *next_served, *next_turn;
    uint64_t number;
    SSL *ssl;
    poller_place near, far;
    // What the server did not take is encrypted already; what this machine did not take is not.
    rest up, down;
    int near_ended, far_ended, over;
    // The system would not have it waited on.
    int unwatched;
    // How many times the server has still to say that it is ready for more.
    unsigned asked;
    // How many of those are Syncs behind the last statement: one that takes COPY's data leaves them unanswered.
    unsigned syncs;
    // How often COPY's data was ended before the server asked for any.
    unsigned ahead;
    // Whether a COPY takes the client's data, or has it all and no Sync behind it.
    enum { NO_COPY, TAKES_DATA, HAS_DATA } copy;
    // The client has taken its leave, or says no more.
    int leaves;
    // The server is to hear that from the system too, behind what TLS says of it.
    int closes_up;
    messages from_near, from_far;
    // What the client is told last, behind the server's last whole message; owned by the relay. NULL while it goes on.
    const uint8_t *words;
    size_t words_count;
    // It has been told, or what is left of that waits.
    int told;
    // Served in this round, as something is possible at its sockets.
    int served, near_ready, far_ready;
    // Nothing more can be decrypted before more has come.
    int dry;
    // Its place among those that keep TLS's buffers, from 1; 0 for the others.
    int kept;
} pair;

// The pair's client from now on writes what it encrypts into the batch, and keeps its buffers until they are freed.
void pair_join(pair *pair, batch *batch);
void pair_leave(pair *pair);
// It is to end: the client is heard no more, and is told these bytes, at most PARTING, as soon as they stand between two
// of the server's messages.
void pair_part(pair *pair, const uint8_t *words, size_t count);
// Whether more of this machine's can be encrypted: not in the middle of a message of TLS's own.
int pair_may_ask(const pair *pair);
// Takes what came from both sides, as far as something is possible there, and adds it to the batch. `room` is ROOM bytes
// to work with.
void pair_take(pair *pair, batch *batch, uint8_t *room);
// What became of its bytes.
void pair_sent(const batch_entry *entry);
// Whether one side has gone, and the other has what there was for it.
int pair_is_over(const pair *pair);
// What is told of its end.
int pair_ending(const pair *pair);
// The client has said something; also what was passed on before the pair was.
void pair_asks(pair *pair, const uint8_t *bytes, size_t count);
// How many of the client's questions the server may still work on.
unsigned pair_asked(const pair *pair);
// Whether there is more to decrypt, or to tell, that no poller would tell of.
int pair_waits_turn(const pair *pair);

#endif
