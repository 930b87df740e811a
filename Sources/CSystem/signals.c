#include "csystem.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int signal_pipe[2] = {-1, -1};

/// The whole handler: a byte into the pipe, errno as it was. No signal enters Swift.
static void note_signal(int number, siginfo_t *info, void *context) {
    (void)context;
    int saved = errno;
    // What the system sends itself, such as a terminal to its group, has a code above 0 (sigaction(2)).
    unsigned char byte = (unsigned char)(number | (info->si_code > 0 ? CSYS_BY_SYSTEM : 0));
    ssize_t written = write(signal_pipe[1], &byte, 1);
    (void)written;
    errno = saved;
}

static const int noted[] = {SIGCHLD, SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP};
static const int ignored[] = {SIGPIPE, SIGTTOU, SIGTTIN, SIGQUIT};

// Whether HUP is left alone.
static int hangup_ignored;

int csys_ignores_hangup(void) { return hangup_ignored; }

static int install(void) {
    if (signal_pipe[0] < 0 && csys_pipe(signal_pipe) != 0) return -1;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigfillset(&action.sa_mask);
    action.sa_flags = SA_RESTART | SA_SIGINFO;
    action.sa_sigaction = note_signal;
    for (size_t i = 0; i < sizeof noted / sizeof *noted; i++) {
        if (noted[i] != SIGHUP || !hangup_ignored) sigaction(noted[i], &action, NULL);
    }
    action.sa_flags = SA_RESTART;
    action.sa_handler = SIG_IGN;
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) sigaction(ignored[i], &action, NULL);
    return signal_pipe[0];
}

int csys_signals_install(void) {
    hangup_ignored = 0;
    return install();
}

int csys_signals_install_for_job(void) {
    struct sigaction now;
    // Nobody here ignores it: who does has done so before this program was started.
    hangup_ignored = sigaction(SIGHUP, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
    return install();
}

/// Whether a shell with job control stands above this group and could continue it once it is stopped.
static int could_be_continued(void) {
    // Such a shell gives every job a group of its own; the session's first group is the shell's, or ours alone.
    if (getpgrp() == getsid(0)) return 0;
    // The group is orphaned where its leader's parent lies outside the session (POSIX, "orphaned process group").
    return getpgrp() != getpid() || getsid(getppid()) == getsid(0);
}

int csys_await_foreground(void) {
    for (;;) {
        pid_t front = tcgetpgrp(STDIN_FILENO);
        if (front < 0 || front == getpgrp()) return 0;
        if (!could_be_continued()) return -1;
        // What the terminal does to a background job that reads: the shell says so, and `fg` goes on here.
        signal(SIGTTIN, SIG_DFL);
        kill(0, SIGTTIN);
        signal(SIGTTIN, SIG_IGN);
    }
}

void csys_stop_job(void) {
    if (could_be_continued()) kill(0, SIGSTOP);
}

void csys_stop_as_usual(void) {
    signal(SIGTSTP, SIG_DFL);
    signal(SIGTTIN, SIG_DFL);
    signal(SIGTTOU, SIG_DFL);
}

void csys_stop_self(void) {
    if (!could_be_continued()) return;
    kill(0, SIGSTOP);
    // `bg` continues it too.
    csys_await_foreground();
}

// -- crashes

static int crash_fd = -1;
static char crash_text[256];
static size_t crash_length;
static struct termios crash_modes;
static int crash_has_modes;

static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};

static void restore_and_die(int number) {
    if (crash_fd >= 0) {
        ssize_t written = write(crash_fd, crash_text, crash_length);
        (void)written;
        if (crash_has_modes) tcsetattr(crash_fd, TCSANOW, &crash_modes);
    }
    // SA_RESETHAND has put the default back: this ends the process as the fault would have.
    raise(number);
}

void csys_on_crash(int fd, const char *text, const struct termios *modes) {
    static int installed;
    crash_fd = -1;
    if (fd < 0) return;
    crash_length = strlen(text);
    if (crash_length > sizeof crash_text) crash_length = sizeof crash_text;
    memcpy(crash_text, text, crash_length);
    crash_has_modes = modes != NULL;
    if (modes != NULL) crash_modes = *modes;
    crash_fd = fd;
    if (installed) return;
    installed = 1;
    // A stack of its own: a fault for want of stack has none left.
    static char stack_space[65536];
    stack_t stack;
    memset(&stack, 0, sizeof stack);
    stack.ss_sp = stack_space;
    stack.ss_size = sizeof stack_space;
    sigaltstack(&stack, NULL);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = restore_and_die;
    action.sa_flags = SA_ONSTACK | SA_RESETHAND | SA_NODEFER;
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) sigaction(fatal[i], &action, NULL);
}
