// ncurses behind plain functions: no type, macro or variable of curses.h leaves this target.
#ifndef CTERM_H
#define CTERM_H

#include <stdint.h>

// -- opening and closing

#define CT_OPENED 0
#define CT_UNKNOWN 1
#define CT_NO_CURSOR 2

/// The ncurses that runs, in its own words. The corresponding C function is `curses_version`.
const char *ct_library(void);

/// Whether terminfo knows a terminal and it can place its cursor and clear itself: CT_OPENED, CT_UNKNOWN or
/// CT_NO_CURSOR. Corresponds to `setupterm`, which unlike `newterm` prints nothing.
int ct_probe(const char *term);

/// Sets LC_CTYPE alone (libpq's texts stay English) and answers whether the terminal takes UTF-8. Where the
/// environment names no locale at all, or one of UTF-8 that is not installed, C.UTF-8 is taken.
int ct_set_locale(void);

/// Opens the terminal: raw, no echo, keypad, no delay. Colours unless `colours` is 0. `escape_delay` in
/// milliseconds, or -1 to leave it. 0, or -1. Corresponds to `newterm`.
int ct_open(const char *term, int colours, int escape_delay);

/// Asks the terminal for clicks and the wheel, or no more of them; so it stays when the terminal was lent.
void ct_mouse(int on);

/// Gives the terminal back for good. Corresponds to `endwin`.
void ct_close(void);

/// Gives the terminal back for a while: normal screen, visible cursor, the modes of the start. Corresponds to
/// `reset_shell_mode`.
void ct_suspend(void);

/// Takes it again: resets what others may have left, and paints all at the next flush. `left` says that it was
/// given back by `ct_suspend`. Corresponds to `reset_prog_mode` and `clearok`.
void ct_resume(int left);

/// Forgets keys that were typed and not read yet. Corresponds to `tcflush` and `flushinp`.
void ct_flush_input(void);

// -- what it can do

/// How many colours it has: 0, 8, 16, 88, 256 or 1 << 24.
int ct_colours(void);

/// Columns and rows as curses has them.
void ct_size(int *columns, int *rows);

/// Takes over the terminal's size; 1 if it has changed. Corresponds to TIOCGWINSZ and `resizeterm`.
int ct_synchronise_size(void);

// -- painting

#define CT_BOLD 1
#define CT_DIM 2
#define CT_ITALIC 4
#define CT_UNDERLINE 8
#define CT_REVERSE 16

/// Sets what the following text looks like: attributes, and colours by number, -1 the terminal's own.
void ct_style(int attributes, int foreground, int background);

/// Writes ASCII text at a place. Corresponds to `addnstr`.
void ct_put(int row, int column, const char *text, int length);

/// Writes one character, in UTF-8, of so many columns; U+FFFD where the C library counts other columns than
/// these, or none. Corresponds to `addnwstr`.
void ct_put_cell(int row, int column, const char *text, int length, int width);

/// Draws one line character, `glyph` being the code point of a Unicode box-drawing character. Corresponds to
/// `mvadd_wch` with the terminal's own line set.
void ct_line(int row, int column, uint32_t glyph);

/// Erases everything at the next flush and paints it anew. Corresponds to `clearok`.
void ct_repaint(void);

/// Places the cursor, visible or not, and sends what has changed; `whole` says that this is the whole screen, which the
/// terminal then shows at once. Corresponds to `doupdate`.
void ct_flush(int row, int column, int visible, int whole);

// -- keys

#define CT_NONE 0
#define CT_BYTE 1
#define CT_KEY 2

/// CT_KEY codes.
enum {
    CT_UP = 1, CT_DOWN, CT_LEFT, CT_RIGHT, CT_HOME, CT_END, CT_PAGE_UP, CT_PAGE_DOWN, CT_INSERT, CT_DELETE,
    CT_BACKSPACE, CT_ENTER, CT_BACK_TAB, CT_PASTE_BEGINS, CT_PASTE_ENDS, CT_FOCUS_IN, CT_FOCUS_OUT,
    CT_WORD_LEFT, CT_WORD_RIGHT,
    CT_FUNCTION = 100, CT_OTHER = 999
};

typedef struct {
    int kind;
    uint32_t code;
} ct_key;

/// The next key or byte of text that waits, or CT_NONE. Corresponds to `wgetch`.
ct_key ct_read_key(void);

#endif
