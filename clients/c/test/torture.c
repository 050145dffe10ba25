/*
 * A node of the tests in C: writes or reads tensors of which each word tells which commit it belongs to and where it stands, as the
 * tests' Tensors do in Java.
 *
 *   torture write STREAM MAX_WORDS SLOTS READERS COMMITS PACE_US CHECKED   COMMITS 0: until told to stop
 *   torture read NODE/STREAM latest|in-order|from-oldest BEHIND READS      READS 0: until told to stop
 *
 * FOAM_DIR and FOAM_NAME say where and who. Prints one line of figures when it ends.
 */
#include "../foam.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MIX UINT64_C(0x9E3779B97F4A7C15)

static uint64_t seed = 20261123;

static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static int failed(void)
{
    fprintf(stderr, "torture: %s\n", foam_reason());
    return 1;
}

static int write_tensors(foam_node *node, char **args)
{
    int64_t most = strtoll(args[1], NULL, 10);
    foam_spec spec = foam_spec_of(args[0], FOAM_I64, 1, &most);
    spec.slots = (uint32_t) strtoul(args[2], NULL, 10);
    spec.max_readers = (uint32_t) strtoul(args[3], NULL, 10);
    uint64_t commits = strtoull(args[4], NULL, 10);
    useconds_t pace_us = (useconds_t) strtoul(args[5], NULL, 10);
    spec.checksum = strcmp(args[6], "true") == 0 ? FOAM_CRC32C : FOAM_UNCHECKED;
    foam_publication *publication;
    if (foam_publish(node, &spec, &publication) != FOAM_OK) {
        return failed();
    }
    while (!foam_stopping() && (commits == 0 || foam_published_sequence(publication) < commits)) {
        uint64_t sequence = foam_published_sequence(publication) + 1;
        int64_t words = 1 + (int64_t) (next_random() % (uint64_t) most);
        void *data;
        if (foam_claim(publication, &data) != FOAM_OK) {
            return failed();
        }
        if (next_random() % 16 == 0) {
            foam_abort(publication);
            continue;
        }
        for (int64_t i = 0; i < words; i++) {
            ((uint64_t *) data)[i] = sequence * MIX + 8 * (uint64_t) i;
        }
        if (foam_shape(publication, 1, &words) != FOAM_OK || foam_commit(publication, sequence, foam_now_ns()) != FOAM_OK) {
            return failed();
        }
        if (pace_us > 0) {
            usleep(pace_us);
        }
    }
    printf("commits=%" PRIu64 "\n", foam_published_sequence(publication));
    return 0;
}

static bool is_whole(const foam_lease *lease)
{
    const uint64_t *words = (const uint64_t *) lease->data;
    for (uint64_t i = 0; i < lease->bytes / 8; i++) {
        if (words[i] != lease->sequence * MIX + 8 * i) {
            return false;
        }
    }
    return lease->frame == lease->sequence;
}

static int read_tensors(foam_node *node, char **args)
{
    foam_mode mode = strcmp(args[1], "latest") == 0 ? FOAM_LATEST : strcmp(args[1], "in-order") == 0 ? FOAM_IN_ORDER : FOAM_FROM_OLDEST;
    uint32_t behind = (uint32_t) strtoul(args[2], NULL, 10);
    uint64_t wanted = strtoull(args[3], NULL, 10);
    foam_subscription *subscription;
    if (foam_subscribe(node, args[0], mode, behind, 2, &subscription) != FOAM_OK) {
        return failed();
    }
    uint64_t reads = 0, torn = 0, back = 0, last = 0, incarnation = 0;
    const foam_lease *kept = NULL;
    while (!foam_stopping() && (wanted == 0 || reads < wanted)) {
        const foam_lease *lease;
        foam_status status = foam_poll(subscription, &lease);
        if (status == FOAM_NONE) {
            status = foam_wait(node, INT64_C(100000000));
            if (status > FOAM_NONE) {
                return failed();
            }
            continue;
        }
        if (status != FOAM_OK) {
            return failed();
        }
        back += lease->incarnation == incarnation && lease->sequence <= last;
        last = lease->sequence;
        incarnation = lease->incarnation;
        torn += !is_whole(lease);
        if (next_random() % 8192 == 0) {
            usleep(1000); /* so that the writer laps us */
        } else if (next_random() % 256 == 0) {
            usleep(0);
        }
        torn += !is_whole(lease);
        reads++;
        if (kept != NULL) {
            torn += !is_whole(kept); /* a second lease, held over the next poll */
            foam_lease_end(kept);
            kept = NULL;
        }
        if (next_random() % 4 == 0) {
            kept = lease;
        } else {
            foam_lease_end(lease);
        }
    }
    if (kept != NULL) {
        foam_lease_end(kept);
    }
    printf("reads=%" PRIu64 " torn=%" PRIu64 " back=%" PRIu64 " missed=%" PRIu64 "\n", reads, torn + foam_torn(subscription), back,
            foam_missed(subscription));
    return 0;
}

int main(int argc, char **argv)
{
    foam_options options = {NULL, NULL, "toy", "c"};
    foam_node *node;
    bool is_writer = argc == 9 && strcmp(argv[1], "write") == 0;
    if (!is_writer && !(argc == 6 && strcmp(argv[1], "read") == 0)) {
        fprintf(stderr, "torture: bad arguments\n");
        return 2;
    }
    foam_stop_on_signals();
    if (foam_join(&options, &node) != FOAM_OK) {
        return failed();
    }
    seed ^= foam_incarnation(node) * MIX;
    int code = is_writer ? write_tensors(node, argv + 2) : read_tensors(node, argv + 2);
    fflush(stdout);
    foam_leave(node, code == 0);
    return code;
}
