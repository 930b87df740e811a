// Programs that must not outlive this process, however it ends.
#include "csystem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
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

int csys_spawn_kept(
    char *const arguments[], int count, char *const envp[], int *lifeline, int *output, int *errors, pid_t *pid) {
    int life[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
    char **argv = calloc((size_t)count + 5, sizeof *argv);
    if (argv == NULL) return ENOMEM;
    argv[0] = (char *)"sh";
    argv[1] = (char *)"-c";
    argv[2] = (char *)keeper;
    argv[3] = (char *)"pgfob-tunnel";
    for (int at = 0; at < count; at++) argv[4 + at] = arguments[at];

    int failure = 0;
    if (csys_pipe(life) != 0 || csys_pipe(out) != 0 || csys_pipe(err) != 0) failure = errno;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    if (failure == 0) {
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        // A session of its own: nothing of it reads the terminal behind the screen's back.
        posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        // The children's ends block: programs do not expect otherwise.
        fcntl(life[0], F_SETFL, 0);
        fcntl(out[1], F_SETFL, 0);
        fcntl(err[1], F_SETFL, 0);
        posix_spawn_file_actions_adddup2(&actions, life[0], STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
        failure = posix_spawn(pid, "/bin/sh", &actions, &attributes, argv, envp);
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    free(argv);
    int ours[] = {life[0], out[1], err[1]}, theirs[] = {life[1], out[0], err[0]};
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
