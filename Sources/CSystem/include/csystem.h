// What the C library's Swift module lacks, behind plain functions: files in memory, children with a terminal,
// signals as bytes in a pipe, a watch on a folder, pseudo-terminals.
//
// Every function says which call of the system it stands for. None of them allocates for the caller.
#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

// -- files and pipes

/// An empty file that exists only in memory, closed on exec, mode 0600 (libpq refuses the default 0777).
/// -1 with errno where the system has none. Corresponds to `memfd_create` and `fchmod`.
int csys_memfd(const char *name);

/// The same file opened for reading alone, closed on exec; -1 with errno. Corresponds to `open` of
/// `/proc/self/fd/N`.
int csys_reopen_readonly(int fd);

/// A pipe whose ends neither block nor survive an exec; 0, or -1 with errno. Corresponds to `pipe2`.
int csys_pipe(int ends[2]);

/// A watch on what is written, made, moved or removed in a folder, with `closes` also on files that were open for
/// writing and are not any more; the descriptor does not block. -1 where the system offers none. Corresponds to
/// `inotify_add_watch`.
int csys_watch_folder(const char *folder, int closes);

// -- the process

/// No core file of this process, which would hold secrets. Corresponds to `setrlimit(RLIMIT_CORE)`.
void csys_no_core_files(void);

/// So many open files, as far as the system allows this user; never fewer than before. Corresponds to `setrlimit(RLIMIT_NOFILE)`.
void csys_allow_files(unsigned long count);

/// Marks a signal that the system has sent by itself, such as the terminal to its foreground.
#define CSYS_BY_SYSTEM 0x80

/// Signals CHLD, WINCH, TSTP, CONT, INT, TERM and HUP as bytes in a pipe, the signal's number each and
/// ``CSYS_BY_SYSTEM``; PIPE, TTOU, TTIN and QUIT are ignored. Returns the pipe's reading end, or -1 with errno. A second call
/// returns the same, and takes ``csys_stop_as_usual()`` back.
int csys_signals_install(void);

/// The same for a program without a screen, which may be a job that is to go on without its terminal: where whoever
/// started it has it ignore HUP (nohup(1)), it goes on ignoring that, and so does what it starts by
/// ``csys_spawn_foreground()``.
int csys_signals_install_for_job(void);

/// Whether HUP is ignored for that reason.
int csys_ignores_hangup(void);

/// Stops the whole process group, this process with it; returns when it has been continued in the foreground.
/// Does nothing where no shell could continue it (an orphaned group, the session's first group). Corresponds to
/// `kill(0, SIGSTOP)`.
void csys_stop_self(void);

/// Stops the whole process group, this process with it; returns when it has been continued, in the background too.
/// Does nothing where no shell could continue it.
void csys_stop_job(void);

/// From now on TSTP stops this process by itself, as TTIN and TTOU do: for programs that have no screen to give back.
void csys_stop_as_usual(void);

/// Returns when this process's group has the terminal's foreground, stopping it as a job that reads in the
/// background until then; 0, or -1 where no shell could bring it there. Corresponds to `tcgetpgrp`.
int csys_await_foreground(void);

/// A fixed text written to the terminal, and its modes restored, before the process dies of a fault of its own
/// (SEGV, BUS, ILL, TRAP, FPE, ABRT), so that the user gets a usable terminal back. `fd` -1 takes it away;
/// `modes` is what `tcgetattr` said before the program changed them.
void csys_on_crash(int fd, const char *text, const struct termios *modes);

// -- an interrupt

/// From now on INT ends this process with 130 and not by the signal (design/cli.md), its helpers with it, unless it is
/// ignored or handled later. One that comes in the middle of a text waits for the text's end, at most a second; a second
/// one does not wait. Corresponds to `sigaction` and `_exit`.
void csys_end_on_interrupt(void);

/// Around the writing of a text that is not to be torn; on any thread.
void csys_text_begins(void);
void csys_text_ends(void);

/// Ends this process as an interrupt does.
void csys_end_interrupted(void) __attribute__((noreturn));

/// A question stands on the terminal behind a descriptor: INT, TERM and HUP end its line before they end the process, and
/// put `modes` back unless NULL. With `ends` INT ends the process for as long as it stands, whatever it does otherwise.
/// One question at a time.
void csys_question_begins(int fd, const struct termios *modes, int ends);
void csys_question_ends(void);

/// Gives the terminal of the question that stands its modes back. For handlers.
void csys_terminal_back(void);

// -- children

#define CSYS_RUNNING 0
#define CSYS_EXITED 1
#define CSYS_SIGNALLED 2
#define CSYS_STOPPED 3

/// Starts a program that has the terminal as this process has it, with default signals and an empty mask. Its process
/// group, in `group`, is its own and has the foreground; it is this process's, and `group` 0, where the input or the
/// output is another program's or a file and the terminal is still there: one ^C is then for all. It inherits
/// descriptors 0, 1, 2 and the `count` of `keep` under the same numbers. When the calling thread ends, as it does with a
/// process that is killed, it gets HUP where the system offers that. Returns 0, or an errno. Corresponds to `vfork`,
/// `execve`, and `prctl` with PR_SET_PDEATHSIG (Linux).
int csys_spawn_foreground(
    const char *path, char *const argv[], char *const envp[], const int *keep, int count, pid_t *pid, pid_t *group);

/// Starts a program, found by PATH, whose stdin is `input` (empty where -1) and whose stdout and stderr are read from
/// two pipes that do not block (nowhere where `collect` is 0, -1 both); its process group is its own. It inherits no
/// other descriptor that is not meant for children. Returns 0, or an errno. Corresponds to `posix_spawnp`.
int csys_spawn_piped(
    char *const argv[], char *const envp[], int input, int collect, int *output, int *errors, pid_t *pid);

/// Starts a program, found by PATH, that ends with this process however that ends, a KILL included: its session is its
/// own, without a terminal, and it lives as long as `lifeline` is open. Its stdout and stderr are read from two pipes
/// that do not block; its stdin is empty. `pid` is that of a shell that waits for it and ends with its code; the group
/// has the same number. Returns 0, or an errno. Corresponds to `posix_spawn`.
int csys_spawn_kept(
    char *const arguments[], int count, char *const envp[], int *lifeline, int *output, int *errors, pid_t *pid);

/// Starts a program, found by PATH, that ends with the last process that has a FIFO open for writing, a KILL of all
/// included: `lifeline` is its end for reading. Its session is its own, without a terminal, and it is no child of this
/// process. Its stdout and stderr are the file `errors`, its stdin is empty. When it has ended, a last line of that file is
/// `pgfob-tunnel: ` with its exit code, or 128 and its signal; then nobody reads the FIFO any more, and `output`, which does
/// not block, comes to its end. Returns 0, or an errno. Corresponds to `posix_spawn`.
int csys_spawn_shared(
    char *const arguments[], int count, char *const envp[], int lifeline, int errors, int *output);

/// A helper's process group runs, or has ended. However this process ends, by `exit` or a signal that nobody handles,
/// the groups that run end with it: TERM first, so that those that have helpers of their own end them.
void csys_helper_started(pid_t group);
/// Around the start of one and its ``csys_helper_started``, on one thread: an end of this process waits until then, as the
/// helper runs already.
void csys_helper_starts(void);
void csys_helper_starts_no_more(void);
void csys_helper_ended(pid_t group);

/// TERM to the groups that run, for whoever ends this process in a way of their own. For handlers.
void csys_helpers_end(void);
/// From now on TERM and HUP, where nobody handles them, end the helpers first.
void csys_helpers_prepare(void);

/// Ends a helper and all that it has started: TERM, after a moment KILL; it has been waited for then.
void csys_helper_stop(pid_t group);

/// What became of a child, without waiting; the exit code or the signal in `code`. Corresponds to `waitpid`
/// with WNOHANG and WUNTRACED.
int csys_reap(pid_t pid, int *code);

/// Gives a child's group the terminal's foreground where this process's group has it. Corresponds to `tcsetpgrp`.
void csys_set_foreground(pid_t group);

/// Takes the terminal's foreground back for this process's group, where a child was given it.
void csys_take_foreground(void);

/// Gives the terminal the modes that it had before the last child was started, for one that was killed and could not.
/// Corresponds to `tcsetattr`.
void csys_restore_modes(void);

// -- sockets

/// A Unix socket at a path, with mode `mode`, that listens; closed on exec, does not block. -1 with errno; EADDRINUSE
/// where something lies there. Corresponds to `socket`, `bind` and `listen`.
int csys_listen_unix(const char *path, unsigned mode);

/// The next connection of a socket that listens, closed on exec; it blocks. -1 with errno. Corresponds to `accept4`.
int csys_accept(int listener);

/// A connection to a Unix socket, closed on exec; it blocks. -1 with errno. Corresponds to `connect`.
int csys_connect_unix(const char *path);

/// The same, without waiting where the other side takes no connections for the moment: EAGAIN.
int csys_connect_unix_now(const char *path);

/// A socket that listens at a port of 127.0.0.1, or at a free one where the port is 0, which it then holds; closed on
/// exec, does not block. -1 with errno. Corresponds to `bind` and `getsockname`.
int csys_listen_loopback(int *port);

/// Who is at the other end of a Unix socket; 0, or -1. Corresponds to SO_PEERCRED and `getpeereid`.
int csys_peer(int fd, uid_t *user);

/// The process that has made the other end of a Unix socket, or listens there; 0 where that is not told. Corresponds to
/// SO_PEERCRED and LOCAL_PEERPID.
pid_t csys_peer_process(int fd);

/// Gives memory that is free back to the system, where the C library would keep it. Corresponds to `malloc_trim`;
/// nothing elsewhere than with glibc.
void csys_release_memory(void);

// -- names

/// The names that a DNS name is an alias of (CNAME), each on a line, in the order of the server's answer: from the
/// name to the one that has the address, where the server follows them. Blocks as long as resolv.conf allows.
/// `server`, an IPv4 address with a port, stands in for those of resolv.conf unless NULL. Returns how many there are,
/// 0 also where nobody answers, or -1. Corresponds to `res_nquery` (RFC 1034, 3.6.2).
int csys_aliases(const char *name, const char *server, int port, char *names, int size);

// -- terminals

/// Columns and rows of the terminal behind a descriptor; 0, or -1 where it is none. Corresponds to TIOCGWINSZ.
int csys_terminal_size(int fd, int *columns, int *rows);

/// Starts a program on a new pseudo-terminal of a size, in a session of its own. Returns the master's
/// descriptor, which does not block, or -1 with errno. Corresponds to `forkpty` and `execve`.
int csys_spawn_pty(
    const char *path, char *const argv[], char *const envp[], const char *folder, int columns, int rows,
    pid_t *pid);

/// Sets a pseudo-terminal's size, which tells its programs by WINCH. Corresponds to TIOCSWINSZ.
int csys_resize_pty(int master, int columns, int rows);

#endif
