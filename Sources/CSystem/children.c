#include "csystem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#ifdef __linux__
#include <pty.h>
#else
#include <util.h>
#endif

int csys_spawn_piped(
    char *const argv[], char *const envp[], int input, int collect, int *output, int *errors, pid_t *pid) {
    int out[2] = {-1, -1}, err[2] = {-1, -1};
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    if (collect && csys_pipe(out) != 0) return errno;
    if (collect && csys_pipe(err) != 0) {
        int saved = errno;
        close(out[0]);
        close(out[1]);
        return saved;
    }
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (input >= 0) {
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    } else {
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    }
    if (collect) {
        posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
        // The child's ends block: a program may not expect otherwise.
        fcntl(out[1], F_SETFL, 0);
        fcntl(err[1], F_SETFL, 0);
    } else {
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    }
    int failure = posix_spawnp(pid, argv[0], &actions, &attributes, argv, envp);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (collect) {
        close(out[1]);
        close(err[1]);
    }
    if (failure != 0) {
        if (collect) {
            close(out[0]);
            close(err[0]);
        }
        return failure;
    }
    *output = out[0];
    *errors = err[0];
    return 0;
}

int csys_reap(pid_t pid, int *code) {
    int status;
    pid_t changed;
    do {
        changed = waitpid(pid, &status, WNOHANG | WUNTRACED);
    } while (changed < 0 && errno == EINTR);
    if (changed == 0) return CSYS_RUNNING;
    if (changed < 0) {
        // Somebody else has reaped it: it is gone, with a code that nobody knows.
        *code = 0;
        return CSYS_EXITED;
    }
    if (WIFSTOPPED(status)) {
        *code = WSTOPSIG(status);
        return CSYS_STOPPED;
    }
    if (WIFSIGNALED(status)) {
        *code = WTERMSIG(status);
        return CSYS_SIGNALLED;
    }
    *code = WEXITSTATUS(status);
    return CSYS_EXITED;
}

int csys_terminal_size(int fd, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0) return -1;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}

int csys_spawn_pty(
    const char *path, char *const argv[], char *const envp[], const char *folder, int columns, int rows,
    pid_t *pid) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    int master = -1;
    pid_t child = forkpty(&master, NULL, NULL, &size);
    if (child < 0) return -1;
    if (child == 0) {
        // Between fork and exec only calls that are safe in a signal handler.
        for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        for (int fd = 3; fd < 1024; fd++) close(fd);
        if (folder != NULL && chdir(folder) != 0) _exit(126);
        execve(path, argv, envp);
        _exit(127);
    }
    fcntl(master, F_SETFD, FD_CLOEXEC);
    fcntl(master, F_SETFL, O_NONBLOCK);
    *pid = child;
    return master;
}

int csys_resize_pty(int master, int columns, int rows) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    return ioctl(master, TIOCSWINSZ, &size);
}
