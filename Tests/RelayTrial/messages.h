// A stream of messages like PostgreSQL's: a kind, a length, and bytes, all made by chance that a seed repeats.
#ifndef MESSAGES_H
#define MESSAGES_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t chance;
    uint8_t head[5];
    unsigned head_at;
    uint32_t left;
} messages;

/// The next number by chance.
uint64_t chance_next(uint64_t *chance);
void messages_begin(messages *messages, uint64_t seed);
/// The next bytes of it.
void messages_take(messages *messages, uint8_t *bytes, size_t count);
/// Whether the last message is whole.
int messages_are_whole(const messages *messages);

#endif
