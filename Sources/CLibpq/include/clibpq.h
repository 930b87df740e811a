/* libpq, bound when it is first used.
 *
 * libpq brings ldap, gnutls and krb5 with it, some 7 ms of loading. What never connects (the list, `token`, the
 * first paint) must not pay for them, so nothing here links libpq: clibpq_load() opens it with dlopen(3) and
 * fills one table from which the functions below call. Calling any of them before clibpq_load() has succeeded
 * is an error of the program.
 *
 * Types and constants are those of libpq-fe.h as far as they are used here (PostgreSQL documentation,
 * "libpq - C Library"); they are part of libpq's stable interface, version 5. Each function clibpq_PQx is the
 * PQx of that documentation.
 */
#ifndef CLIBPQ_H
#define CLIBPQ_H

#include <stddef.h>

/* A connection, PGconn, a result, PGresult, and what cancels a query, PGcancel: opaque there as here. */
typedef struct pg_conn clibpq_connection;
typedef struct pg_cancel clibpq_cancel;
typedef struct pg_result clibpq_result;

/* PQconninfoOption. The arrays that libpq returns end with a null keyword. */
typedef struct {
    char *keyword;
    char *envvar;
    char *compiled;
    char *val;
    char *label;
    char *dispchar;
    int dispsize;
} clibpq_option;

/* ConnStatusType. */
enum {
    CLIBPQ_CONNECTION_OK = 0,
    CLIBPQ_CONNECTION_BAD = 1,
    CLIBPQ_CONNECTION_STARTED = 2,           /* TCP is being set up */
    CLIBPQ_CONNECTION_MADE = 3,              /* it is up; sent next: SSLRequest or the startup packet */
    CLIBPQ_CONNECTION_AWAITING_RESPONSE = 4, /* the startup packet is out */
    CLIBPQ_CONNECTION_AUTH_OK = 5,
    CLIBPQ_CONNECTION_SETENV = 6,
    CLIBPQ_CONNECTION_SSL_STARTUP = 7,
    CLIBPQ_CONNECTION_NEEDED = 8,
    CLIBPQ_CONNECTION_CHECK_WRITABLE = 9,
    CLIBPQ_CONNECTION_CONSUME = 10,
    CLIBPQ_CONNECTION_GSS_STARTUP = 11,
    CLIBPQ_CONNECTION_CHECK_TARGET = 12,
    CLIBPQ_CONNECTION_CHECK_STANDBY = 13,
    CLIBPQ_CONNECTION_ALLOCATED = 14,
    CLIBPQ_CONNECTION_AUTHENTICATING = 15, /* from libpq 18 on */
};

/* PostgresPollingStatusType. */
enum {
    CLIBPQ_POLLING_FAILED = 0,
    CLIBPQ_POLLING_READING = 1,
    CLIBPQ_POLLING_WRITING = 2,
    CLIBPQ_POLLING_OK = 3,
};

/* ExecStatusType, the ones that are told apart. */
enum {
    CLIBPQ_RESULT_EMPTY_QUERY = 0,
    CLIBPQ_RESULT_COMMAND_OK = 1,
    CLIBPQ_RESULT_TUPLES_OK = 2,
    CLIBPQ_RESULT_COPY_OUT = 3,
    CLIBPQ_RESULT_COPY_IN = 4,
    CLIBPQ_RESULT_COPY_BOTH = 8,
    CLIBPQ_RESULT_SINGLE_TUPLE = 9,
};

/* PGVerbosity: with VERBOSE libpq's texts carry the SQLSTATE of a refused login. */
enum { CLIBPQ_ERRORS_VERBOSE = 2 };

/* The field codes of an error, PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY. */
enum { CLIBPQ_DIAG_SQLSTATE = 'C' };

/* PGnotify: what NOTIFY sent. Freed by PQfreemem. */
typedef struct clibpq_notification {
    char *channel;
    int sender;
    char *payload;
    struct clibpq_notification *next;
} clibpq_notification;

typedef void (*clibpq_notice_processor)(void *argument, const char *message);

/* Every function of libpq that is used: result, name, parameters, arguments. */
#define CLIBPQ_FUNCTIONS(F) \
    F(int, PQlibVersion, (void), ()) \
    F(clibpq_option *, PQconndefaults, (void), ()) \
    F(clibpq_option *, PQconninfoParse, (const char *text, char **problem), (text, problem)) \
    F(clibpq_option *, PQconninfo, (clibpq_connection *c), (c)) \
    F(void, PQconninfoFree, (clibpq_option *options), (options)) \
    F(void, PQfreemem, (void *memory), (memory)) \
    F(clibpq_connection *, PQconnectStartParams, \
      (const char *const *keywords, const char *const *values, int expand), (keywords, values, expand)) \
    F(int, PQconnectPoll, (clibpq_connection *c), (c)) \
    F(void, PQfinish, (clibpq_connection *c), (c)) \
    F(int, PQstatus, (const clibpq_connection *c), (c)) \
    F(int, PQsocket, (const clibpq_connection *c), (c)) \
    F(char *, PQerrorMessage, (const clibpq_connection *c), (c)) \
    F(int, PQsetErrorVerbosity, (clibpq_connection *c, int verbosity), (c, verbosity)) \
    F(clibpq_notice_processor, PQsetNoticeProcessor, \
      (clibpq_connection *c, clibpq_notice_processor processor, void *argument), (c, processor, argument)) \
    F(int, PQconnectionNeedsPassword, (const clibpq_connection *c), (c)) \
    F(char *, PQuser, (const clibpq_connection *c), (c)) \
    F(char *, PQdb, (const clibpq_connection *c), (c)) \
    F(const char *, PQparameterStatus, (const clibpq_connection *c, const char *name), (c, name)) \
    F(int, PQsslInUse, (clibpq_connection *c), (c)) \
    F(const char *, PQsslAttribute, (clibpq_connection *c, const char *name), (c, name)) \
    F(void *, PQgetssl, (clibpq_connection *c), (c)) \
    F(int, PQsendQuery, (clibpq_connection *c, const char *sql), (c, sql)) \
    F(int, PQsendQueryParams, \
      (clibpq_connection *c, const char *sql, int count, const unsigned int *types, const char *const *values, \
       const int *lengths, const int *formats, int result), \
      (c, sql, count, types, values, lengths, formats, result)) \
    F(clibpq_notification *, PQnotifies, (clibpq_connection *c), (c)) \
    F(int, PQsetSingleRowMode, (clibpq_connection *c), (c)) \
    F(int, PQflush, (clibpq_connection *c), (c)) \
    F(int, PQconsumeInput, (clibpq_connection *c), (c)) \
    F(int, PQisBusy, (clibpq_connection *c), (c)) \
    F(clibpq_result *, PQgetResult, (clibpq_connection *c), (c)) \
    F(int, PQresultStatus, (const clibpq_result *r), (r)) \
    F(char *, PQresultErrorMessage, (const clibpq_result *r), (r)) \
    F(char *, PQresultErrorField, (const clibpq_result *r, int field), (r, field)) \
    F(int, PQntuples, (const clibpq_result *r), (r)) \
    F(int, PQnfields, (const clibpq_result *r), (r)) \
    F(int, PQgetisnull, (const clibpq_result *r, int row, int column), (r, row, column)) \
    F(char *, PQgetvalue, (const clibpq_result *r, int row, int column), (r, row, column)) \
    F(char *, PQfname, (const clibpq_result *r, int column), (r, column)) \
    F(unsigned int, PQftype, (const clibpq_result *r, int column), (r, column)) \
    F(int, PQgetlength, (const clibpq_result *r, int row, int column), (r, row, column)) \
    F(char *, PQcmdStatus, (clibpq_result *r), (r)) \
    F(clibpq_cancel *, PQgetCancel, (clibpq_connection *c), (c)) \
    F(int, PQcancel, (clibpq_cancel *cancel, char *problem, int size), (cancel, problem, size)) \
    F(void, PQfreeCancel, (clibpq_cancel *cancel), (cancel)) \
    F(void, PQclear, (clibpq_result *r), (r))

#define CLIBPQ_DECLARE(result, name, parameters, arguments) result clibpq_##name parameters;
CLIBPQ_FUNCTIONS(CLIBPQ_DECLARE)
#undef CLIBPQ_DECLARE

/* Binds libpq, once for the process and from any thread.
 *
 * Takes every PG* variable out of this process's environment except PGSERVICEFILE, PGPASSFILE and PGSYSCONFDIR,
 * because libpq would use them for whatever a profile leaves open (design/decisions.md). Whoever passes them on
 * to a child has to have read the environment before.
 *
 * Returns null, or why libpq cannot be used, as a text that stays. */
const char *clibpq_load(void);

/* Whether libpq's TLS is the very OpenSSL that this program uses, so that what PQgetssl answers may be handed to it:
 * `ours` is where that one's SSL_get_peer_cert_chain is. Only after clibpq_load(). */
int clibpq_shares_openssl(const void *ours);

/* Keeps the server's notices off stderr, where the screen is. */
void clibpq_silence_notices(clibpq_connection *c);

#endif
