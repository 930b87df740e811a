#include "ring.h"

#include <stddef.h>

#if defined(__linux__) && __has_include(<linux/io_uring.h>)
#include <linux/io_uring.h>
#endif

// A feature of Linux 5.7: the kernel's headers are new enough to know IORING_OP_SEND.
#ifdef IORING_FEAT_FAST_POLL

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

struct ring {
    int fd;
    uint8_t *shared;
    size_t shared_size, requests_size;
    struct io_uring_sqe *requests;
    struct io_uring_cqe *answers;
    unsigned *requests_tail, *requests_mask, *order;
    unsigned *answers_head, *answers_tail, *answers_mask;
};

static int set_up(unsigned most, struct io_uring_params *params) {
    memset(params, 0, sizeof *params);
#if defined(IORING_SETUP_SINGLE_ISSUER) && defined(IORING_SETUP_COOP_TASKRUN)
    params->flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN;
    int fd = (int)syscall(SYS_io_uring_setup, most, params);
    if (fd >= 0 || errno != EINVAL) return fd;
    memset(params, 0, sizeof *params);
#endif
    return (int)syscall(SYS_io_uring_setup, most, params);
}

static void *mapped(int fd, size_t size, off_t what) {
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, what);
    return at == MAP_FAILED ? NULL : at;
}

struct ring *ring_open(unsigned most) {
    struct ring *ring = calloc(1, sizeof *ring);
    if (ring == NULL) return NULL;
    struct io_uring_params params;
    ring->fd = set_up(most, &params);
    // What Linux 5.7 says of itself: sends are among its requests since 5.6, one mapping holds both queues since 5.4.
    const unsigned needed = IORING_FEAT_SINGLE_MMAP | IORING_FEAT_FAST_POLL;
    if (ring->fd < 0 || (params.features & needed) != needed) {
        if (ring->fd >= 0) close(ring->fd);
        free(ring);
        return NULL;
    }
    size_t one = params.sq_off.array + params.sq_entries * sizeof(unsigned);
    size_t other = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
    ring->shared_size = one > other ? one : other;
    ring->requests_size = params.sq_entries * sizeof(struct io_uring_sqe);
    ring->shared = mapped(ring->fd, ring->shared_size, IORING_OFF_SQ_RING);
    ring->requests = mapped(ring->fd, ring->requests_size, IORING_OFF_SQES);
    if (ring->shared == NULL || ring->requests == NULL) {
        ring_close(ring);
        return NULL;
    }
    ring->requests_tail = (unsigned *)(void *)(ring->shared + params.sq_off.tail);
    ring->requests_mask = (unsigned *)(void *)(ring->shared + params.sq_off.ring_mask);
    ring->order = (unsigned *)(void *)(ring->shared + params.sq_off.array);
    ring->answers_head = (unsigned *)(void *)(ring->shared + params.cq_off.head);
    ring->answers_tail = (unsigned *)(void *)(ring->shared + params.cq_off.tail);
    ring->answers_mask = (unsigned *)(void *)(ring->shared + params.cq_off.ring_mask);
    ring->answers = (struct io_uring_cqe *)(void *)(ring->shared + params.cq_off.cqes);
    return ring;
}

void ring_close(struct ring *ring) {
    if (ring == NULL) return;
    if (ring->shared != NULL) munmap(ring->shared, ring->shared_size);
    if (ring->requests != NULL) munmap(ring->requests, ring->requests_size);
    close(ring->fd);
    free(ring);
}

static void ask(struct ring *ring, const batch_entry *entry, int number) {
    unsigned tail = *ring->requests_tail, place = tail & *ring->requests_mask;
    struct io_uring_sqe *request = &ring->requests[place];
    memset(request, 0, sizeof *request);
    request->opcode = IORING_OP_SEND;
    request->fd = entry->fd;
    request->addr = (uint64_t)(uintptr_t)entry->bytes;
    request->len = (unsigned)entry->count;
    // Not to be tried again by the kernel when there is room: it ends with EAGAIN as send does.
    request->msg_flags = MSG_NOSIGNAL | MSG_DONTWAIT;
    request->user_data = (uint64_t)number;
    ring->order[place] = place;
    __atomic_store_n(ring->requests_tail, tail + 1, __ATOMIC_RELEASE);
}

static int hear(struct ring *ring, batch_entry *entries) {
    unsigned head = *ring->answers_head, tail = __atomic_load_n(ring->answers_tail, __ATOMIC_ACQUIRE);
    int heard = 0;
    for (; head != tail; head++, heard++) {
        struct io_uring_cqe *answer = &ring->answers[head & *ring->answers_mask];
        entries[answer->user_data].done = answer->res;
    }
    __atomic_store_n(ring->answers_head, head, __ATOMIC_RELEASE);
    return heard;
}

int ring_send(struct ring *ring, batch_entry *entries, int count) {
    for (int at = 0; at < count; at++) ask(ring, &entries[at], at);
    int taken = 0, heard = 0, useless = 0;
    // The bytes are the kernel's until it has answered for them: none is left unanswered.
    while (heard < taken || (taken < count && !useless)) {
        unsigned left = useless ? 0 : (unsigned)(count - taken);
        long done = syscall(
            SYS_io_uring_enter, ring->fd, left, (unsigned)(taken - heard) + left, IORING_ENTER_GETEVENTS, NULL, 0);
        if (done > 0) taken += (int)done;
        if (done == 0 && left > 0) useless = 1;
        if (done < 0 && errno != EINTR) {
            // Of requests that it has not taken it knows nothing.
            if (useless) break;
            useless = 1;
        }
        heard += hear(ring, entries);
    }
    return taken;
}

#else

struct ring *ring_open(unsigned most) {
    (void)most;
    return NULL;
}

void ring_close(struct ring *ring) { (void)ring; }

int ring_send(struct ring *ring, batch_entry *entries, int count) {
    (void)ring;
    (void)entries;
    (void)count;
    return 0;
}

#endif
