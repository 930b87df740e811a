// Verifies an RDS IAM token as the service does: the signature is recomputed, nothing is taken on trust.
#ifndef IAM_VERIFY_H
#define IAM_VERIFY_H

#include <stddef.h>

/// Judges a token for a database user against the configuration file named by RDSIAM_CONF.
/// 1 if it is good; else 0 and the private reason, which the client never learns, in `reason`.
int iam_verify(const char *user, const char *token, char *reason, size_t room);

#endif
