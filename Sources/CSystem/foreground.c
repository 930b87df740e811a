// The program that has the terminal, and who has the terminal's foreground.
#include "csystem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

// Whether a child has the foreground by our doing: a program in the background must not take it from its shell.
static int lent;

// The terminal's modes before a child got it.
static struct termios modes;
static int has_modes;

// Whether this process's group has the foreground of the terminal behind a descriptor.
static int is_in_front(int fd) { return isatty(fd) && tcgetpgrp(fd) == getpgrp(); }

// The same for the session's terminal, wherever the descriptors lead.
static int is_in_front_somewhere(void) {
    int fd = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return 0;
    int front = is_in_front(fd);
    close(fd);
    return front;
}

// In a pipeline the shell has put all programs into one group, so that ^C and ^Z reach all and the pager may read keys:
// a child stays in it. Without a terminal, and where the child alone has it, it has a group of its own.
static int has_own_group(void) {
    return (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) || !is_in_front_somewhere();
}

typedef struct {
    const char *path;
    char *const *argv, *const *envp;
    const int *keep;
    int count, own, front;
    pid_t parent;
} order;

#ifdef __linux__

// In the child, which shares its parent's memory until the exec: nothing here but calls of the system. What cannot be
// had is told by an errno.
static int become(const order *order) {
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigset_t none;
    sigemptyset(&none);
    // Every signal is blocked still, TTOU too, which a background program that takes the foreground would get.
    if (order->own && setpgid(0, 0) != 0) return errno;
    if (order->front) tcsetpgrp(STDIN_FILENO, getpid());
    for (int number = 1; number < NSIG; number++) {
        if (number != SIGHUP || !csys_ignores_hangup()) sigaction(number, &usual, NULL);
    }
    for (int at = 0; at < order->count; at++) {
        if (fcntl(order->keep[at], F_SETFD, 0) != 0) return errno;
    }
    // Whoever has started it renews its token and keeps its tunnel up: when that one is killed, the terminal hangs up.
    if (prctl(PR_SET_PDEATHSIG, SIGHUP) != 0) return errno;
    if (getppid() != order->parent) return ESRCH;
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(order->path, order->argv, order->envp);
    return errno;
}

// posix_spawn has no place for PR_SET_PDEATHSIG, hence its own way, which is vfork's (vfork(2)).
static int start(const order *order, pid_t *pid) {
    volatile int failure = 0;
    sigset_t all, before;
    sigfillset(&all);
    // No handler runs in the memory that both have.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = vfork();
    if (child == 0) {
        failure = become(order);
        _exit(127);
    }
    int saved = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (child < 0) return saved;
    if (failure != 0) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
        }
        return failure;
    }
    *pid = child;
    return 0;
}

#else

static int start(const order *order, pid_t *pid) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int failure = posix_spawnattr_init(&attributes);
    if (failure != 0) return failure;
    failure = posix_spawn_file_actions_init(&actions);
    if (failure != 0) {
        posix_spawnattr_destroy(&attributes);
        return failure;
    }
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    if (csys_ignores_hangup()) sigdelset(&all, SIGHUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(
        &attributes, (order->own ? POSIX_SPAWN_SETPGROUP : 0) | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    // In the child alone the descriptors lose their close-on-exec marks.
    for (int at = 0; at < order->count && failure == 0; at++) {
        failure = posix_spawn_file_actions_addinherit_np(&actions, order->keep[at]);
    }
    if (failure == 0) failure = posix_spawn(pid, order->path, &actions, &attributes, order->argv, order->envp);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failure;
}

#endif

int csys_spawn_foreground(
    const char *path, char *const argv[], char *const envp[], const int *keep, int count, pid_t *pid, pid_t *group) {
    int own = has_own_group();
    order wanted = {path, argv, envp, keep, count, own, own && is_in_front(STDIN_FILENO), getpid()};
    has_modes = is_in_front(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &modes) == 0;
    int failure = start(&wanted, pid);
    if (failure == 0) {
        *group = own ? *pid : 0;
        lent = wanted.front;
        if (lent) tcsetpgrp(STDIN_FILENO, *pid);
    } else if (wanted.front) {
        // The child may have moved the foreground before its exec failed.
        tcsetpgrp(STDIN_FILENO, getpgrp());
    }
    return failure;
}

void csys_set_foreground(pid_t group) {
    if (group <= 0 || !is_in_front(STDIN_FILENO)) return;
    lent = tcsetpgrp(STDIN_FILENO, group) == 0;
}

void csys_take_foreground(void) {
    if (!lent) return;
    lent = 0;
    if (isatty(STDIN_FILENO)) tcsetpgrp(STDIN_FILENO, getpgrp());
}

void csys_restore_modes(void) {
    if (!has_modes || !is_in_front(STDIN_FILENO)) return;
    tcsetattr(STDIN_FILENO, TCSANOW, &modes);
    // Readline asks for pastes in brackets, and a shell without it would show them (XTerm Control Sequences,
    // "Bracketed Paste Mode"). A terminal that is none would show this.
    const char *terminal = getenv("TERM");
    if (terminal == NULL || *terminal == 0 || strcmp(terminal, "dumb") == 0 || !isatty(STDOUT_FILENO)) return;
    static const char off[] = "\033[?2004l";
    ssize_t written = write(STDOUT_FILENO, off, sizeof off - 1);
    (void)written;
}
