#include "csystem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int open_socket(int family, int blocks) {
#ifdef __linux__
    // Marked as it is made: a child that another thread starts meanwhile would have it else.
    return socket(family, SOCK_STREAM | SOCK_CLOEXEC | (blocks ? 0 : SOCK_NONBLOCK), 0);
#else
    int fd = socket(family, SOCK_STREAM, 0);
    if (fd < 0) return -1;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (!blocks) fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
#endif
}

static int failed(int fd) {
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static int named(const char *path, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address->sun_path, path);
    return 0;
}

int csys_listen_unix(const char *path, unsigned mode) {
    struct sockaddr_un address;
    if (named(path, &address) != 0) return -1;
    int fd = open_socket(AF_UNIX, 0);
    if (fd < 0) return -1;
    // Before the bind, where the system makes the file with it; nobody can connect before the listen in any case. Not by
    // umask, which is that of all threads.
    fchmod(fd, mode);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) return failed(fd);
    if (chmod(path, mode) != 0 || listen(fd, SOMAXCONN) != 0) {
        int number = errno;
        unlink(path);
        errno = number;
        return failed(fd);
    }
    return fd;
}

int csys_connect_unix(const char *path) {
    struct sockaddr_un address;
    if (named(path, &address) != 0) return -1;
    int fd = open_socket(AF_UNIX, 1);
    if (fd < 0) return -1;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) return failed(fd);
    return fd;
}

int csys_connect_unix_now(const char *path) {
    struct sockaddr_un address;
    if (named(path, &address) != 0) return -1;
    int fd = open_socket(AF_UNIX, 0);
    if (fd < 0) return -1;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) return failed(fd);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    return fd;
}

int csys_accept(int listener) {
    int fd;
    do {
#ifdef __linux__
        fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
#else
        fd = accept(listener, NULL, NULL);
#endif
    } while (fd < 0 && errno == EINTR);
    if (fd < 0) return -1;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    // Some systems hand down that the listener does not block.
    fcntl(fd, F_SETFL, 0);
    return fd;
}

int csys_listen_loopback(int *port) {
    int fd = open_socket(AF_INET, 0);
    if (fd < 0) return -1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    // What is left of closed connections keeps nobody from listening anew.
    if (*port != 0) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    socklen_t size = sizeof address;
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, SOMAXCONN) != 0
        || getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        return failed(fd);
    }
    *port = ntohs(address.sin_port);
    return fd;
}

int csys_peer(int fd, uid_t *user) {
#ifdef __linux__
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return -1;
    *user = credentials.uid;
    return 0;
#else
    gid_t group;
    return getpeereid(fd, user, &group);
#endif
}

pid_t csys_peer_process(int fd) {
#ifdef __linux__
    struct ucred peer;
    socklen_t size = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.pid : 0;
#else
    pid_t pid;
    socklen_t size = sizeof pid;
    return getsockopt(fd, SOL_LOCAL, LOCAL_PEERPID, &pid, &size) == 0 ? pid : 0;
#endif
}
