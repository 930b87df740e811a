// What opening the terminal needs of its keys.
#ifndef CTERM_KEYS_H
#define CTERM_KEYS_H

/// Has curses know the sequences of all keys that are read here. Before any is.
void ct_define_keys(void);

#endif
