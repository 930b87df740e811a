// Many sends in one system call: io_uring(7), where the kernel has it and lets this program use it.
#ifndef COPENSSL_RING_H
#define COPENSSL_RING_H

#include "batch.h"

struct ring;

// NULL where there is none: an older kernel, a container that forbids it, another system. For the calling thread alone.
struct ring *ring_open(unsigned most);
void ring_close(struct ring *ring);
// Sends entries without blocking and says of each what came of it. How many of them were tried, from the first on: fewer
// than `count` where the kernel will do no more, and the ring is of no more use.
int ring_send(struct ring *ring, batch_entry *entries, int count);

#endif
