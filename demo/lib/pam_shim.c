// Stands in for libpam inside a PostgreSQL of the local fleet (LD_PRELOAD): the seven entry points that the
// server calls, with the IAM token as the password. Its texts and log lines are then the server's own, as on RDS.
//
// libpam's types are declared here: its headers need not be installed, and its ABI has not changed in decades.
#include "iam_verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PAM_SUCCESS = 0, PAM_PERM_DENIED = 6, PAM_AUTH_ERR = 7, PAM_CONV_ERR = 19, PAM_BUF_ERR = 5 };
enum { PAM_PROMPT_ECHO_OFF = 1, PAM_USER = 2, PAM_CONV = 5 };

struct pam_message {
    int msg_style;
    const char *msg;
};
struct pam_response {
    char *resp;
    int resp_retcode;
};
struct pam_conv {
    int (*conv)(int, const struct pam_message **, struct pam_response **, void *);
    void *appdata_ptr;
};
typedef struct pam_handle {
    char *user;
    struct pam_conv conversation;
} pam_handle_t;

int pam_start(const char *service, const char *user, const struct pam_conv *conversation, pam_handle_t **handle) {
    (void)service;
    *handle = calloc(1, sizeof **handle);
    if (*handle == NULL) return PAM_BUF_ERR;
    (*handle)->user = user == NULL ? NULL : strdup(user);
    if (conversation != NULL) (*handle)->conversation = *conversation;
    return PAM_SUCCESS;
}

int pam_set_item(pam_handle_t *handle, int type, const void *item) {
    if (type == PAM_USER) {
        free(handle->user);
        handle->user = item == NULL ? NULL : strdup(item);
    } else if (type == PAM_CONV && item != NULL) {
        handle->conversation = *(const struct pam_conv *)item;
    }
    return PAM_SUCCESS;
}

/// The reason goes to a log of the server's, as RDS exports it under iam-db-auth-error.
static void note(const char *user, const char *reason) {
    const char *path = getenv("RDSIAM_LOG");
    FILE *log = path == NULL ? NULL : fopen(path, "a");
    if (log == NULL) return;
    fprintf(log, "%ld user=%s %s\n", (long)time(NULL), user, reason);
    fclose(log);
}

int pam_authenticate(pam_handle_t *handle, int flags) {
    (void)flags;
    struct pam_message message = {PAM_PROMPT_ECHO_OFF, "Password: "};
    const struct pam_message *messages = &message;
    struct pam_response *response = NULL;
    if (handle->user == NULL || handle->conversation.conv == NULL) return PAM_AUTH_ERR;
    int asked = handle->conversation.conv(1, &messages, &response, handle->conversation.appdata_ptr);
    if (asked != PAM_SUCCESS || response == NULL) return PAM_CONV_ERR;
    char reason[512] = "no password";
    int good = response->resp != NULL && iam_verify(handle->user, response->resp, reason, sizeof reason);
    if (!good) note(handle->user, reason);
    if (response->resp != NULL) {
        explicit_bzero(response->resp, strlen(response->resp));
        free(response->resp);
    }
    free(response);
    return good ? PAM_SUCCESS : PAM_PERM_DENIED;
}

int pam_acct_mgmt(pam_handle_t *handle, int flags) {
    (void)handle;
    (void)flags;
    return PAM_SUCCESS;
}

int pam_end(pam_handle_t *handle, int status) {
    (void)status;
    if (handle != NULL) free(handle->user);
    free(handle);
    return PAM_SUCCESS;
}

const char *pam_strerror(pam_handle_t *handle, int error) {
    (void)handle;
    return error == PAM_SUCCESS ? "Success" : error == PAM_PERM_DENIED ? "Permission denied" : "Authentication failure";
}
