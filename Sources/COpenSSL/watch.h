// Whether the relay looks for bytes for a moment before it sleeps: found out by trial, as it depends on what the machine
// takes to wake a thread and on where the system lets the others run.
#ifndef COPENSSL_WATCH_H
#define COPENSSL_WATCH_H

#include "pair.h"

#include <stdint.h>

// How many pairs are remembered that were served last.
#define RECENT 8

typedef struct {
    int processors;
    // Different pairs that were served last, the last one first, for comparison alone: they may be gone.
    struct {
        const void *pair;
        int64_t at;
    } recent[RECENT];
    // The time of this round, in nanoseconds, to some milliseconds.
    int64_t at;
    // What is done in this stretch of time, since when, and how many rounds it has had.
    int looks;
    int64_t since, rounds;
    // How many rounds a nanosecond had without a look of late, and at best with one.
    double without, with;
    // For how many stretches nothing is looked for still, and for how many the next time that it does not pay.
    int left, pause;
} watch;

// One of zeros: it looks for nothing until a trial tells otherwise.
void watch_start(watch *watch);
// A round begins.
void watch_round(watch *watch);
// A pair has something to be done in this round.
void watch_served(watch *watch, const void *pair);
// Looks for a moment, where that is worth it behind a round that served this pair last; NULL where it has gone. Returns
// how many places are ready.
int watch_look(const watch *watch, poller *poller, const pair *last, poller_place *ready[POLLER_BATCH]);

#endif
