#include "messages.h"

// SplitMix64.
uint64_t chance_next(uint64_t *chance) {
    *chance += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = *chance;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

void messages_begin(messages *messages, uint64_t seed) {
    messages->chance = seed;
    messages->head_at = sizeof messages->head;
    messages->left = 0;
}

static void head(messages *messages) {
    uint64_t drawn = chance_next(&messages->chance);
    // Most are small, some larger than a record of TLS.
    uint32_t size = (uint32_t)(drawn >> 8) % (drawn % 16 == 0 ? 40000 : 60);
    messages->head[0] = 'D';
    for (int at = 0; at < 4; at++) messages->head[1 + at] = (uint8_t)((size + 4) >> (24 - 8 * at));
    messages->head_at = 0;
    messages->left = size;
}

void messages_take(messages *messages, uint8_t *bytes, size_t count) {
    for (size_t at = 0; at < count; at++) {
        if (messages->head_at == sizeof messages->head && messages->left == 0) head(messages);
        if (messages->head_at < sizeof messages->head) {
            bytes[at] = messages->head[messages->head_at++];
        } else {
            messages->left--;
            bytes[at] = (uint8_t)chance_next(&messages->chance);
        }
    }
}

int messages_are_whole(const messages *messages) {
    return messages->head_at == sizeof messages->head && messages->left == 0;
}
