/*
 * The reader of a pair of `./foam bench ipc --transports foam-c`: bench's IpcChild, ReaderTask and Rendezvous in C.
 *
 *   bench DIRECTORY SPIN|BLOCKING
 *
 * Takes commands from its standard input, one a line, and answers each by a line that begins with @. Ends when that input ends.
 */
#include "../foam.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BYTES = 4096, WRITER_ROUTE_AT = 0, READER_ROUTE_AT = 128, READ_AT = 256, PING_AT = 384, PONG_AT = 512, FAILED_AT = 640 };
enum { ROUND_TRIPS = 15 * 100, SENT_AT = 0, SEQUENCE_AT = 8, LAST_AT = 16, BODY_AT = 24, TAIL_BYTES = 8 };

static char *rendezvous;
static int64_t pings;

static int64_t get(int at)
{
    return __atomic_load_n((int64_t *) (void *) (rendezvous + at), __ATOMIC_ACQUIRE);
}

static void set(int at, int64_t value)
{
    __atomic_store_n((int64_t *) (void *) (rendezvous + at), value, __ATOMIC_RELEASE);
}

static int64_t word(const void *payload, uint64_t at)
{
    int64_t value;
    memcpy(&value, (const char *) payload + at, sizeof value);
    return value;
}

static void answer_pings(void)
{
    for (int i = 0; i < ROUND_TRIPS; i++) {
        pings++;
        while (get(PING_AT) != pings) {
        }
        set(PONG_AT, pings);
    }
}

static uint64_t sum(const void *payload, uint64_t bytes)
{
    uint64_t all = 0;
    for (uint64_t at = 0; at < bytes; at += 8) {
        all += (uint64_t) word(payload, at);
    }
    return all;
}

static uint64_t expected_sum(const void *payload, uint64_t bytes)
{
    uint64_t sequence = (uint64_t) word(payload, SEQUENCE_AT);
    uint64_t body_words = (bytes - TAIL_BYTES - BODY_AT) / 8;
    return (uint64_t) word(payload, SENT_AT) + 2 * sequence + (uint64_t) word(payload, LAST_AT)
            + body_words * ((sequence & 0xff) * UINT64_C(0x0101010101010101));
}

typedef struct {
    int route;
    bool is_latency;
    bool reads_all;
    int64_t warmups;
    int64_t messages;
} task;

/* Reads to the last message; the result in `line`, which has room for all latencies. */
static const char *read_all(foam_node *node, foam_subscription *subscription, const task *what, bool is_blocking, char *line)
{
    int64_t count = 0, first_ns = 0, last_ns = 0, wrong = 0;
    bool is_last = false;
    size_t length = 0;
    while (!is_last) {
        const foam_lease *lease;
        foam_status status = foam_poll(subscription, &lease);
        if (status == FOAM_NONE) {
            status = is_blocking ? foam_wait(node, INT64_C(10000000)) : FOAM_OK;
            if (status <= FOAM_NONE) {
                continue;
            }
        }
        if (status != FOAM_OK) {
            return foam_reason();
        }
        uint64_t total = what->reads_all ? sum(lease->data, lease->bytes) : 0;
        bool is_whole = word(lease->data, lease->bytes - TAIL_BYTES) == word(lease->data, SEQUENCE_AT);
        int64_t now_ns = foam_now_ns();
        wrong += !is_whole || (what->reads_all && total != expected_sum(lease->data, lease->bytes));
        if (++count <= what->warmups) {
            first_ns = now_ns;
        } else if (what->is_latency) {
            length += (size_t) sprintf(line + length, "%" PRId64 " ", now_ns - word(lease->data, SENT_AT));
        }
        last_ns = now_ns;
        is_last = word(lease->data, LAST_AT) != 0;
        int64_t sequence = word(lease->data, SEQUENCE_AT);
        set(READ_AT, sequence);
        foam_lease_end(lease);
    }
    if (wrong > 0 || foam_missed(subscription) > 0) {
        return "messages with wrong bytes, or lost ones";
    }
    if (!what->is_latency) {
        sprintf(line, "%" PRId64 " %" PRId64, count - what->warmups, last_ns - first_ns);
    }
    return NULL;
}

static const char *run(const char *directory, const task *what, bool is_blocking, char *line)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%d/foam", directory, what->route);
    int64_t deadline_ns = foam_now_ns() + INT64_C(20000000000);
    while (get(WRITER_ROUTE_AT) != what->route) {
        if (get(FAILED_AT) == what->route || foam_now_ns() > deadline_ns) {
            return "the other process did not open its end";
        }
        usleep(50);
    }
    foam_options options = {path, "reader", "bench", "c"};
    foam_node *node;
    foam_subscription *subscription;
    if (foam_join(&options, &node) != FOAM_OK) {
        return foam_reason();
    }
    const char *reason = NULL;
    if (foam_subscribe(node, "writer/bench", what->is_latency ? FOAM_LATEST : FOAM_FROM_OLDEST, 0, 1, &subscription) != FOAM_OK
            || foam_look(subscription) != FOAM_OK || foam_start(node) != FOAM_OK) {
        reason = foam_reason();
    } else {
        set(READER_ROUTE_AT, what->route);
        reason = read_all(node, subscription, what, is_blocking, line);
    }
    if (reason != NULL) {
        set(FAILED_AT, what->route);
    }
    foam_leave(node, true);
    return reason;
}

int main(int argc, char **argv)
{
    char path[4096];
    char command[512];
    if (argc != 3) {
        return 2;
    }
    snprintf(path, sizeof path, "%s/rendezvous", argv[1]);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    rendezvous = fd < 0 ? (char *) MAP_FAILED : (char *) mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if ((void *) rendezvous == MAP_FAILED) {
        fprintf(stderr, "bench: no rendezvous: path=%s\n", path);
        return 1;
    }
    printf("@ready\n");
    fflush(stdout);
    while (fgets(command, sizeof command, stdin) != NULL) {
        char phase[32], pattern[32];
        task what;
        long long bytes, max_ns, warmups, messages;
        if (strncmp(command, "limits ", 7) == 0) {
            answer_pings();
            printf("@ok \n");
        } else if (sscanf(command, "run %d %31s %31s %lld %lld %lld %lld", &what.route, phase, pattern, &bytes, &warmups, &messages, &max_ns)
                == 7) {
            what.is_latency = strcmp(phase, "LATENCY") == 0;
            what.reads_all = strcmp(pattern, "ALL") == 0;
            what.warmups = warmups;
            what.messages = messages;
            char *line = (char *) calloc((size_t) (what.is_latency ? messages : 0) + 4, 24);
            const char *reason = line == NULL ? "out of memory" : run(argv[1], &what, strcmp(argv[2], "BLOCKING") == 0, line);
            printf(reason == NULL ? "@ok %s\n" : "@failed %s\n", reason == NULL ? line : reason);
            free(line);
        }
        fflush(stdout);
    }
    return 0;
}
