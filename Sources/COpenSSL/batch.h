// What one round of the relay has to send, and one system call for all of it where the system has such a call.
#ifndef COPENSSL_BATCH_H
#define COPENSSL_BATCH_H

#include "bound.h"

#include <stdint.h>
#include <sys/types.h>

// How many bytes are taken at once in one direction.
#define ROOM 65536
// What TLS adds to ROOM bytes, and the messages of its own that it may have to send, fit into this.
#define RECORDS 4096
// How many bytes a client may be told at its end.
#define PARTING 1024
// How many bytes one pair adds at most: what came both ways.
#define BATCH_STEP (2 * ROOM + RECORDS + PARTING)
#define BATCH_ROOM (4 * BATCH_STEP)
#define BATCH_MOST 128

struct pair;

// Bytes for one socket. A round has at most one such for each: a second would overtake what the first left over.
typedef struct {
    struct pair *pair;
    // For the server, or for this machine.
    int up;
    int fd;
    const uint8_t *bytes;
    size_t count;
    // How many of them the socket took, or a negated errno.
    ssize_t done;
} batch_entry;

typedef struct {
    batch_entry entries[BATCH_MOST];
    int count;
    // Into which TLS clients write what they have encrypted, and where others put what they have to send.
    BIO *writer;
    uint8_t *room;
    size_t at;
    // How far TLS clients may write at the moment.
    size_t end;
    struct ring *ring;
} batch;

// 0, or -1 where no memory is left: there is nothing to close then. One of zeros may be closed too.
int batch_open(batch *batch);
// To be called by the thread that sends.
void batch_start(batch *batch);
void batch_close(batch *batch);
// Whether one more pair's bytes fit.
int batch_fits(const batch *batch);
void batch_add(batch *batch, struct pair *pair, int up, int fd, const uint8_t *bytes, size_t count);
// Sends all of it, and says of each entry how many bytes were taken. Does not block.
void batch_send(batch *batch);
// What was told is done with.
void batch_clear(batch *batch);

#endif
