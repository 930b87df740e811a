#include "csystem.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <termios.h>
#include <unistd.h>

// Texts that are being written: an interrupt in the middle of one waits for its end.
static _Atomic int unfinished;
static _Atomic int interrupted;

// The question that stands, for a signal handler.
static _Atomic int asked_on = -1;
static struct termios asked_modes;
static _Atomic int asked_has_modes;
static struct sigaction before_question;
static int has_before;

void csys_terminal_back(void) {
    int fd = atomic_exchange(&asked_on, -1);
    if (fd < 0) return;
    if (atomic_load(&asked_has_modes)) tcsetattr(fd, TCSANOW, &asked_modes);
    // What comes next begins on a line of its own.
    ssize_t written = write(fd, "\n", 1);
    (void)written;
}

void csys_end_interrupted(void) {
    csys_terminal_back();
    csys_helpers_end();
    _exit(130);
}

static void on_patience(int number) {
    (void)number;
    csys_end_interrupted();
}

static void on_interrupt(int number) {
    (void)number;
    if (atomic_load(&unfinished) == 0 || atomic_exchange(&interrupted, 1)) csys_end_interrupted();
    // Whoever reads may read slowly, or not at all: the text gets a second.
    alarm(1);
}

static int install(struct sigaction *before) {
    struct sigaction now, ours = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART};
    // Whoever started this program has it ignore them, as a shell without job control does behind `&`.
    if (sigaction(SIGINT, NULL, &now) != 0 || now.sa_handler == SIG_IGN) return 0;
    sigemptyset(&ours.sa_mask);
    return sigaction(SIGINT, &ours, before) == 0;
}

void csys_end_on_interrupt(void) {
    struct sigaction late = {.sa_handler = on_patience};
    sigemptyset(&late.sa_mask);
    if (install(NULL)) sigaction(SIGALRM, &late, NULL);
}

void csys_text_begins(void) { atomic_fetch_add(&unfinished, 1); }

void csys_text_ends(void) {
    if (atomic_fetch_sub(&unfinished, 1) == 1 && atomic_load(&interrupted)) csys_end_interrupted();
}

void csys_question_begins(int fd, const struct termios *modes, int ends) {
    if (modes != NULL) asked_modes = *modes;
    atomic_store(&asked_has_modes, modes != NULL);
    atomic_store(&asked_on, fd);
    // TERM and HUP come through those of the helpers.
    csys_helpers_prepare();
    has_before = ends && install(&before_question);
}

void csys_question_ends(void) {
    if (has_before) sigaction(SIGINT, &before_question, NULL);
    has_before = 0;
    atomic_store(&asked_on, -1);
}
