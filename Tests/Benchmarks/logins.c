// What pgfob test is measured against: libpq alone, so many logins under way at once, and one query each.
//   logins WINDOW < FILE     a line for each: the conninfo, a tab, the password; prints how many succeeded
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum state { FREE, CONNECTING, ASKING };

struct slot {
    enum state state;
    PGconn *connection;
    short events;
};

static char line[16384];

static int begin(struct slot *slot) {
    if (fgets(line, sizeof line, stdin) == NULL) return 0;
    char *tab = strchr(line, '\t');
    if (tab == NULL) return 0;
    *tab = 0;
    tab[1 + strcspn(tab + 1, "\n")] = 0;
    const char *keywords[] = {"dbname", "password", NULL}, *values[] = {line, tab + 1, NULL};
    slot->connection = PQconnectStartParams(keywords, values, 1);
    slot->state = CONNECTING;
    slot->events = POLLOUT;
    return 1;
}

static void end(struct slot *slot) {
    PQfinish(slot->connection);
    slot->state = FREE;
}

// 1 where the slot's login has come to its good end.
static int step(struct slot *slot) {
    if (slot->state == CONNECTING) {
        switch (PQconnectPoll(slot->connection)) {
        case PGRES_POLLING_READING: slot->events = POLLIN; return 0;
        case PGRES_POLLING_WRITING: slot->events = POLLOUT; return 0;
        case PGRES_POLLING_OK:
            PQsendQuery(slot->connection, "select 1");
            slot->state = ASKING;
            slot->events = POLLIN;
            return 0;
        default:
            fputs(PQerrorMessage(slot->connection), stderr);
            end(slot);
            return 0;
        }
    }
    if (!PQconsumeInput(slot->connection)) {
        end(slot);
        return 0;
    }
    int good = 0;
    while (!PQisBusy(slot->connection)) {
        PGresult *result = PQgetResult(slot->connection);
        if (result == NULL) {
            end(slot);
            return good;
        }
        good = PQresultStatus(result) == PGRES_TUPLES_OK;
        PQclear(result);
    }
    return 0;
}

int main(int argc, char **argv) {
    int window = argc > 1 ? atoi(argv[1]) : 32, good = 0, more = 1;
    struct slot *slots = calloc((size_t)window, sizeof *slots);
    struct pollfd *set = calloc((size_t)window, sizeof *set);
    for (;;) {
        int busy = 0;
        for (int i = 0; i < window; i++) {
            if (slots[i].state == FREE && more) more = begin(&slots[i]);
            set[i].fd = slots[i].state == FREE ? -1 : PQsocket(slots[i].connection);
            set[i].events = slots[i].events;
            busy += slots[i].state != FREE;
        }
        if (busy == 0) break;
        poll(set, (nfds_t)window, -1);
        for (int i = 0; i < window; i++) {
            if (set[i].fd >= 0 && set[i].revents != 0) good += step(&slots[i]);
        }
    }
    printf("%d\n", good);
    return 0;
}
