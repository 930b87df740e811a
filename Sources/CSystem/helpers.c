#include "csystem.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

// Process groups of helpers that run now: looked at by a signal handler, hence no lock and no list.
#define SLOTS 256
static _Atomic pid_t running[SLOTS];
static atomic_flag prepared = ATOMIC_FLAG_INIT;
// How many are being started: they run before their group stands above.
static _Atomic int starting;
static _Thread_local sigset_t before;

// Not for ever: a thread that starts one may have ended in the middle of it.
static void wait_for_starts(void) {
    for (int round = 0; round < 100 && atomic_load(&starting) > 0; round++) poll(NULL, 0, 10);
}

static void stop_all(int signal_number) {
    for (int slot = 0; slot < SLOTS; slot++) {
        pid_t group = atomic_load(&running[slot]);
        if (group > 0) kill(-group, signal_number);
    }
}

void csys_helpers_end(void) {
    wait_for_starts();
    stop_all(SIGTERM);
}

// What ends this process ends its helpers too, then does what it would have done.
static void on_end(int signal_number) {
    csys_terminal_back();
    csys_helpers_end();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void at_exit(void) {
    int any = 0;
    wait_for_starts();
    for (int slot = 0; slot < SLOTS; slot++) any |= atomic_load(&running[slot]) > 0;
    if (!any) return;
    stop_all(SIGTERM);
    // A moment for those that have helpers of their own to end.
    poll(NULL, 0, 100);
    stop_all(SIGKILL);
}

static void prepare(void) {
    if (atomic_flag_test_and_set(&prepared)) return;
    atexit(at_exit);
    const int ends[] = {SIGINT, SIGTERM, SIGHUP};
    for (int index = 0; index < 3; index++) {
        struct sigaction now;
        // Whoever handles it has their own way to the end.
        if (sigaction(ends[index], NULL, &now) != 0 || now.sa_handler != SIG_DFL) continue;
        struct sigaction ours = {.sa_handler = on_end};
        sigemptyset(&ours.sa_mask);
        sigaction(ends[index], &ours, NULL);
    }
}

void csys_helpers_prepare(void) { prepare(); }

void csys_helper_starts(void) {
    prepare();
    // On this thread the handler would wait for itself.
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    atomic_fetch_add(&starting, 1);
}

void csys_helper_starts_no_more(void) {
    atomic_fetch_sub(&starting, 1);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void csys_helper_started(pid_t group) {
    prepare();
    for (int slot = 0; slot < SLOTS; slot++) {
        pid_t none = 0;
        if (atomic_compare_exchange_strong(&running[slot], &none, group)) return;
    }
}

void csys_helper_ended(pid_t group) {
    for (int slot = 0; slot < SLOTS; slot++) {
        pid_t ours = group;
        if (atomic_compare_exchange_strong(&running[slot], &ours, 0)) return;
    }
}

void csys_helper_stop(pid_t group) {
    kill(-group, SIGTERM);
    for (int round = 0; round < 30; round++) {
        pid_t gone = waitpid(group, NULL, WNOHANG);
        if (gone == group || (gone < 0 && errno == ECHILD)) {
            // What it has started may be slower than itself.
            kill(-group, SIGKILL);
            csys_helper_ended(group);
            return;
        }
        poll(NULL, 0, 10);
    }
    kill(-group, SIGKILL);
    kill(group, SIGKILL);
    while (waitpid(group, NULL, 0) < 0 && errno == EINTR) {
    }
    csys_helper_ended(group);
}
