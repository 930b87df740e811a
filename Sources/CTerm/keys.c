#include "keys.h"

#include "cterm.h"

#include <curses.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

static void define(const char *sequence, int code) {
    if (key_defined(sequence) == 0) define_key(sequence, code);
}

/// Codes above those of curses.
enum { PASTE_BEGINS = 0x1001, PASTE_ENDS, FOCUS_IN, FOCUS_OUT, WORD_LEFT, WORD_RIGHT };

void ct_define_keys(void) {
    // Mouse reports are control sequences like any other that is not known here.
    define_key(NULL, KEY_MOUSE);
    define("\033[200~", PASTE_BEGINS);
    define("\033[201~", PASTE_ENDS);
    define("\033[I", FOCUS_IN);
    define("\033[O", FOCUS_OUT);
    // Keys with Ctrl or Alt have no code but one that ncurses makes up at run time: they are found by their names
    // (facts/ncurses.md 14), and by what nearly all terminals send where the entry lacks them.
    static const struct { const char *name; int code; } modified[] = {
        {"kLFT5", WORD_LEFT}, {"kLFT3", WORD_LEFT}, {"kRIT5", WORD_RIGHT}, {"kRIT3", WORD_RIGHT},
    };
    for (size_t i = 0; i < sizeof modified / sizeof *modified; i++) {
        const char *sequence = tigetstr(modified[i].name);
        if (sequence != NULL && sequence != (char *)-1) define_key(sequence, modified[i].code);
    }
    define("\033[1;5D", WORD_LEFT);
    define("\033[1;3D", WORD_LEFT);
    define("\033[1;5C", WORD_RIGHT);
    define("\033[1;3C", WORD_RIGHT);
    // Terminals send either form whatever their terminfo entry says.
    static const struct { const char *sequence; int code; } both[] = {
        {"\033[A", KEY_UP}, {"\033OA", KEY_UP}, {"\033[B", KEY_DOWN}, {"\033OB", KEY_DOWN},
        {"\033[C", KEY_RIGHT}, {"\033OC", KEY_RIGHT}, {"\033[D", KEY_LEFT}, {"\033OD", KEY_LEFT},
        {"\033[H", KEY_HOME}, {"\033OH", KEY_HOME}, {"\033[F", KEY_END}, {"\033OF", KEY_END},
        {"\033[1~", KEY_HOME}, {"\033[4~", KEY_END}, {"\033[7~", KEY_HOME}, {"\033[8~", KEY_END},
        {"\033[2~", KEY_IC}, {"\033[3~", KEY_DC}, {"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE},
        {"\033[Z", KEY_BTAB}, {"\033OP", KEY_F(1)}, {"\033[11~", KEY_F(1)}, {"\033OM", KEY_ENTER},
    };
    for (size_t i = 0; i < sizeof both / sizeof *both; i++) define(both[i].sequence, both[i].code);
}

void ct_flush_input(void) {
    tcflush(STDIN_FILENO, TCIFLUSH);
    flushinp();
}

static uint32_t translated(int code) {
    switch (code) {
    case KEY_UP: return CT_UP;
    case KEY_DOWN: return CT_DOWN;
    case KEY_LEFT: return CT_LEFT;
    case KEY_RIGHT: return CT_RIGHT;
    case KEY_HOME: return CT_HOME;
    case KEY_END: return CT_END;
    case KEY_PPAGE: return CT_PAGE_UP;
    case KEY_NPAGE: return CT_PAGE_DOWN;
    case KEY_IC: return CT_INSERT;
    case KEY_DC: return CT_DELETE;
    case KEY_BACKSPACE: return CT_BACKSPACE;
    case KEY_ENTER: return CT_ENTER;
    case KEY_BTAB: return CT_BACK_TAB;
    case PASTE_BEGINS: return CT_PASTE_BEGINS;
    case PASTE_ENDS: return CT_PASTE_ENDS;
    case FOCUS_IN: return CT_FOCUS_IN;
    case FOCUS_OUT: return CT_FOCUS_OUT;
    case WORD_LEFT: return CT_WORD_LEFT;
    case WORD_RIGHT: return CT_WORD_RIGHT;
    default: break;
    }
    if (code >= KEY_F(1) && code <= KEY_F(63)) return CT_FUNCTION + (uint32_t)(code - KEY_F0);
    return CT_OTHER;
}

ct_key ct_read_key(void) {
    ct_key key = {CT_NONE, 0};
    // Bytes, not wget_wch: without a delay that loses a character whose bytes come in two reads.
    int code = wgetch(stdscr);
    if (code == ERR) return key;
    key.kind = code > 0xff ? CT_KEY : CT_BYTE;
    key.code = code > 0xff ? translated(code) : (uint32_t)code;
    return key;
}
