/*
 * A bare TCP relay: every client is tied to a connection to one of the nodes, and bytes are carried between the two as they come. No HTTP is read. One receive and one send for
 * each side of a request is the least that anything between client and node can do with sockets, so what this costs is the floor for proxies.
 *
 *     relay PORT NODE_PORT...
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DESCRIPTORS = 65536, EVENTS = 256, BUFFER = 131072 };

static int peer[DESCRIPTORS];          /* the other end; 0 = none */
static char *unsent[DESCRIPTORS];      /* bytes for this socket that it has not taken yet */
static size_t unsent_length[DESCRIPTORS];
static char buffer[BUFFER];

static void fail(const char *what) { perror(what); exit(1); }

static struct sockaddr_in at(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return address;
}

static void watch(int poll, int fd) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.fd = fd};
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event)) fail("epoll_ctl");
}

static void end(int fd) {
    int ends[2] = {fd, peer[fd]};
    for (int i = 0; i < 2; i++) {
        free(unsent[ends[i]]);
        unsent[ends[i]] = NULL;
        unsent_length[ends[i]] = 0;
        peer[ends[i]] = 0;
        close(ends[i]);
    }
}

static void carry(int from) {
    int to = peer[from];
    while (to && !unsent_length[to]) {
        ssize_t got = recv(from, buffer, BUFFER, 0);
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) { end(from); return; }
        ssize_t sent = send(to, buffer, got, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) { end(from); return; }
        if (sent < got) {
            size_t done = sent < 0 ? 0 : sent;
            unsent_length[to] = got - done;
            unsent[to] = malloc(unsent_length[to]);
            memcpy(unsent[to], buffer + done, unsent_length[to]);
        }
        if (got < BUFFER) return;       /* the socket is empty; the next edge tells of more */
    }
}

static void send_rest(int fd) {
    if (!unsent_length[fd]) return;
    ssize_t sent = send(fd, unsent[fd], unsent_length[fd], MSG_NOSIGNAL);
    if (sent < 0) { if (errno != EAGAIN) end(fd); return; }
    unsent_length[fd] -= sent;
    memmove(unsent[fd], unsent[fd] + sent, unsent_length[fd]);
    if (unsent_length[fd]) return;
    free(unsent[fd]);
    unsent[fd] = NULL;
    carry(peer[fd]);
}

int main(int count, char **arguments) {
    if (count < 3) { fprintf(stderr, "usage: relay PORT NODE_PORT...\n"); return 2; }
    int poll = epoll_create1(0), listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1, turn = 0;
    struct sockaddr_in own = at(atoi(arguments[1]));
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&own, sizeof own) || listen(listener, 4096)) fail("listen");
    struct epoll_event listening = {.events = EPOLLIN, .data.fd = listener}, events[EVENTS];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &listening);
    for (;;) {
        int ready = epoll_wait(poll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK), node = socket(AF_INET, SOCK_STREAM, 0);
                struct sockaddr_in there = at(atoi(arguments[2 + turn++ % (count - 2)]));
                if (client < 0 || node < 0 || client >= DESCRIPTORS || node >= DESCRIPTORS) fail("accept");
                if (connect(node, (struct sockaddr *)&there, sizeof there)) fail("connect");   /* blocks: once for each client, on loopback */
                peer[client] = node;
                peer[node] = client;
                watch(poll, client);
                watch(poll, node);
                continue;
            }
            if (peer[fd] && events[i].events & EPOLLOUT) send_rest(fd);
            if (peer[fd] && events[i].events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) carry(fd);
        }
    }
}
