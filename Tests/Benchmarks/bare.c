/* The least that a full-screen program can do: ncurses, one full screen of text, and a wait for a key.
   The yardstick of Tests/bench. */
#include <curses.h>
#include <locale.h>

int main(void) {
    setlocale(LC_CTYPE, "");
    initscr();
    raw();
    noecho();
    keypad(stdscr, TRUE);
    for (int row = 0; row < LINES; row++)
        for (int column = 0; column + 8 < COLS; column += 8) mvprintw(row, column, "r%02d-%03d ", row, column);
    mvprintw(LINES / 2, 0, "painted");
    refresh();
    while (getch() != 'q') continue;
    endwin();
    return 0;
}
