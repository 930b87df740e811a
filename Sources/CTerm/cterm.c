#include "cterm.h"
#include "keys.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

// term.h has macros of these everyday names.
#undef columns
#undef lines
#undef buttons

static SCREEN *screen;
static int has_colour, takes_mouse;
/// Whether the cursor is visible on the terminal, -1 where that is not known.
static int cursor_shown = -1;

// Bracketed paste, written by us: ncurses knows no such mode (facts/ncurses.md 11).
static const char modes_on[] = "\033[?2004h";
static const char modes_off[] = "\033[?2004l";
// Clicks and the wheel, in decimal (xterm's ctlseqs, "Mouse Tracking" and "SGR mouse mode").
static const char mouse_on[] = "\033[?1000h\033[?1006h";
static const char mouse_off[] = "\033[?1006l\033[?1000l";
// What a child that was killed may have left behind: mouse, focus and paste modes, a hidden cursor, colours,
// line drawing, insert mode.
static const char modes_reset[] =
    "\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?1004l\033[?2004l\033[?25h"
    "\033[0m\033(B\017\033[4l\033[?7h";

static void send(const char *text) {
    fflush(stdout);
    size_t length = strlen(text);
    while (length > 0) {
        ssize_t count = write(STDOUT_FILENO, text, length);
        if (count <= 0) return;
        text += count;
        length -= (size_t)count;
    }
}

int ct_open(const char *term, int colours, int escape_delay) {
    // They would freeze the size (facts/ncurses.md 5).
    unsetenv("LINES");
    unsetenv("COLUMNS");
    screen = newterm(term, stdout, stdin);
    if (screen == NULL) return -1;
    has_colour = 0;
    if (colours && has_colors()) {
        start_color();
        use_default_colors();
        has_colour = 1;
    }
    raw();
    noecho();
    nonl();
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    leaveok(stdscr, FALSE);
    scrollok(stdscr, FALSE);
    if (escape_delay >= 0) set_escdelay(escape_delay);
    ct_define_keys();
    send(modes_on);
    return 0;
}

void ct_mouse(int on) {
    if (on == takes_mouse) return;
    takes_mouse = on;
    send(on ? mouse_on : mouse_off);
}

void ct_close(void) {
    if (screen == NULL) return;
    send(modes_off);
    if (takes_mouse) send(mouse_off);
    curs_set(1);
    endwin();
    if (exit_ca_mode == NULL) send("\r\n"); // as in ct_suspend
    delscreen(screen);
    screen = NULL;
}

// Not endwin and refresh: resuming, ncurses would reset the user's palette by OSC 104 (facts/ncurses.md 24),
// and the entry that makes it do so cannot be reached from outside.

static char gathered[512];
static size_t gathered_count;

static int gather(int byte) {
    if (gathered_count < sizeof gathered - 1) gathered[gathered_count++] = (char)byte;
    return byte;
}

/// Sends a capability of the terminal, where it has it.
static void send_capability(const char *capability) {
    if (capability == NULL) return;
    gathered_count = 0;
    tputs(capability, 1, gather);
    gathered[gathered_count] = 0;
    send(gathered);
}

void ct_suspend(void) {
    curs_set(1);
    cursor_shown = 1;
    def_prog_mode();
    // This flushes what curses still holds, and leaves the keypad's mode.
    reset_shell_mode();
    send(modes_off);
    if (takes_mouse) send(mouse_off);
    send_capability(orig_pair);
    send_capability(exit_attribute_mode);
    // Where there is no other screen to go back to, what follows is written below ours.
    if (cursor_address != NULL) send_capability(tparm(cursor_address, LINES - 1, 0));
    send_capability(exit_ca_mode);
    if (exit_ca_mode == NULL) send("\r\n");
}

void ct_resume(int left) {
    send(modes_reset);
    // Known to be visible now, whatever curses had made of it.
    curs_set(1);
    cursor_shown = 1;
    reset_prog_mode();
    if (left) send_capability(enter_ca_mode);
    // No scroll region. Not before: it moves the cursor, and the other screen remembers where it stood.
    send("\033[r");
    send(modes_on);
    if (takes_mouse) send(mouse_on);
    ct_synchronise_size();
    clearok(curscr, TRUE);
}

int ct_colours(void) { return has_colour ? COLORS : 0; }

void ct_size(int *columns, int *rows) {
    *columns = COLS;
    *rows = LINES;
}

int ct_synchronise_size(void) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return 0;
    if (!is_term_resized(size.ws_row, size.ws_col)) return 0;
    resizeterm(size.ws_row, size.ws_col);
    return 1;
}

// -- painting

#define PAIRS 512
static struct { int foreground, background; } pairs[PAIRS];
static int pair_count = 1;

/// The pair of two colours, made on first use; the terminal's own where none is left: an unset pair would
/// be invisible (facts/ncurses.md 21).
static int pair_of(int foreground, int background) {
    if (!has_colour || (foreground < 0 && background < 0)) return 0;
    for (int i = 1; i < pair_count; i++)
        if (pairs[i].foreground == foreground && pairs[i].background == background) return i;
    if (pair_count >= PAIRS || pair_count >= COLOR_PAIRS) return 0;
    if (init_extended_pair(pair_count, foreground, background) == ERR) return 0;
    pairs[pair_count].foreground = foreground;
    pairs[pair_count].background = background;
    return pair_count++;
}

void ct_style(int attributes, int foreground, int background) {
    attr_t set = A_NORMAL;
    if (attributes & CT_BOLD) set |= A_BOLD;
    if (attributes & CT_DIM) set |= A_DIM;
#ifdef A_ITALIC
    if (attributes & CT_ITALIC) set |= A_ITALIC;
#endif
    if (attributes & CT_UNDERLINE) set |= A_UNDERLINE;
    if (attributes & CT_REVERSE) set |= A_REVERSE;
    int pair = pair_of(foreground, background);
    // The extended pair goes through the last argument: COLOR_PAIR keeps eight bits (facts/ncurses.md 22).
    wattr_set(stdscr, set, (short)pair, &pair);
}

void ct_put(int row, int column, const char *text, int length) {
    if (move(row, column) == ERR) return;
    // ERR for the last cell of the screen means nothing (facts/ncurses.md 27).
    addnstr(text, length);
}

/// How many wide characters a cell of curses holds at most, its base included (CCHARW_MAX).
#define CELL_MAX 5

void ct_put_cell(int row, int column, const char *text, int length, int width) {
    wchar_t wide[CELL_MAX];
    mbstate_t state;
    memset(&state, 0, sizeof state);
    int count = 0, columns = 0;
    while (length > 0 && count < CELL_MAX) {
        size_t used = mbrtowc(&wide[count], text, (size_t)length, &state);
        int own = used == 0 || used > (size_t)length ? -1 : wcwidth(wide[count]);
        if (own < 0) {
            columns = -1;
            break;
        }
        columns += own;
        count++;
        text += used;
        length -= (int)used;
    }
    if (move(row, column) == ERR) return;
    if (columns == width) {
        addnwstr(wide, count);
        return;
    }
    // The C library disagrees about the width: what follows would not stand where it belongs.
    addnwstr(L"\ufffd", 1);
    if (width == 2) addnwstr(L" ", 1);
}

void ct_line(int row, int column, uint32_t glyph) {
    const cchar_t *line;
    switch (glyph) {
    case 0x2500: line = WACS_HLINE; break;
    case 0x2502: line = WACS_VLINE; break;
    case 0x250c: line = WACS_ULCORNER; break;
    case 0x2510: line = WACS_URCORNER; break;
    case 0x2514: line = WACS_LLCORNER; break;
    case 0x2518: line = WACS_LRCORNER; break;
    case 0x251c: line = WACS_LTEE; break;
    case 0x2524: line = WACS_RTEE; break;
    case 0x252c: line = WACS_TTEE; break;
    case 0x2534: line = WACS_BTEE; break;
    default: line = WACS_PLUS; break;
    }
    attr_t attributes;
    short pair;
    int extended = 0;
    wattr_get(stdscr, &attributes, &pair, &extended);
    cchar_t styled = *line;
    styled.attr = (line->attr & A_ALTCHARSET) | attributes;
    styled.ext_color = extended;
    mvadd_wch(row, column, &styled);
}

void ct_repaint(void) { clearok(curscr, TRUE); }

// Synchronised output, written by us: ncurses knows no such mode, and terminals pass over a private mode that they do not
// know (facts/ncurses.md 29).
static const char sync_begins[] = "\033[?2026h";
static const char sync_ends[] = "\033[?2026l";

void ct_flush(int row, int column, int visible, int whole) {
    if (whole) send(sync_begins);
    if (visible != cursor_shown) {
        curs_set(visible);
        cursor_shown = visible;
    }
    if (row >= 0 && column >= 0) move(row, column);
    wnoutrefresh(stdscr);
    doupdate();
    if (whole) send(sync_ends);
}
