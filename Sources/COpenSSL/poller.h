// Waiting on many sockets: epoll where there is one, poll elsewhere.
#ifndef COPENSSL_POLLER_H
#define COPENSSL_POLLER_H

#include <stddef.h>

#define POLLER_READ 1u
#define POLLER_WRITE 2u
// How many owners one wait tells of.
#define POLLER_BATCH 64

// A socket that is waited on.
typedef struct poller_place {
    int fd;
    unsigned wanted;
    // The other side has gone while nothing was wanted: it is not looked at until something is.
    int left_out;
    void *owner;
    struct poller_place *next, *previous;
} poller_place;

typedef struct {
    int fd;
    poller_place *places;
    size_t count;
    // Where a wait without epoll begins to look, so that each has its turn.
    size_t start;
} poller;

int poller_open(poller *poller);
void poller_close(poller *poller);
// 0, or -1 with errno. Nothing is wanted of it at first.
int poller_add(poller *poller, poller_place *place, int fd, void *owner);
void poller_remove(poller *poller, poller_place *place);
// 0, or -1 with errno, such as where no memory is left: it is not waited on then.
int poller_want(poller *poller, poller_place *place, unsigned wanted);
// The places at which something that is wanted is possible, and how many there are. Waits for one where `blocks`.
int poller_wait(poller *poller, int blocks, poller_place *ready[POLLER_BATCH]);

#endif
