/*
 * Flux Foam for C and C++: join a foam as a node, read its streams in place, write streams of your own.
 *
 * Linux, 64 bits, gcc or clang. One header, one source file, nothing to link but the C library. The bytes that processes share are
 * described in docs/MEMORY-LAYOUT.md, and what is promised of lifetimes and memory order in docs/CLIENTS.md.
 *
 * A node and all that comes from it belong to one thread, but for foam_beat, foam_count, foam_set, foam_record, foam_lease_keep and
 * foam_lease_end, which any thread may call. Errors are values; the reason of the last one of this thread is in foam_reason().
 * Nothing here ends the process, prints, or installs a signal handler unless it is asked to.
 */
#ifndef FOAM_H
#define FOAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What came of a call. Only FOAM_OK is 0. */
typedef enum foam_status {
    FOAM_OK = 0,
    /** Nothing to lease, nothing rang, no such thing (yet). */
    FOAM_NONE = 1,
    /** The arguments make no sense, or no sense at this moment. */
    FOAM_INVALID = 2,
    /** A living process has the node's name. */
    FOAM_TAKEN = 3,
    /** A file or the foam is not ours alone. */
    FOAM_REFUSED = 4,
    FOAM_CORRUPT = 5,
    FOAM_TOO_OLD = 6,
    FOAM_TOO_NEW = 7,
    /** Its creator has not finished it yet. */
    FOAM_BEING_CREATED = 8,
    /** No lane, no slot, no room on the device; more leases open than asked for. */
    FOAM_FULL = 9,
    FOAM_IO = 10,
    /** The node's mark, or the whole foam, was removed under it. */
    FOAM_GONE = 11
} foam_status;

typedef enum foam_dtype {
    FOAM_U8 = 1,
    FOAM_I32 = 2,
    FOAM_I64 = 3,
    FOAM_F16 = 4,
    FOAM_BF16 = 5,
    FOAM_F32 = 6,
    FOAM_F64 = 7
} foam_dtype;

/** Which commits a subscription gets. */
typedef enum foam_mode {
    /** The newest one; what came in between is missed. */
    FOAM_LATEST = 0,
    /** Each in its order, as long as its slot is not taken again; begins with the newest one. */
    FOAM_IN_ORDER = 1,
    /** The same, from the oldest one that is still there. */
    FOAM_FROM_OLDEST = 2
} foam_mode;

typedef enum foam_checksum { FOAM_UNCHECKED = 0, FOAM_CRC32C = 1 } foam_checksum;

typedef enum foam_state { FOAM_ALIVE = 0, FOAM_STALLED = 1, FOAM_DEAD = 2, FOAM_STOPPED = 3 } foam_state;

enum { FOAM_MAX_RANK = 8, FOAM_MAX_LEASES = 8, FOAM_NAME_BYTES = 65 };

typedef struct foam_node foam_node;
typedef struct foam_publication foam_publication;
typedef struct foam_subscription foam_subscription;
/** A number in the node's counters file that everybody can read. */
typedef struct foam_counter foam_counter;

typedef struct foam_options {
    /** NULL: $FOAM_DIR, else /dev/shm/foam-UID. Made if it is not there. */
    const char *directory;
    /** NULL: $FOAM_NAME. 1 to 48 of a-z, 0-9, '-', first a letter. */
    const char *name;
    /** NULL: "tool". */
    const char *role;
    /** What the node's card says it is written in; NULL: "c". */
    const char *language;
} foam_options;

/** What a stream carries. */
typedef struct foam_spec {
    char stream[FOAM_NAME_BYTES];
    foam_dtype dtype;
    uint32_t rank;
    int64_t shape[FOAM_MAX_RANK];
    uint32_t slots;
    uint32_t max_readers;
    foam_checksum checksum;
    /** "host" or "cuda:N"; only read, what we publish is on the host. */
    char device[FOAM_NAME_BYTES];
} foam_spec;

/** A slot that may be read. It keeps its bytes until the lease has ended. */
typedef struct foam_lease {
    /** In our mapping of the stream, which is read-only. NULL if the payload is in a GPU's memory. */
    const void *data;
    uint64_t bytes;
    foam_dtype dtype;
    uint32_t rank;
    int64_t shape[FOAM_MAX_RANK];
    uint64_t frame;
    /** CLOCK_MONOTONIC. */
    int64_t captured_ns;
    int64_t tag;
    uint64_t sequence;
    /** Of the writer. */
    uint64_t incarnation;
    /** In a GPU's memory: where the tensor is in the arena that foam_gpu_payload names. */
    uint64_t device_offset;
} foam_lease;

/** Where the payload of a stream in a GPU's memory is: what cuIpcOpenMemHandle takes. */
typedef struct foam_gpu {
    uint8_t uuid[16];
    uint8_t ipc_handle[64];
    uint64_t arena_bytes;
} foam_gpu;

typedef struct foam_peer {
    char name[FOAM_NAME_BYTES];
    char role[FOAM_NAME_BYTES];
    char device[FOAM_NAME_BYTES];
    foam_state state;
    uint64_t incarnation;
    int64_t pid;
    int64_t heartbeat_age_ns;
} foam_peer;

/** Why the last call of this thread that did not return FOAM_OK did not: one line with the values in it. */
const char *foam_reason(void);

/* ---- A node ---------------------------------------------------------------------------------------------------------------- */

/** Takes the name in its foam and begins a new incarnation. What older incarnations of the name left is removed. */
foam_status foam_join(const foam_options *options, foam_node **node);

/** Says something of the node in its card: key of letters, digits and . _ -, at most 256 of them. Before the start. */
foam_status foam_attribute(foam_node *node, const char *key, const char *value);

/**
 * Says in the card that the node will read NODE/STREAM, or STREAM of any node with a star for NODE; subscriptions made before the start
 * say it themselves.
 */
foam_status foam_reads(foam_node *node, const char *target);

/** Ends the declarations and shows the card to the peers. The first claim or poll does it too. */
foam_status foam_start(foam_node *node);

/**
 * A turn of the node's duty cycle: its heart beats, and some times a second it looks at its peers, joins what its subscriptions
 * ask for, frees the lanes of the dead, and removes what they left. foam_poll, foam_claim and foam_wait take it along, so a node
 * that reads or writes need not call it. A node that takes no turn for two seconds is STALLED, which nobody is punished for.
 */
foam_status foam_turn(foam_node *node);

/** Only the heartbeat: for another thread, while this one computes for seconds. */
void foam_beat(foam_node *node);

/**
 * Sleeps until a stream that the node subscribes to has a commit that its last poll did not see, or the time is over (FOAM_NONE).
 * It cannot sleep through a commit. A signal ends it with FOAM_NONE.
 */
foam_status foam_wait(foam_node *node, int64_t timeout_ns);

/**
 * Leaves the foam. Cleanly: the mark says STOPPED; else, for a node that failed, it looks like a death. Leases that are still open
 * keep their bytes: a private copy is put in their place. The node is gone afterwards, and all that came from it but those leases.
 */
void foam_leave(foam_node *node, bool cleanly);

/** In a child that was forked without exec: lets go of the lock, so that the parent's death is seen. The node is of no use there. */
void foam_forked(foam_node *node);

const char *foam_name(const foam_node *node);
const char *foam_directory(const foam_node *node);
uint64_t foam_incarnation(const foam_node *node);

/** SIGTERM, SIGINT and SIGHUP from now on only make foam_stopping() true, and end a foam_wait. */
void foam_stop_on_signals(void);
bool foam_stopping(void);

/** CLOCK_MONOTONIC, which all times here are of. */
int64_t foam_now_ns(void);

/* ---- What the others can see ------------------------------------------------------------------------------------------------ */

/** A counter of this label, of 0 if it is new. Never NULL: beyond the file's room it counts where nobody sees it. */
foam_counter *foam_counter_of(foam_node *node, const char *label);
/** A gauge: a number with a fraction, NaN if it is new. */
foam_counter *foam_gauge_of(foam_node *node, const char *label);
void foam_count(foam_counter *counter, int64_t more);
void foam_set(foam_counter *counter, int64_t value);
void foam_set_gauge(foam_counter *gauge, double value);
int64_t foam_value(const foam_counter *counter);

/** Records an error in the node's error log: distinct ones once, with a count. */
void foam_record(foam_node *node, const char *error);

/** All peers that were seen, at most `most` of them written; returns how many there are. */
size_t foam_peers(foam_node *node, foam_peer *peers, size_t most);

/** The card of a peer's newest incarnation as JSON, to be freed; FOAM_NONE while there is none. */
foam_status foam_card(foam_node *node, const char *peer, char **json);

/**
 * A text or number in a JSON text, by a path such as "attributes/sensor" or "streams/0/maxShape/1", as text. FOAM_NONE if it is not
 * there, FOAM_FULL if it does not fit.
 */
foam_status foam_json(const char *json, const char *path, char *text, size_t capacity);

/* ---- Reading ---------------------------------------------------------------------------------------------------------------- */

/**
 * Reads NODE/STREAM through all of its writer's lives: it may not be there yet, die, and come back.
 *
 * behind: commits to stay behind the newest one at least. leases: how many may be open at one time, 1 to FOAM_MAX_LEASES; each takes
 * a lane of the stream when it is first needed.
 */
foam_status foam_subscribe(
        foam_node *node, const char *target, foam_mode mode, uint32_t behind, uint32_t leases, foam_subscription **subscription);

/** Looks now whether the stream is there, for a node whose own streams depend on what it carries: does not start the node. */
foam_status foam_look(foam_subscription *subscription);

/** Ends it. Leases that are open stay until they are ended. */
void foam_unsubscribe(foam_subscription *subscription);

/** Leases the next commit by the mode. FOAM_NONE if there is none, FOAM_FULL if as many leases are open as were asked for. */
foam_status foam_poll(foam_subscription *subscription, const foam_lease **lease);

/** One more end that the lease waits for. */
void foam_lease_keep(const foam_lease *lease);

/** Ends a lease; the bytes are the writer's again. */
void foam_lease_end(const foam_lease *lease);

/** What the stream carries; FOAM_NONE while it is not there. */
foam_status foam_subscribed(const foam_subscription *subscription, foam_spec *spec);

/** Where the payload is if it is in a GPU's memory; else FOAM_NONE. Work that reads a slot has to be done before its lease ends. */
foam_status foam_gpu_payload(const foam_subscription *subscription, foam_gpu *gpu);

/** Our mapping of the payload of the stream that is open now; NULL if none is. */
const void *foam_mapping(const foam_subscription *subscription, uint64_t *bytes);

/** Incarnation of the writer whose stream is open, 0 if none is. */
uint64_t foam_subscribed_incarnation(const foam_subscription *subscription);
/** Commits that went by unread, over all incarnations. */
uint64_t foam_missed(const foam_subscription *subscription);
/** Commits that came after the last one leased. */
uint64_t foam_behind(const foam_subscription *subscription);
/** Commits whose bytes did not have their checksum; they are not given out. */
uint64_t foam_torn(const foam_subscription *subscription);

/* ---- Writing ---------------------------------------------------------------------------------------------------------------- */

/** A stream of this type and largest shape, with default slots and readers, guarded by CRC-32C. */
foam_spec foam_spec_of(const char *stream, foam_dtype dtype, uint32_t rank, const int64_t *shape);

/** Creates a stream of this node's. Before the start. Slots and readers of 0 are the defaults. */
foam_status foam_publish(foam_node *node, const foam_spec *spec, foam_publication **publication);

/** Takes the next slot that nobody reads; its bytes, of the size of the largest shape, are yours until commit or abort. */
foam_status foam_claim(foam_publication *publication, void **data);

/** Sets a smaller shape than the largest one. */
foam_status foam_shape(foam_publication *publication, uint32_t rank, const int64_t *shape);

/** Sets a number of the stream's own meaning; 0 if it is not set. */
foam_status foam_tag(foam_publication *publication, int64_t tag);

/** Makes the slot the newest of its stream. */
foam_status foam_commit(foam_publication *publication, uint64_t frame, int64_t captured_ns);

/** Gives the slot up. Nobody sees it. Harmless without a claim. */
void foam_abort(foam_publication *publication);

/**
 * The addresses of its slots stay good when the node has left: of memory then that nobody sees. For languages in which somebody may
 * still hold a view of a slot. The addresses are never given back.
 */
void foam_keep_addresses(foam_publication *publication);

/** What the stream carries, defaults filled in. */
const foam_spec *foam_published(const foam_publication *publication);
/** Sequence of the newest commit, 0 before the first. */
uint64_t foam_published_sequence(const foam_publication *publication);

/** Bytes of one element. */
uint64_t foam_dtype_bytes(foam_dtype dtype);

#ifdef __cplusplus
}
#endif
#endif
