#include "batch.h"
#include "ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

static int write_to_room(BIO *writer, const char *bytes, int count) {
    batch *batch = BIO_get_data(writer);
    if (count < 0 || (size_t)count > batch->end - batch->at) return -1;
    memcpy(batch->room + batch->at, bytes, (size_t)count);
    batch->at += (size_t)count;
    return count;
}

static long control(BIO *writer, int command, long number, void *pointer) {
    (void)writer;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

int batch_open(batch *batch) {
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "batch");
    if (method == NULL) return -1;
    BIO_meth_set_write(method, write_to_room);
    BIO_meth_set_ctrl(method, control);
    batch->writer = BIO_new(method);
    batch->room = malloc(BATCH_ROOM);
    if (batch->writer == NULL || batch->room == NULL) {
        BIO_free(batch->writer);
        BIO_meth_free(method);
        free(batch->room);
        batch->writer = NULL;
        return -1;
    }
    BIO_set_data(batch->writer, batch);
    BIO_set_app_data(batch->writer, method);
    BIO_set_init(batch->writer, 1);
    batch->at = 0;
    batch->end = BATCH_ROOM;
    batch->count = 0;
    batch->ring = NULL;
    return 0;
}

void batch_start(batch *batch) { batch->ring = ring_open(BATCH_MOST); }

void batch_close(batch *batch) {
    if (batch->writer == NULL) return;
    BIO_METHOD *method = BIO_get_app_data(batch->writer);
    BIO_free(batch->writer);
    BIO_meth_free(method);
    free(batch->room);
    ring_close(batch->ring);
}

int batch_fits(const batch *batch) {
    return batch->count + 2 <= BATCH_MOST && batch->at + BATCH_STEP <= BATCH_ROOM;
}

void batch_add(batch *batch, struct pair *pair, int up, int fd, const uint8_t *bytes, size_t count) {
    batch->entries[batch->count++] =
        (batch_entry){.pair = pair, .up = up, .fd = fd, .bytes = bytes, .count = count, .done = -EAGAIN};
}

static void send_one(batch_entry *entry) {
    do {
        entry->done = send(entry->fd, entry->bytes, entry->count, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (entry->done < 0 && errno == EINTR);
    if (entry->done < 0) entry->done = -errno;
}

void batch_send(batch *batch) {
    int sent = 0;
    // Whoever is woken by one send runs at once in its sender's place: with one call for all they find each other's
    // work done, and the relay is switched away from once instead of at each.
    if (batch->ring != NULL && batch->count > 1) {
        sent = ring_send(batch->ring, batch->entries, batch->count);
        if (sent < batch->count) {
            ring_close(batch->ring);
            batch->ring = NULL;
        }
    }
    for (int at = sent; at < batch->count; at++) send_one(&batch->entries[at]);
}

void batch_clear(batch *batch) {
    batch->count = 0;
    batch->at = 0;
}
