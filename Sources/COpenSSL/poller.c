#include "poller.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/epoll.h>
#else
#include <poll.h>
#endif

#ifdef __linux__

int poller_open(poller *poller) {
    poller->fd = epoll_create1(EPOLL_CLOEXEC);
    return poller->fd < 0 ? -1 : 0;
}

void poller_close(poller *poller) {
    if (poller->fd >= 0) close(poller->fd);
}

int poller_add(poller *poller, poller_place *place, int fd, void *owner) {
    place->fd = fd;
    place->owner = owner;
    place->wanted = 0;
    struct epoll_event event = {.events = 0, .data.ptr = place};
    return epoll_ctl(poller->fd, EPOLL_CTL_ADD, fd, &event);
}

void poller_remove(poller *poller, poller_place *place) {
    if (!place->left_out) epoll_ctl(poller->fd, EPOLL_CTL_DEL, place->fd, NULL);
}

int poller_want(poller *poller, poller_place *place, unsigned wanted) {
    if (wanted == place->wanted) return 0;
    struct epoll_event event = {.data.ptr = place};
    if (wanted & POLLER_READ) event.events |= EPOLLIN;
    if (wanted & POLLER_WRITE) event.events |= EPOLLOUT;
    int change = place->left_out ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    if (epoll_ctl(poller->fd, change, place->fd, &event) != 0) return -1;
    place->wanted = wanted;
    place->left_out = 0;
    return 0;
}

int poller_wait(poller *poller, int blocks, poller_place *ready[POLLER_BATCH]) {
    struct epoll_event events[POLLER_BATCH];
    int found = epoll_wait(poller->fd, events, POLLER_BATCH, blocks ? -1 : 0);
    int count = 0;
    for (int at = 0; at < found; at++) {
        poller_place *place = events[at].data.ptr;
        if (place->wanted == 0) {
            // A hang-up is told whether wanted or not, and would be told again at once.
            epoll_ctl(poller->fd, EPOLL_CTL_DEL, place->fd, NULL);
            place->left_out = 1;
        } else {
            ready[count++] = place;
        }
    }
    return count;
}

#else

int poller_open(poller *poller) {
    poller->places = NULL;
    poller->count = 0;
    poller->start = 0;
    return 0;
}

void poller_close(poller *poller) { (void)poller; }

int poller_add(poller *poller, poller_place *place, int fd, void *owner) {
    place->fd = fd;
    place->owner = owner;
    place->wanted = 0;
    place->previous = NULL;
    place->next = poller->places;
    if (poller->places != NULL) poller->places->previous = place;
    poller->places = place;
    poller->count++;
    return 0;
}

void poller_remove(poller *poller, poller_place *place) {
    if (place->previous != NULL) place->previous->next = place->next;
    if (place->next != NULL) place->next->previous = place->previous;
    if (poller->places == place) poller->places = place->next;
    poller->count--;
}

int poller_want(poller *poller, poller_place *place, unsigned wanted) {
    (void)poller;
    place->wanted = wanted;
    return 0;
}

int poller_wait(poller *poller, int blocks, poller_place *ready[POLLER_BATCH]) {
    struct pollfd *set = calloc(poller->count, sizeof *set);
    poller_place **places = calloc(poller->count, sizeof *places);
    int count = 0;
    if (set != NULL && places != NULL) {
        size_t used = 0;
        for (poller_place *place = poller->places; place != NULL; place = place->next) {
            set[used].fd = place->wanted == 0 ? -1 : place->fd;
            if (place->wanted & POLLER_READ) set[used].events |= POLLIN;
            if (place->wanted & POLLER_WRITE) set[used].events |= POLLOUT;
            places[used++] = place;
        }
        if (poll(set, (nfds_t)used, blocks ? -1 : 0) > 0) {
            size_t at = poller->start % used;
            for (size_t seen = 0; seen < used && count < POLLER_BATCH; seen++, at = (at + 1) % used) {
                if (set[at].revents != 0) ready[count++] = places[at];
            }
            poller->start = at;
        }
    }
    free(set);
    free(places);
    return count;
}

#endif
