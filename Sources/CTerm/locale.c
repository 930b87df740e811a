#include "cterm.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>
#undef columns
#undef lines
#undef buttons

const char *ct_library(void) { return curses_version(); }

int ct_probe(const char *term) {
    int error = 0;
    if (setupterm(term, STDOUT_FILENO, &error) != OK) return CT_UNKNOWN;
    int able = cursor_address != NULL && clear_screen != NULL;
    del_curterm(cur_term);
    return able ? CT_OPENED : CT_NO_CURSOR;
}

/// The locale that the environment names for LC_CTYPE, empty where it names none (POSIX, 8.2).
static const char *named_locale(void) {
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (int i = 0; i < 3; i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && *value != 0) return value;
    }
    return "";
}

int ct_set_locale(void) {
    const char *known = setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return 1;
    // A locale that came along with ssh and is not installed here still says what the terminal speaks.
    const char *name = named_locale();
    int unknown = known == NULL && (strcasestr(name, "utf-8") != NULL || strcasestr(name, "utf8") != NULL);
    if (*name != 0 && !unknown) return 0;
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL || setlocale(LC_CTYPE, "en_US.UTF-8") != NULL;
}
