// The relay of the proxy between servers that speak TLS and clients that do not, all in one process: what goes in on one
// side must come out on the other, byte for byte.
#ifndef RELAY_TRIAL_H
#define RELAY_TRIAL_H

#include <stddef.h>
#include <stdint.h>

/// What a trial is like.
typedef struct {
    uint64_t seed;
    int pairs;
    /// How many bytes go each way at most.
    size_t most;
    /// The highest version of TLS that the servers speak: 12 or 13.
    int version;
    /// A certificate of `localhost`, its key, and the roots that it is checked against; PEM.
    const char *certificate, *key, *roots;
} relay_trial;

/// What came of one.
typedef struct {
    /// How many bytes came out.
    size_t bytes;
    /// How often a server changed its keys.
    int key_updates;
    /// How many clients were told the last words in the middle of what their server said.
    int told;
    /// What went wrong first; empty where nothing did.
    char failure[200];
} relay_outcome;

/// Bytes of every size both ways, with servers and clients that are slow, close first, or are parted from. 0 where all of
/// it came out as it went in.
int relay_trial_run(const relay_trial *trial, relay_outcome *outcome);

/// A client's socket that the system will not tell of any more in the middle of a session: 1 where that ends the session,
/// with that for a reason; 0 where it ended otherwise or not at all.
int relay_trial_unwatched(const relay_trial *trial);

/// How many questions a session's server may still work on when its client goes, after messages of these kinds: those behind
/// a `>` are the client's and come to the server in one go, those behind a `<` the other way. -1 where that fails.
int relay_trial_asked(const relay_trial *trial, const char *script);

#endif
