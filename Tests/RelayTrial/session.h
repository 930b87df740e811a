// One client and one server of a trial, with the relay between them.
#ifndef SESSION_H
#define SESSION_H

#include "copenssl.h"
#include "messages.h"
#include "relay_trial.h"

#include <openssl/ssl.h>
#include <stdatomic.h>

#define MOST_AT_ONCE 70000

/// Who ends a session.
enum ending {
    BY_SERVER,
    BY_CLIENT,
    /// The client, which says no more, and reads on to the end.
    HALF_CLOSED,
    /// The relay, while the server is talking.
    PARTED,
    /// The relay, and the client does not even read.
    DEAF,
    ENDINGS
};

/// One direction: what was made for it, sent into it, and has come out of it.
typedef struct {
    messages out, in;
    size_t total, sent, got;
    // Made, and not yet sent.
    uint8_t waiting[MOST_AT_ONCE];
    size_t at, count;
} flow;

typedef struct {
    enum ending ending;
    uint64_t chance;
    // Works at one of so many occasions.
    unsigned slow_client, slow_server;
    // Its server reads little of what its client says, so that it waits on the way while the server goes on talking.
    int hears_little;
    // The relay's sockets, and those at the other ends of them.
    int near, far, client_end, server_end;
    copenssl_client *client;
    SSL *server;
    flow up, down;
    int is_added, is_accepted, says_no_more, client_says_no_more, hears_no_more, client_over, server_over;
    // How much of the last words has come.
    size_t told;
    int key_updates;
    _Atomic int ended;
    // Written before `ended`.
    int how;
    unsigned asked;
    const char *failure;
} session;

/// The last words of the relay.
extern const uint8_t last_words[12];

/// Opens its sockets, connected through `listener`. 0, or -1.
int session_open(session *session, SSL_CTX *servers, copenssl_trust *trust, int listener, size_t most);
/// Does a little of everything. Whether anything moved.
int session_step(session *session, copenssl_relay *relay, uint64_t number);
/// Lets the relay's sockets go, once it has ended the session.
void session_let_go(session *session);
void session_close(session *session);
/// What is wrong with how it has ended; NULL where nothing is.
const char *session_verdict(const session *session);

#endif
