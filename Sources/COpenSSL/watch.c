#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "watch.h"

#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MILLISECOND INT64_C(1000000)
// For how long a pair counts as busy: several turns of a scheduler, as a pair that is looked for keeps the processor from
// the others.
#define BUSY (20 * MILLISECOND)
// For how long it looks, in nanoseconds.
#define MOMENT (MILLISECOND * 3 / 20)
// The time by which rounds are counted, several ticks of the rough clock.
#define STRETCH (20 * MILLISECOND)
// For how many stretches nothing is looked for once that has not paid, at least and at most: it takes the system some of
// them to let the others run elsewhere.
#define SHORTEST 5
#define LONGEST 80

// How many relays look for bytes at the moment: half of the processors are left to others.
static _Atomic int looking;

static int64_t now_by(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

// A clock that costs next to nothing is enough to count by.
static int64_t rough_now(void) {
#if defined(CLOCK_MONOTONIC_COARSE)
    return now_by(CLOCK_MONOTONIC_COARSE);
#elif defined(CLOCK_MONOTONIC_RAW_APPROX)
    return now_by(CLOCK_MONOTONIC_RAW_APPROX);
#else
    return now_by(CLOCK_MONOTONIC);
#endif
}

// Whether so few pairs are busy that a processor is left for looking.
static int is_calm(const watch *watch) {
    int place = (watch->processors < RECENT ? watch->processors : RECENT) - 1;
    return watch->recent[place].pair == NULL || watch->at - watch->recent[place].at > BUSY;
}

// What the last stretch has told, and what is done in the next one.
static void next_stretch(watch *watch) {
    int64_t time = watch->at - watch->since;
    double rate = (double)watch->rounds / (double)time;
    // Both fade: other queries have other rates.
    watch->with *= 0.99;
    // Nobody waits for a relay that has little to do, and a pause tells nothing.
    if (!is_calm(watch) || time > 2 * STRETCH || watch->rounds * MILLISECOND < time) {
        watch->looks = 0;
        watch->with = watch->without = 0;
        watch->left = watch->pause = SHORTEST;
    } else if (!watch->looks) {
        watch->without = rate > 0.95 * watch->without ? rate : 0.95 * watch->without;
        watch->looks = --watch->left <= 0;
    } else if (rate < 1.03 * watch->without || rate < 0.92 * watch->with) {
        // It takes a processor, and has to be worth that: it is not where the system lets a server run on the very one
        // that is taken.
        watch->looks = 0;
        watch->left = watch->pause;
        watch->pause = 2 * watch->pause < LONGEST ? 2 * watch->pause : LONGEST;
    } else {
        watch->with = rate > watch->with ? rate : watch->with;
        watch->pause = SHORTEST;
    }
    watch->rounds = 0;
    watch->since = watch->at;
}

void watch_start(watch *watch) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    watch->processors = processors < 1 ? 1 : (int)processors;
}

void watch_round(watch *watch) {
    watch->at = rough_now();
    watch->rounds++;
    if (watch->at - watch->since >= STRETCH) next_stretch(watch);
}

void watch_served(watch *watch, const void *pair) {
    int place = 0;
    while (place < RECENT - 1 && watch->recent[place].pair != pair) place++;
    memmove(watch->recent + 1, watch->recent, (size_t)place * sizeof *watch->recent);
    watch->recent[0].pair = pair;
    watch->recent[0].at = watch->at;
}

// Whether the server's answers come from the processor that looking takes: it would wait for that to be given back.
static int shares(const pair *pair) {
#ifdef SO_INCOMING_CPU
    int processor = -1;
    socklen_t size = sizeof processor;
    return getsockopt(pair->far.fd, SOL_SOCKET, SO_INCOMING_CPU, &processor, &size) == 0 && processor == sched_getcpu();
#else
    (void)pair;
    return 0;
#endif
}

int watch_look(const watch *watch, poller *poller, const pair *last, poller_place *ready[POLLER_BATCH]) {
    // To be woken takes longer than many a query. A client asks when it likes.
    if (!watch->looks || !is_calm(watch) || last == NULL || last->asked == 0 || shares(last)) return 0;
    int others = looking++, count = 0;
    int64_t start = now_by(CLOCK_MONOTONIC);
    while ((others == 0 || 2 * others < watch->processors) && (count = poller_wait(poller, 0, ready)) == 0) {
        if (now_by(CLOCK_MONOTONIC) - start > MOMENT) break;
        // Nobody else wants the processor.
        sched_yield();
    }
    looking--;
    return count;
}
