// Programs that must not outlive this process, however it ends.
#include "csystem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef POSIX_SPAWN_SETSID
#define POSIX_SPAWN_SETSID 0x80
#endif

// A shell that waits for the program, and beside it one that waits for the end of its stdin: the pipe's other end
// goes with this process, by whatever signal. TERM reaches the whole group, KILL what is left of it.
static const char keeper[] =
    "exec 3<&0 </dev/null\n"
    "\"$@\" 3<&- & program=$!\n"
    "{ trap '' TERM; read -r end <&3; kill -TERM 0; sleep 1; kill -KILL 0; } >/dev/null 2>&1 &\n"
    "exec 3<&- >/dev/null 2>&1\n"
    "wait $program\n";

// The same, the pipe being a FIFO that goes with the last of many processes. The first shell ends at once, so that the
// others are nobody's children. When the program has ended, by whatever hand, nothing of its group goes on: the `wait`
// is repeated, as a TERM to the whole group ends it too early. Its stdout ends with the last shell then: ssh closes its
// own once it has logged in.
static const char shared_keeper[] =
    "exec 3<&0 </dev/null\n"
    "( \"$@\" 3<&- >&2 & program=$!\n"
    "{ trap '' TERM; read -r end <&3; exec 3<&-; kill -TERM 0; sleep 1; kill -KILL 0; } >/dev/null 2>&1 &\n"
    "trap : TERM\n"
    "exec 3<&- 4>&2 2>/dev/null\n"
    "for again in 1 2 3; do kill -0 $program || break; wait $program; code=$?; done\n"
    "echo \"pgfob-tunnel: $code\" >&4\n"
    "kill -KILL 0 ) &\n";

static int start(
    const char *script, char *const arguments[], int count, char *const envp[], const int ends[3], pid_t *pid) {
    char **argv = calloc((size_t)count + 5, sizeof *argv);
    if (argv == NULL) return ENOMEM;
    argv[0] = (char *)"sh";
    argv[1] = (char *)"-c";
    argv[2] = (char *)script;
    argv[3] = (char *)"pgfob-tunnel";
    for (int at = 0; at < count; at++) argv[4 + at] = arguments[at];

    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    // A session of its own: nothing of it reads the terminal behind the screen's back.
    short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
#ifdef POSIX_SPAWN_CLOEXEC_DEFAULT
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
    posix_spawnattr_setflags(&attributes, flags);
    for (int at = 0; at < 3; at++) {
        // The children's ends block: programs do not expect otherwise.
        fcntl(ends[at], F_SETFL, fcntl(ends[at], F_GETFL) & ~O_NONBLOCK);
        posix_spawn_file_actions_adddup2(&actions, ends[at], at);
    }
    // Files that this process was given, such as a lock that its shell holds, end with it.
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
#endif
    int failure = posix_spawn(pid, "/bin/sh", &actions, &attributes, argv, envp);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    free(argv);
    return failure;
}

int csys_spawn_kept(
    char *const arguments[], int count, char *const envp[], int *lifeline, int *output, int *errors, pid_t *pid) {
    int life[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
    int failure = 0;
    if (csys_pipe(life) != 0 || csys_pipe(out) != 0 || csys_pipe(err) != 0) failure = errno;
    int ours[] = {life[0], out[1], err[1]}, theirs[] = {life[1], out[0], err[0]};
    if (failure == 0) failure = start(keeper, arguments, count, envp, ours, pid);
    for (int at = 0; at < 3; at++) {
        if (ours[at] >= 0) close(ours[at]);
        if (failure != 0 && theirs[at] >= 0) close(theirs[at]);
    }
    if (failure != 0) return failure;
    *lifeline = life[1];
    *output = out[0];
    *errors = err[0];
    return 0;
}

int csys_spawn_shared(
    char *const arguments[], int count, char *const envp[], int lifeline, int errors, int *output) {
    int out[2];
    if (csys_pipe(out) != 0) return errno;
    pid_t pid;
    int ends[] = {lifeline, out[1], errors};
    int failure = start(shared_keeper, arguments, count, envp, ends, &pid);
    close(out[1]);
    if (failure != 0) {
        close(out[0]);
        return failure;
    }
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
    *output = out[0];
    return 0;
}
