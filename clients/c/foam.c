/*
 * See foam.h. The protocol is that of node-sdk's WriterProtocol and ReaderProtocol, store for store; why it holds is told there and
 * in docs/PROOFS.md.
 *
 * Shared words are accessed by the __atomic builtins of gcc and clang: they are C11's memory model, for plain words in a mapping, and
 * the same in C++.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "foam.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if !defined(__linux__) || !defined(__LP64__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "a foam is for Linux on 64 bits, little-endian"
#endif

/* ---- Layout: generated from clients/layout.json by LayoutTest (-Dlayout=write) ------------------------------------------------ */
/* LAYOUT BEGIN */
#define MARK_MAGIC UINT64_C(0x4B52414D4D414F46) /* "FOAMMARK" */
#define MARK_VERSION 1
#define MARK_BYTES 4096
#define MARK_MAGIC_AT 0
#define MARK_VERSION_AT 8
#define MARK_PHASE_AT 12
#define MARK_INCARNATION_AT 16
#define MARK_PID_AT 24
#define MARK_STARTED_AT 32
#define MARK_HEARTBEAT_AT 40
#define MARK_PHASE_BEFORE_AT 48
#define MARK_NODE_AT 64
#define MARK_ROLE_AT 128
#define MARK_DEVICE_AT 192
#define MARK_COMMAND_BYTES_AT 256
#define MARK_COMMAND_AT 260
#define COUNTERS_MAGIC UINT64_C(0x52544E434D414F46) /* "FOAMCNTR" */
#define COUNTERS_VERSION 1
#define COUNTERS_BYTES 4096
#define COUNTERS_MAGIC_AT 0
#define COUNTERS_VERSION_AT 8
#define COUNTERS_CAPACITY_AT 12
#define COUNTERS_INCARNATION_AT 16
#define COUNTERS_ERROR_LOG_BYTES_AT 24
#define COUNTER_META_BYTES 512
#define COUNTER_META_STATE_AT 0
#define COUNTER_META_TYPE_AT 4
#define COUNTER_META_FREE_AT 8
#define COUNTER_META_LABEL_BYTES_AT 128
#define COUNTER_META_LABEL_AT 132
#define COUNTER_VALUE_BYTES 128
#define COUNTER_VALUE_VALUE_AT 0
#define ERROR_LENGTH_AT 0
#define ERROR_COUNT_AT 4
#define ERROR_LAST_AT 8
#define ERROR_FIRST_AT 16
#define ERROR_TEXT_AT 24
#define TRAILER_MAGIC UINT64_C(0x494E414D4D414F46) /* "FOAMMANI" */
#define TRAILER_VERSION 1
#define TRAILER_BYTES 32
#define TRAILER_BODY_BYTES_AT 0
#define TRAILER_CRC_AT 8
#define TRAILER_ENCODING_AT 12
#define TRAILER_VERSION_AT 16
#define TRAILER_NOT_VERSION_AT 20
#define TRAILER_MAGIC_AT 24
#define STREAM_MAGIC UINT64_C(0x4D5254534D414F46) /* "FOAMSTRM" */
#define STREAM_VERSION 1
#define STREAM_BYTES 1024
#define STREAM_MAGIC_AT 0
#define STREAM_VERSION_AT 8
#define STREAM_DTYPE_AT 12
#define STREAM_RANK_AT 16
#define STREAM_SLOTS_AT 20
#define STREAM_MAX_READERS_AT 24
#define STREAM_CHECKSUM_AT 28
#define STREAM_SLOT_BYTES_AT 32
#define STREAM_SLOT_STRIDE_AT 40
#define STREAM_PAYLOAD_BYTES_AT 48
#define STREAM_INDEX_LENGTH_AT 56
#define STREAM_SHAPE_AT 64
#define STREAM_INCARNATION_AT 128
#define STREAM_CREATED_AT 136
#define STREAM_CONTROL_BYTES_AT 144
#define STREAM_NODE_AT 192
#define STREAM_STREAM_AT 256
#define STREAM_PAYLOAD_NAME_AT 320
#define STREAM_DEVICE_AT 512
#define STREAM_LATEST_AT 1024
#define STREAM_DOORBELL_AT 1152
#define STREAM_RATE_AT 1280
#define STREAM_ABORTED_AT 1288
#define STREAM_ORPHANED_AT 1296
#define STREAM_INDEX_AT 1408
#define SLOT_BYTES 128
#define SLOT_READY_AT 0
#define SLOT_FRAME_AT 8
#define SLOT_CAPTURED_AT 16
#define SLOT_PUBLISHED_AT 24
#define SLOT_TAG_AT 32
#define SLOT_PAYLOAD_BYTES_AT 40
#define SLOT_CHECKSUM_AT 48
#define SLOT_RANK_AT 52
#define SLOT_SHAPE_AT 64
#define LANE_BYTES 128
#define LANE_OWNER_AT 0
#define LANE_LEASE_ID_AT 8
#define LANE_HELD_AT 16
#define LANE_DONE_AT 24
#define LANE_SLEEPING_AT 64
#define GPU_MAGIC UINT64_C(0x414455434D414F46) /* "FOAMCUDA" */
#define GPU_VERSION 1
#define GPU_BYTES 128
#define GPU_MAGIC_AT 0
#define GPU_VERSION_AT 8
#define GPU_ARENA_BYTES_AT 16
#define GPU_OFFSET_AT 24
#define GPU_PAYLOAD_BYTES_AT 32
#define GPU_UUID_AT 40
#define GPU_IPC_HANDLE_AT 64
#define REPLAY_MAGIC UINT64_C(0x594C50524D414F46) /* "FOAMRPLY" */
#define REPLAY_VERSION 2
#define REPLAY_BYTES 4096
#define REPLAY_MAGIC_AT 0
#define REPLAY_VERSION_AT 8
#define REPLAY_FILE_BYTES_AT 16
#define REPLAY_MEANING_AT 64
/* LAYOUT END */

enum {
    PHASE_RUNNING = 1,
    PHASE_STOPPED = 2,
    COUNTERS_CAPACITY = 256,
    ERROR_LOG_BYTES = 64 * 1024,
    COUNTER_LONG = 1,
    COUNTER_DOUBLE = 2,
    MAX_LABEL_BYTES = 380,
    ENCODING_JSON = 1,
    PAGE_BYTES = 4096,
    LINE_BYTES = 64,
    DEFAULT_READERS = 8,
    DEFAULT_HISTORY = 6,
    MAX_LANES = 1024,
    MAX_SLOTS = 1 << 15,
    MAX_RACES = 64,
    MAX_PASSES = 64,
    MAX_CARD_BYTES = 16 << 20,
    MAX_ATTRIBUTES = 256,
    MAX_ATTRIBUTE_BYTES = 8192,
    MAX_STREAMS = 256,
    MAX_TARGET_BYTES = 120,
    FILE_NAME_BYTES = 256,
    PATH_BYTES = 4096,
    RATE_SAMPLES = 16
};

#define MAX_INCARNATION ((UINT64_C(1) << 24) - 1)
#define HASH_BITS 40
#define HASH_MASK ((UINT64_C(1) << HASH_BITS) - 1)
#define SLOT_BITS 16
#define MAX_SLOT_BYTES (UINT64_C(1) << 32)
#define SECOND_NS INT64_C(1000000000)
#define CONTROL_EVERY_NS INT64_C(50000000)
#define QUIET_CONTROL_EVERY_NS INT64_C(400000000)
#define QUIET_AFTER_NS SECOND_NS
#define SWEEP_EVERY_NS SECOND_NS
#define RETRY_NS SECOND_NS
#define STALL_NS (2 * SECOND_NS)
#define RATE_WINDOW_NS (2 * SECOND_NS)

/* ---- Deaths, for the tests --------------------------------------------------------------------------------------------------- */

/*
 * With FOAM_DEATHS the process dies just before the store that FOAM_DIE_AT names, as STEP.N: the N-th store of a step, at the time
 * FOAM_DIE_TIME of its being reached. With FOAM_DEATH_POINTS it writes all points that it passes to that file at its end.
 */
#ifdef FOAM_DEATHS
enum { MAX_POINTS = 256 };
static __thread const char *step_name = "none";
static __thread int step_store;
static struct { char name[48]; int times; } points[MAX_POINTS];
static int point_count;

static void write_points(void)
{
    const char *path = getenv("FOAM_DEATH_POINTS");
    FILE *file = path == NULL ? NULL : fopen(path, "w");
    for (int i = 0; file != NULL && i < point_count; i++) {
        fprintf(file, "%s %d\n", points[i].name, points[i].times);
    }
    if (file != NULL) {
        fclose(file);
    }
}

static void death_point(void)
{
    char name[48];
    snprintf(name, sizeof name, "%s.%d", step_name, ++step_store);
    int i = 0;
    while (i < point_count && strcmp(points[i].name, name) != 0) {
        i++;
    }
    if (i == point_count && i < MAX_POINTS) {
        if (i == 0) {
            atexit(write_points);
        }
        snprintf(points[i].name, sizeof points[i].name, "%s", name);
        point_count++;
    }
    const char *die_at = getenv("FOAM_DIE_AT");
    const char *die_time = getenv("FOAM_DIE_TIME");
    if (i < MAX_POINTS && ++points[i].times == (die_time == NULL ? 1 : atoi(die_time)) && die_at != NULL && strcmp(die_at, name) == 0) {
        kill(getpid(), SIGKILL);
    }
}
#define STEP(name) (step_name = (name), step_store = 0)
#define POINT() death_point()
#else
#define STEP(name) ((void) 0)
#define POINT() ((void) 0)
#endif

/* ---- Words ------------------------------------------------------------------------------------------------------------------- */

static uint64_t get64(const void *base, uint64_t at)
{
    return __atomic_load_n((const uint64_t *) ((const char *) base + at), __ATOMIC_RELAXED);
}

static uint64_t get64_acquire(const void *base, uint64_t at)
{
    return __atomic_load_n((const uint64_t *) ((const char *) base + at), __ATOMIC_ACQUIRE);
}

static uint32_t get32(const void *base, uint64_t at)
{
    return __atomic_load_n((const uint32_t *) ((const char *) base + at), __ATOMIC_RELAXED);
}

static uint32_t get32_acquire(const void *base, uint64_t at)
{
    return __atomic_load_n((const uint32_t *) ((const char *) base + at), __ATOMIC_ACQUIRE);
}

static void set64(void *base, uint64_t at, uint64_t value)
{
    POINT();
    __atomic_store_n((uint64_t *) ((char *) base + at), value, __ATOMIC_RELAXED);
}

static void set64_release(void *base, uint64_t at, uint64_t value)
{
    POINT();
    __atomic_store_n((uint64_t *) ((char *) base + at), value, __ATOMIC_RELEASE);
}

static void set32(void *base, uint64_t at, uint32_t value)
{
    POINT();
    __atomic_store_n((uint32_t *) ((char *) base + at), value, __ATOMIC_RELAXED);
}

static void set32_release(void *base, uint64_t at, uint32_t value)
{
    POINT();
    __atomic_store_n((uint32_t *) ((char *) base + at), value, __ATOMIC_RELEASE);
}

static bool compare_and_set(void *base, uint64_t at, uint64_t expected, uint64_t value)
{
    POINT();
    return __atomic_compare_exchange_n(
            (uint64_t *) ((char *) base + at), &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static void full_fence(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* ---- Errors, clocks, texts --------------------------------------------------------------------------------------------------- */

static __thread char reason[512] = "";

const char *foam_reason(void)
{
    return reason;
}

static foam_status fail(foam_status status, const char *format, ...) __attribute__((format(printf, 2, 3)));

static foam_status fail(foam_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    for (char *at = reason; *at != '\0'; at++) {
        if ((unsigned char) *at < ' ') {
            *at = '?';
        }
    }
    return status;
}

static foam_status fail_errno(const char *what, const char *path)
{
    int error = errno;
    return fail(error == ENOSPC ? FOAM_FULL : error == ENOENT ? FOAM_NONE : FOAM_IO, "%s: path=%s errno=%d %s",
            error == ENOSPC ? "no space left" : what, path, error, strerror(error));
}

static int64_t clock_ns(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t) time.tv_sec * SECOND_NS + time.tv_nsec;
}

int64_t foam_now_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

static uint64_t now_millis(void)
{
    return (uint64_t) (clock_ns(CLOCK_REALTIME) / 1000000);
}

/* Into a field of zeros; what does not fit is cut. */
static void put_text(char *field, size_t bytes, const char *text)
{
    size_t length = strnlen(text, bytes);
    memset(field, 0, bytes);
    memcpy(field, text, length);
}

/* What is there already is not written again: somebody may be reading it. */
static void put_text_if_other(void *base, uint64_t at, const char *text)
{
    char field[64];
    put_text(field, sizeof field, text);
    if (memcmp((char *) base + at, field, sizeof field) != 0) {
        POINT();
        memcpy((char *) base + at, field, sizeof field);
    }
}

static void get_text(char *text, const void *base, uint64_t at, size_t bytes)
{
    memcpy(text, (const char *) base + at, bytes);
    text[bytes] = '\0';
}

static bool is_name_of(const char *name, size_t length)
{
    if (length < 1 || length > 48 || name[0] < 'a' || name[0] > 'z') {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        char c = name[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
            return false;
        }
    }
    return true;
}

/* A mirror's name may have its box behind it: NAME@BOX. */
static bool is_node_name_of(const char *name, size_t length)
{
    const char *at = (const char *) memchr(name, '@', length);
    size_t box = at == NULL ? 0 : length - (size_t) (at - name) - 1;
    return at == NULL ? is_name_of(name, length)
                      : is_name_of(name, (size_t) (at - name)) && box <= 15 && is_name_of(at + 1, box);
}

static bool is_name(const char *name)
{
    return name != NULL && is_name_of(name, strnlen(name, 49));
}

static foam_status require_name(const char *what, const char *name)
{
    return is_name(name) ? FOAM_OK
                         : fail(FOAM_INVALID, "%s name must be 1 to 48 of a-z, 0-9, '-', first a letter: \"%.60s\"", what,
                                   name == NULL ? "" : name);
}

static uint64_t hash_of(const char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *name != '\0'; name++) {
        hash = (hash ^ (uint64_t) (unsigned char) *name) * UINT64_C(0x100000001b3);
    }
    return (hash ^ hash >> HASH_BITS) & HASH_MASK;
}

static uint64_t owner_of(const char *name, uint64_t incarnation)
{
    return incarnation << HASH_BITS | hash_of(name);
}

static uint64_t stamp_of(uint64_t sequence, uint32_t slot)
{
    return sequence << SLOT_BITS | slot;
}

static uint64_t sequence_of(uint64_t stamp)
{
    return stamp >> SLOT_BITS;
}

static uint32_t slot_of(uint64_t stamp)
{
    return (uint32_t) (stamp & ((1u << SLOT_BITS) - 1));
}

/* ---- CRC-32C ----------------------------------------------------------------------------------------------------------------- */

static uint32_t crc_table[8][256];
static int crc_ready;

static void crc_prepare(void)
{
    if (__atomic_load_n(&crc_ready, __ATOMIC_ACQUIRE)) {
        return;
    }
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
        }
        __atomic_store_n(&crc_table[0][i], crc, __ATOMIC_RELAXED);
    }
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = crc_table[0][i];
        for (int k = 1; k < 8; k++) {
            crc = crc >> 8 ^ crc_table[0][crc & 0xff];
            __atomic_store_n(&crc_table[k][i], crc, __ATOMIC_RELAXED);
        }
    }
    __atomic_store_n(&crc_ready, 1, __ATOMIC_RELEASE);
}

static uint32_t crc_by_table(uint32_t crc, const unsigned char *at, size_t bytes)
{
    for (; bytes >= 8; at += 8, bytes -= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        word ^= crc;
        crc = crc_table[7][word & 0xff] ^ crc_table[6][word >> 8 & 0xff] ^ crc_table[5][word >> 16 & 0xff]
                ^ crc_table[4][word >> 24 & 0xff] ^ crc_table[3][word >> 32 & 0xff] ^ crc_table[2][word >> 40 & 0xff]
                ^ crc_table[1][word >> 48 & 0xff] ^ crc_table[0][word >> 56];
    }
    for (; bytes > 0; at++, bytes--) {
        crc = crc >> 8 ^ crc_table[0][(crc ^ *at) & 0xff];
    }
    return crc;
}

#if defined(__x86_64__)
/* Three streams at once, since the instruction takes three cycles and one may begin in each; joined by tables of zeros appended. */
enum { CRC_LANE_BYTES = 4096 };
static uint32_t crc_shift[4][256];

static uint32_t crc_times(uint32_t a, uint32_t b)
{
    uint32_t product = 0;
    for (uint32_t bit = 1u << 31; bit != 0; bit >>= 1) {
        product ^= a & bit ? b : 0;
        b = b >> 1 ^ (b & 1 ? 0x82f63b78u : 0);
    }
    return product;
}

static uint32_t crc_shifted(uint32_t crc)
{
    return crc_shift[0][crc & 0xff] ^ crc_shift[1][crc >> 8 & 0xff] ^ crc_shift[2][crc >> 16 & 0xff] ^ crc_shift[3][crc >> 24];
}

static void crc_prepare_lanes(void)
{
    static int ready;
    if (__atomic_load_n(&ready, __ATOMIC_ACQUIRE)) {
        return;
    }
    uint32_t power = 1u << 30; /* x^1, bits reflected; squared to x^(8 * CRC_LANE_BYTES) */
    for (int i = 0; i < 15; i++) {
        power = crc_times(power, power);
    }
    for (int k = 0; k < 4; k++) {
        for (uint32_t i = 0; i < 256; i++) {
            __atomic_store_n(&crc_shift[k][i], crc_times(power, i << 8 * k), __ATOMIC_RELAXED);
        }
    }
    __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
}

__attribute__((target("sse4.2"))) static uint32_t crc_by_instruction(uint32_t first, const unsigned char *at, size_t bytes)
{
    uint64_t crc = first;
    for (; bytes >= 3 * CRC_LANE_BYTES; at += 3 * CRC_LANE_BYTES, bytes -= 3 * CRC_LANE_BYTES) {
        uint64_t second = 0;
        uint64_t third = 0;
        for (size_t i = 0; i < CRC_LANE_BYTES; i += 8) {
            uint64_t a, b, c;
            memcpy(&a, at + i, 8);
            memcpy(&b, at + CRC_LANE_BYTES + i, 8);
            memcpy(&c, at + 2 * CRC_LANE_BYTES + i, 8);
            crc = __builtin_ia32_crc32di(crc, a);
            second = __builtin_ia32_crc32di(second, b);
            third = __builtin_ia32_crc32di(third, c);
        }
        crc = crc_shifted((uint32_t) crc) ^ second;
        crc = crc_shifted((uint32_t) crc) ^ third;
    }
    for (; bytes >= 8; at += 8, bytes -= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        crc = __builtin_ia32_crc32di(crc, word);
    }
    for (; bytes > 0; at++, bytes--) {
        crc = __builtin_ia32_crc32qi((uint32_t) crc, *at);
    }
    return (uint32_t) crc;
}
#endif

static uint32_t crc32c(const void *data, size_t bytes)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) {
        crc_prepare_lanes();
        return ~crc_by_instruction(~0u, (const unsigned char *) data, bytes);
    }
#endif
    crc_prepare();
    return ~crc_by_table(~0u, (const unsigned char *) data, bytes);
}

/* ---- Files ------------------------------------------------------------------------------------------------------------------- */

static void path_of(char *path, const char *directory, const char *file)
{
    snprintf(path, PATH_BYTES, "%s/%s", directory, file);
}

/* Name of a file of one incarnation of a node. */
static void file_of(char *path, const char *directory, const char *dot, const char *node, uint64_t incarnation, const char *suffix)
{
    snprintf(path, PATH_BYTES, "%s/%s%s.%" PRIu64 ".%s", directory, dot, node, incarnation, suffix);
}

/* Refuses links, folders, files of another user and files that others may write. */
static foam_status open_owned(const char *path, int flags, int *fd)
{
    struct stat facts;
    if (lstat(path, &facts) != 0) {
        return fail_errno("no such file", path);
    }
    if (!S_ISREG(facts.st_mode)) { /* opening a named pipe would wait for a writer */
        return fail(FOAM_REFUSED, "not a regular file: path=%s", path);
    }
    *fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW);
    if (*fd < 0) {
        return errno == ELOOP ? fail(FOAM_REFUSED, "not a regular file: path=%s (a symbolic link)", path)
                              : fail_errno("open failed", path);
    }
    if (fstat(*fd, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_uid != geteuid() || (facts.st_mode & 0022) != 0) {
        close(*fd);
        *fd = -1;
        return facts.st_uid != geteuid()
                ? fail(FOAM_REFUSED, "file of another user: path=%s uid=%u ours=%u", path, facts.st_uid, geteuid())
                : fail(FOAM_REFUSED, "file is writable by others: path=%s mode=%o", path, facts.st_mode);
    }
    return FOAM_OK;
}

static bool is_same_file(int fd, const char *path)
{
    struct stat opened;
    struct stat named;
    return fstat(fd, &opened) == 0 && lstat(path, &named) == 0 && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

static struct flock whole_file(void)
{
    struct flock lock;
    memset(&lock, 0, sizeof lock);
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

static bool try_lock(int fd)
{
    struct flock lock = whole_file();
    return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

/* Whether another open file description holds the lock; if that cannot be asked, it is held: nobody loses a lease by our trouble. */
static bool is_locked(int fd)
{
    struct flock lock = whole_file();
    return fcntl(fd, F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
}

/* Real bytes, so that a full device is an error here and not a SIGBUS at the first store. */
static foam_status allocate(int fd, const char *path, uint64_t bytes)
{
    int error;
    do {
        error = posix_fallocate(fd, 0, (off_t) bytes);
    } while (error == EINTR);
    if (error != 0) {
        errno = error;
        return fail_errno("fallocate failed", path);
    }
    return FOAM_OK;
}

typedef struct {
    void *base;
    uint64_t bytes;
} mapping;

static foam_status map_file(int fd, const char *path, int protection, mapping *map)
{
    struct stat facts;
    if (fstat(fd, &facts) != 0) {
        return fail_errno("fstat failed", path);
    }
    if (facts.st_size == 0) {
        return fail(FOAM_BEING_CREATED, "being created: path=%s bytes=0", path);
    }
    void *base = mmap(NULL, (size_t) facts.st_size, protection, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED) {
        return fail_errno("mmap failed", path);
    }
    map->base = base;
    map->bytes = (uint64_t) facts.st_size;
    return FOAM_OK;
}

static foam_status map_existing(const char *path, bool for_writing, mapping *map)
{
    int fd = -1;
    foam_status status = open_owned(path, for_writing ? O_RDWR : O_RDONLY, &fd);
    if (status == FOAM_OK) {
        status = map_file(fd, path, for_writing ? PROT_READ | PROT_WRITE : PROT_READ, map);
        close(fd);
    }
    return status;
}

static foam_status map_new(const char *path, uint64_t bytes, mapping *map)
{
    POINT();
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return fail_errno("cannot be created", path);
    }
    POINT();
    foam_status status = allocate(fd, path, bytes);
    if (status == FOAM_OK) {
        status = map_file(fd, path, PROT_READ | PROT_WRITE, map);
    }
    close(fd);
    if (status != FOAM_OK) {
        unlink(path);
    }
    return status;
}

static void unmap(mapping *map)
{
    if (map->base != NULL) {
        munmap(map->base, map->bytes);
        map->base = NULL;
    }
}

static void populate(const mapping *map, bool for_writing)
{
#if defined(MADV_POPULATE_READ) && defined(MADV_POPULATE_WRITE)
    madvise(map->base, map->bytes, for_writing ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
#else
    (void) map;
    (void) for_writing;
#endif
}

static foam_status check_magic(const char *path, uint64_t magic, uint64_t wanted, uint32_t version, uint32_t wanted_version)
{
    if (magic == 0) {
        return fail(FOAM_BEING_CREATED, "being created: path=%s magic=0", path);
    }
    if (magic != wanted) {
        return fail(FOAM_CORRUPT, "corrupt: path=%s magic=%" PRIx64 " wanted=%" PRIx64, path, magic, wanted);
    }
    if (version != wanted_version) {
        return fail((int32_t) version < (int32_t) wanted_version ? FOAM_TOO_OLD : FOAM_TOO_NEW, "%s: path=%s layoutVersion=%d wanted=%d",
                (int32_t) version < (int32_t) wanted_version ? "too old" : "too new", path, (int32_t) version, (int32_t) wanted_version);
    }
    return FOAM_OK;
}

/* A file NODE.N.SUFFIX of an incarnation, half-written ones with a dot before included. */
static bool is_of_incarnation(const char *file, const char *node, uint64_t *incarnation)
{
    const char *at = file[0] == '.' ? file + 1 : file;
    size_t length = strlen(node);
    if (strncmp(at, node, length) != 0 || at[length] != '.') {
        return false;
    }
    at += length + 1;
    int digits = 0;
    uint64_t number = 0;
    for (; *at >= '0' && *at <= '9' && digits < 9; at++, digits++) {
        number = 10 * number + (uint64_t) (*at - '0');
    }
    *incarnation = number;
    return digits >= 1 && digits <= 8 && at[0] == '.' && at[1] != '\0';
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* ---- The shape of things ------------------------------------------------------------------------------------------------------ */

typedef struct {
    uint32_t slots;
    uint32_t max_readers;
    uint32_t index_length;
} ring_layout;

typedef struct peer {
    char name[FOAM_NAME_BYTES];
    uint64_t hash;
    int fd;
    mapping mark;
    uint64_t incarnation;
    bool is_held;
    bool is_stopped;
    uint64_t dead_incarnation;
    struct peer *next;
} peer;

typedef struct {
    int index;
    uint64_t at;
    uint64_t lease_id;
    int ends;
    foam_lease lease;
    struct ring *of;
} lane;

/* One incarnation of a stream that we read. Lives until the subscription and the last lease have let go of it. */
typedef struct ring {
    int holders;
    int guard;
    mapping control;
    mapping payload;
    foam_spec spec;
    ring_layout layout;
    uint64_t slot_stride;
    uint64_t slot_bytes;
    uint64_t incarnation;
    uint64_t owner;
    uint64_t sequence;
    uint64_t missed;
    uint32_t behind;
    bool has_left;
    bool is_on_gpu;
    foam_gpu gpu;
    uint64_t gpu_offset;
    uint32_t lanes;
    lane lane_of[FOAM_MAX_LEASES];
    struct ring *next;
} ring;

struct foam_subscription {
    foam_node *node;
    char target[MAX_TARGET_BYTES];
    char peer[FOAM_NAME_BYTES];
    char stream[FOAM_NAME_BYTES];
    foam_mode mode;
    uint32_t behind;
    uint32_t max_leases;
    ring *current;
    bool has_joined;
    bool is_drained;
    uint64_t drained_for;
    uint64_t refused_incarnation;
    int64_t next_join_ns;
    uint64_t missed_before;
    uint64_t torn;
    uint32_t heard;
    char last_refusal[512];
    foam_counter *leases_counter;
    foam_counter *missed_counter;
    foam_counter *behind_counter;
    foam_counter *torn_counter;
    foam_counter *joins_counter;
    foam_subscription *next;
};

struct foam_publication {
    foam_node *node;
    foam_spec spec;
    ring_layout layout;
    uint64_t slot_bytes;
    uint64_t slot_stride;
    mapping control;
    mapping payload;
    char control_file[FILE_NAME_BYTES];
    char payload_file[FILE_NAME_BYTES];
    uint64_t sequence;
    int newest_slot;
    int last_taken;
    int claimed;
    bool keeps_addresses;
    uint64_t payload_bytes;
    int64_t rate_times[RATE_SAMPLES];
    uint64_t rate_counts[RATE_SAMPLES];
    int rate_samples;
    int rate_next;
    foam_publication *next;
};

struct foam_counter {
    uint64_t *value;
    uint64_t unseen;
    int type;
    char label[MAX_LABEL_BYTES + 1];
    foam_counter *next;
};

typedef struct attribute {
    char key[65];
    char *value;
    struct attribute *next;
} attribute;

struct foam_node {
    char directory[PATH_BYTES / 2];
    char name[FOAM_NAME_BYTES];
    char role[FOAM_NAME_BYTES];
    char language[FOAM_NAME_BYTES];
    uint64_t incarnation;
    uint64_t started_millis;
    int mark_fd;
    mapping mark;
    mapping counters;
    int counters_guard;
    foam_counter *first_counter;
    int counter_count;
    foam_counter *errors;
    peer *peers;
    foam_publication *publications;
    foam_subscription *subscriptions;
    /* Rings that a subscription has let go of while a lease was open. */
    ring *left_rings;
    attribute *attributes;
    char reads[MAX_ATTRIBUTE_BYTES + 1];
    bool is_started;
    bool is_forked;
    bool is_refreshed;
    struct timespec seen;
    bool is_settled;
    int64_t next_control_ns;
    int64_t next_sweep_ns;
    int64_t last_work_ns;
    uint64_t turns_with_news;
};

static uint32_t index_length_of(uint32_t slots)
{
    uint32_t length = 2;
    while (length < 2 * slots) {
        length <<= 1;
    }
    return length;
}

static uint64_t index_entry(const ring_layout *layout, uint64_t sequence)
{
    return STREAM_INDEX_AT + 8 * (sequence & (layout->index_length - 1));
}

static uint64_t slot_at(const ring_layout *layout, uint32_t slot)
{
    return STREAM_INDEX_AT + UINT64_C(8) * layout->index_length + (uint64_t) SLOT_BYTES * slot;
}

static uint64_t lane_at(const ring_layout *layout, uint32_t lane_index)
{
    return slot_at(layout, layout->slots) + (uint64_t) LANE_BYTES * lane_index;
}

static uint64_t control_bytes(const ring_layout *layout)
{
    return lane_at(layout, layout->max_readers);
}

static uint64_t stride_of(uint64_t slot_bytes)
{
    uint64_t unit = slot_bytes >= PAGE_BYTES ? PAGE_BYTES : LINE_BYTES;
    return (slot_bytes + unit - 1) / unit * unit;
}

uint64_t foam_dtype_bytes(foam_dtype dtype)
{
    static const uint8_t bytes[] = {0, 1, 4, 8, 2, 2, 4, 8};
    return (int) dtype >= FOAM_U8 && (int) dtype <= FOAM_F64 ? bytes[dtype] : 0;
}

static const char *dtype_name(foam_dtype dtype)
{
    static const char *const names[] = {"", "U8", "I32", "I64", "F16", "BF16", "F32", "F64"};
    return names[dtype];
}

/* Bytes of the largest tensor; 0 if the spec makes no sense, with the reason. */
static uint64_t checked_slot_bytes(const foam_spec *spec)
{
    uint64_t bytes = foam_dtype_bytes(spec->dtype);
    if (!is_name(spec->stream) || bytes == 0 || spec->rank > FOAM_MAX_RANK || (int) spec->checksum < 0 || spec->checksum > FOAM_CRC32C) {
        fail(FOAM_INVALID, "no stream: stream=\"%.60s\" dtype=%d rank=%u checksum=%d", spec->stream, (int) spec->dtype, spec->rank,
                (int) spec->checksum);
        return 0;
    }
    for (uint32_t i = 0; i < spec->rank; i++) {
        if (spec->shape[i] < 1 || (uint64_t) spec->shape[i] > MAX_SLOT_BYTES / bytes) {
            fail(FOAM_INVALID, "slot bytes out of range: stream=%s dimension=%" PRId64 " limit=%" PRIu64, spec->stream, spec->shape[i],
                    (uint64_t) MAX_SLOT_BYTES);
            return 0;
        }
        bytes *= (uint64_t) spec->shape[i];
    }
    if (spec->max_readers < 1 || spec->max_readers > MAX_LANES || spec->slots < spec->max_readers + 2 || spec->slots > MAX_SLOTS) {
        fail(FOAM_INVALID, "too few or too many: stream=%s slots=%u least=maxReaders+2 most=%d maxReaders=%u most=%d", spec->stream,
                spec->slots, MAX_SLOTS, spec->max_readers, MAX_LANES);
        return 0;
    }
    return bytes;
}

/* ---- Peers: told alive from dead by their locks ------------------------------------------------------------------------------- */

static void close_peer(peer *one)
{
    unmap(&one->mark);
    close(one->fd);
    free(one);
}

static foam_status open_peer(const foam_node *node, const char *name, peer **opened)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s.mark", node->directory, name);
    int fd = -1;
    foam_status status = open_owned(path, O_RDONLY, &fd);
    if (status != FOAM_OK) {
        return status;
    }
    mapping mark = {NULL, 0};
    status = map_file(fd, path, PROT_READ, &mark);
    if (status == FOAM_OK && mark.bytes < MARK_BYTES) {
        status = fail(FOAM_BEING_CREATED, "being created: path=%s bytes=%" PRIu64, path, mark.bytes);
    }
    if (status == FOAM_OK) {
        status = check_magic(
                path, get64_acquire(mark.base, MARK_MAGIC_AT), MARK_MAGIC, get32(mark.base, MARK_VERSION_AT), MARK_VERSION);
    }
    if (status == FOAM_OK && !is_same_file(fd, path)) {
        status = fail(FOAM_NONE, "replaced while it was opened: path=%s", path);
    }
    peer *one = status == FOAM_OK ? (peer *) calloc(1, sizeof *one) : NULL;
    if (one == NULL) {
        unmap(&mark);
        close(fd);
        return status == FOAM_OK ? fail(FOAM_IO, "out of memory: peer=%s", name) : status;
    }
    put_text(one->name, sizeof one->name - 1, name);
    one->hash = hash_of(name);
    one->fd = fd;
    one->mark = mark;
    *opened = one;
    return FOAM_OK;
}

static bool is_cut(const peer *one)
{
    struct stat facts;
    return fstat(one->fd, &facts) != 0 || facts.st_size < MARK_BYTES;
}

/* The lock is probed between two readings of the incarnation: if it is free, then that incarnation has ended, and no younger one. */
static bool look_at(foam_node *node, peer *one)
{
    uint64_t before = one->incarnation;
    bool was_held = one->is_held;
    bool was_stopped = one->is_stopped;
    if (is_cut(one)) { /* its bytes would be a SIGBUS; its lock still tells */
        one->is_held = is_locked(one->fd);
        one->is_stopped = false;
        return was_held != one->is_held;
    }
    for (int look = 0; look < 3; look++) {
        uint64_t incarnation = get64_acquire(one->mark.base, MARK_INCARNATION_AT);
        one->is_held = is_locked(one->fd);
        one->is_stopped = get32_acquire(one->mark.base, MARK_PHASE_AT) == PHASE_STOPPED;
        one->incarnation = incarnation <= MAX_INCARNATION ? incarnation : before;
        full_fence();
        if (get64_acquire(one->mark.base, MARK_INCARNATION_AT) == incarnation) {
            break;
        }
    }
    uint64_t dead = 0;
    if (!one->is_held && !one->is_stopped) {
        dead = one->incarnation;
    } else if (before != 0 && one->incarnation > before && !was_stopped
            && get32(one->mark.base, MARK_PHASE_BEFORE_AT) != PHASE_STOPPED) {
        dead = one->incarnation - 1;
    }
    if (dead > one->dead_incarnation) {
        char label[128];
        one->dead_incarnation = dead;
        snprintf(label, sizeof label, "peer.%s.deadIncarnation", one->name);
        foam_set(foam_counter_of(node, label), (int64_t) dead);
    }
    return before != one->incarnation || was_held != one->is_held;
}

static peer *peer_of(const foam_node *node, const char *name)
{
    for (peer *one = node->peers; one != NULL; one = one->next) {
        if (strcmp(one->name, name) == 0) {
            return one;
        }
    }
    return NULL;
}

/* Of names that are known; facts only: a node whose lock is held is not dead, however slow. */
static bool is_dead(const foam_node *node, uint64_t owner)
{
    uint64_t hash = owner & HASH_MASK;
    uint64_t incarnation = owner >> HASH_BITS;
    if (hash == hash_of(node->name)) {
        return incarnation != node->incarnation;
    }
    for (peer *one = node->peers; one != NULL; one = one->next) {
        if (one->hash == hash) {
            if (incarnation <= one->incarnation) {
                return incarnation < one->incarnation || !one->is_held;
            }
            if (is_cut(one)) {
                return !is_locked(one->fd);
            }
            /* It began after our last look. Read before the lock is probed: a start in between may not count as this one's end. */
            uint64_t newest = get64_acquire(one->mark.base, MARK_INCARNATION_AT);
            return (newest > incarnation && newest <= MAX_INCARNATION) || !is_locked(one->fd);
        }
    }
    return false;
}

/* Whether names in the directory have changed. One within the clock's grain of an earlier look would be overseen: looked at again. */
static bool has_directory_changed(foam_node *node)
{
    struct stat facts;
    if (stat(node->directory, &facts) != 0) {
        return true;
    }
    bool changed = facts.st_mtim.tv_sec != node->seen.tv_sec || facts.st_mtim.tv_nsec != node->seen.tv_nsec || !node->is_settled;
    int64_t age = clock_ns(CLOCK_REALTIME) - ((int64_t) facts.st_mtim.tv_sec * SECOND_NS + facts.st_mtim.tv_nsec);
    node->is_settled = age < 0 ? age < -CONTROL_EVERY_NS : age >= CONTROL_EVERY_NS;
    node->seen = facts.st_mtim;
    return changed || !node->is_settled;
}

static void drop_replaced(foam_node *node)
{
    for (peer **at = &node->peers; *at != NULL;) {
        peer *one = *at;
        char path[PATH_BYTES];
        struct stat facts;
        snprintf(path, sizeof path, "%s/%s.mark", node->directory, one->name);
        if (is_same_file(one->fd, path) || lstat(path, &facts) != 0) {
            at = &one->next; /* one that is only gone is kept: its owner may live */
        } else {
            *at = one->next;
            close_peer(one);
        }
    }
}

static void admit_newcomers(foam_node *node)
{
    DIR *directory = opendir(node->directory);
    if (directory == NULL) {
        return;
    }
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        size_t length = strlen(entry->d_name);
        if (!ends_with(entry->d_name, ".mark") || !is_node_name_of(entry->d_name, length - 5)) {
            continue;
        }
        char name[FOAM_NAME_BYTES];
        snprintf(name, sizeof name, "%.*s", (int) (length - 5), entry->d_name);
        peer *one = NULL;
        if (strcmp(name, node->name) != 0 && peer_of(node, name) == NULL) {
            foam_status status = open_peer(node, name, &one);
            if (status == FOAM_OK) {
                one->next = node->peers;
                node->peers = one;
            } else if (status != FOAM_NONE && status != FOAM_BEING_CREATED) {
                foam_record(node, reason);
            } else {
                node->is_settled = false;
            }
        }
    }
    closedir(directory);
}

static bool refresh_peers(foam_node *node)
{
    if (has_directory_changed(node)) {
        drop_replaced(node);
        admit_newcomers(node);
    }
    bool changed = false;
    for (peer *one = node->peers; one != NULL; one = one->next) {
        changed |= look_at(node, one);
    }
    node->is_refreshed = true;
    return changed;
}

size_t foam_peers(foam_node *node, foam_peer *peers, size_t most)
{
    refresh_peers(node);
    size_t count = 0;
    for (peer *one = node->peers; one != NULL; one = one->next, count++) {
        if (count >= most) {
            continue;
        }
        foam_peer *view = &peers[count];
        memset(view, 0, sizeof *view);
        put_text(view->name, sizeof view->name - 1, one->name);
        if (!is_cut(one)) {
            get_text(view->role, one->mark.base, MARK_ROLE_AT, 64);
            get_text(view->device, one->mark.base, MARK_DEVICE_AT, 64);
            view->pid = (int64_t) get64(one->mark.base, MARK_PID_AT);
            view->heartbeat_age_ns = foam_now_ns() - (int64_t) get64_acquire(one->mark.base, MARK_HEARTBEAT_AT);
        }
        view->incarnation = one->incarnation;
        view->state = one->is_held ? view->heartbeat_age_ns > STALL_NS ? FOAM_STALLED : FOAM_ALIVE
                                   : one->is_stopped ? FOAM_STOPPED : FOAM_DEAD;
    }
    return count;
}

/* ---- Mark: holding it is being alive -------------------------------------------------------------------------------------------- */

static uint64_t highest_left(const foam_node *node)
{
    uint64_t highest = 0;
    DIR *directory = opendir(node->directory);
    if (directory == NULL) {
        return 0;
    }
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        uint64_t incarnation;
        if (is_of_incarnation(entry->d_name, node->name, &incarnation) && incarnation < MAX_INCARNATION && incarnation > highest) {
            highest = incarnation;
        }
    }
    closedir(directory);
    return highest;
}

static foam_status refuse_same_hash(const foam_node *node)
{
    foam_status status = FOAM_OK;
    DIR *directory = opendir(node->directory);
    if (directory == NULL) {
        return fail_errno("cannot list the foam", node->directory);
    }
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        size_t length = strlen(entry->d_name);
        if (ends_with(entry->d_name, ".mark") && is_node_name_of(entry->d_name, length - 5)) {
            char other[FOAM_NAME_BYTES];
            snprintf(other, sizeof other, "%.*s", (int) (length - 5), entry->d_name);
            if (strcmp(other, node->name) != 0 && hash_of(other) == hash_of(node->name)) {
                status = fail(FOAM_INVALID, "name collides with that of another node: name=%s other=%s", node->name, other);
            }
        }
    }
    closedir(directory);
    return status;
}

static void put_command(void *mark)
{
    char line[MARK_BYTES - MARK_COMMAND_AT + 1];
    size_t length = 0;
    int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t got = 0;
    while (fd >= 0 && length < sizeof line && (got = read(fd, line + length, sizeof line - length)) > 0) {
        length += (size_t) got;
    }
    if (fd >= 0) {
        close(fd);
    }
    /* Each argument ends with a zero byte there. One that does not fit is left out: a cut one would start something else. */
    length = length == 0 || length == sizeof line ? 0 : length - 1;
    char *field = (char *) mark + MARK_COMMAND_AT;
    if (memcmp(field, line, length) != 0) {
        POINT();
        memcpy(field, line, length);
    }
    set32(mark, MARK_COMMAND_BYTES_AT, (uint32_t) length);
}

static foam_status begin_incarnation(foam_node *node, const char *path)
{
    void *mark = node->mark.base;
    uint64_t magic = get64_acquire(mark, MARK_MAGIC_AT);
    uint64_t before = highest_left(node);
    if (magic != 0) {
        foam_status status = check_magic(path, magic, MARK_MAGIC, get32(mark, MARK_VERSION_AT), MARK_VERSION);
        if (status != FOAM_OK) {
            return status;
        }
        uint64_t newest = get64(mark, MARK_INCARNATION_AT);
        before = newest > before ? newest : before;
    }
    if (before >= MAX_INCARNATION) {
        return fail(FOAM_CORRUPT, "corrupt: path=%s incarnation=%" PRIu64, path, before);
    }
    STEP("node.begin");
    node->incarnation = before + 1;
    node->started_millis = now_millis();
    uint32_t phase_before = get32(mark, MARK_PHASE_AT);
    set32_release(mark, MARK_PHASE_AT, PHASE_RUNNING);
    set32(mark, MARK_PHASE_BEFORE_AT, phase_before);
    set32(mark, MARK_VERSION_AT, MARK_VERSION);
    set64(mark, MARK_PID_AT, (uint64_t) getpid());
    set64(mark, MARK_STARTED_AT, node->started_millis);
    put_text_if_other(mark, MARK_NODE_AT, node->name);
    put_text_if_other(mark, MARK_ROLE_AT, node->role);
    put_text_if_other(mark, MARK_DEVICE_AT, "host");
    put_command(mark);
    set64_release(mark, MARK_HEARTBEAT_AT, (uint64_t) foam_now_ns());
    set64_release(mark, MARK_INCARNATION_AT, node->incarnation);
    set64_release(mark, MARK_MAGIC_AT, MARK_MAGIC);
    return FOAM_OK;
}

static foam_status acquire_mark(foam_node *node)
{
    char path[PATH_BYTES];
    foam_status status = refuse_same_hash(node);
    if (status != FOAM_OK) {
        return status;
    }
    STEP("node.mark");
    snprintf(path, sizeof path, "%s/%s.mark", node->directory, node->name);
    POINT();
    int created = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (created < 0) {
        return errno == ELOOP ? fail(FOAM_REFUSED, "not a regular file: path=%s (a symbolic link)", path)
                              : fail_errno("open failed", path);
    }
    close(created);
    status = open_owned(path, O_RDWR, &node->mark_fd);
    if (status != FOAM_OK) {
        return status;
    }
    if (!try_lock(node->mark_fd)) {
        return fail(FOAM_TAKEN, "a node of this name is running: name=%s path=%s", node->name, path);
    }
    struct stat facts;
    if (fstat(node->mark_fd, &facts) == 0 && facts.st_size < MARK_BYTES) {
        POINT();
        status = allocate(node->mark_fd, path, MARK_BYTES);
    }
    if (status == FOAM_OK) {
        status = map_file(node->mark_fd, path, PROT_READ | PROT_WRITE, &node->mark);
    }
    if (status == FOAM_OK && !is_same_file(node->mark_fd, path)) {
        status = fail(FOAM_IO, "the mark was removed while it was being taken: path=%s", path);
    }
    return status == FOAM_OK ? begin_incarnation(node, path) : status;
}

static bool is_mark_in_place(const foam_node *node)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s.mark", node->directory, node->name);
    return is_same_file(node->mark_fd, path);
}

/* What no living process can have left. Counters of older incarnations too: these go with the next life. */
static void remove_older(const foam_node *node)
{
    DIR *directory = opendir(node->directory);
    if (directory == NULL) {
        return;
    }
    STEP("node.sweep");
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        uint64_t incarnation;
        if (is_of_incarnation(entry->d_name, node->name, &incarnation) && incarnation < node->incarnation) {
            POINT();
            unlinkat(dirfd(directory), entry->d_name, 0);
        }
    }
    closedir(directory);
}

/* ---- Counters and error log: Agrona's layouts ------------------------------------------------------------------------------------ */

static uint64_t counter_values_at(void)
{
    return COUNTERS_BYTES + (uint64_t) COUNTERS_CAPACITY * COUNTER_META_BYTES;
}

static uint64_t error_log_at(void)
{
    return counter_values_at() + (uint64_t) COUNTERS_CAPACITY * COUNTER_VALUE_BYTES;
}

static foam_status create_counters(foam_node *node)
{
    char path[PATH_BYTES];
    STEP("node.counters");
    file_of(path, node->directory, "", node->name, node->incarnation, "counters");
    foam_status status = map_new(path, error_log_at() + ERROR_LOG_BYTES, &node->counters);
    if (status != FOAM_OK) {
        return status;
    }
    void *base = node->counters.base;
    set32(base, COUNTERS_VERSION_AT, COUNTERS_VERSION);
    set32(base, COUNTERS_CAPACITY_AT, COUNTERS_CAPACITY);
    set64(base, COUNTERS_INCARNATION_AT, node->incarnation);
    set64(base, COUNTERS_ERROR_LOG_BYTES_AT, ERROR_LOG_BYTES);
    node->errors = foam_counter_of(node, "errors");
    set64_release(base, COUNTERS_MAGIC_AT, COUNTERS_MAGIC);
    return FOAM_OK;
}

static void lock_guard(int *guard)
{
    while (__atomic_exchange_n(guard, 1, __ATOMIC_ACQUIRE) != 0) {
        sched_yield();
    }
}

static void unlock_guard(int *guard)
{
    __atomic_store_n(guard, 0, __ATOMIC_RELEASE);
}

static foam_counter *find_counter(foam_node *node, const char *label, int type, uint64_t first)
{
    foam_counter **at = &node->first_counter;
    for (; *at != NULL; at = &(*at)->next) {
        if (strcmp((*at)->label, label) == 0) {
            return *at;
        }
    }
    static foam_counter nowhere; /* without memory for more, numbers go where nobody looks */
    foam_counter *counter = (foam_counter *) calloc(1, sizeof *counter);
    if (counter == NULL) {
        nowhere.value = &nowhere.unseen;
        return &nowhere;
    }
    snprintf(counter->label, sizeof counter->label, "%s", label);
    counter->type = type;
    counter->value = &counter->unseen;
    *counter->value = first;
    if (node->counter_count < COUNTERS_CAPACITY && node->counters.base != NULL) {
        int id = node->counter_count++;
        char *meta = (char *) node->counters.base + COUNTERS_BYTES + (uint64_t) id * COUNTER_META_BYTES;
        char *value = (char *) node->counters.base + counter_values_at() + (uint64_t) id * COUNTER_VALUE_BYTES;
        size_t bytes = strlen(counter->label);
        counter->value = (uint64_t *) (void *) value;
        set64(value, 0, first);
        set32(meta, COUNTER_META_TYPE_AT, (uint32_t) type);
        set64(meta, COUNTER_META_FREE_AT, INT64_MAX);
        memcpy(meta + COUNTER_META_LABEL_AT, counter->label, bytes);
        set32(meta, COUNTER_META_LABEL_BYTES_AT, (uint32_t) bytes);
        set32_release(meta, COUNTER_META_STATE_AT, 1);
    }
    *at = counter;
    return counter;
}

static foam_counter *counter_by_label(foam_node *node, const char *label, int type, uint64_t first)
{
    lock_guard(&node->counters_guard);
    foam_counter *counter = find_counter(node, label, type, first);
    unlock_guard(&node->counters_guard);
    return counter;
}

foam_counter *foam_counter_of(foam_node *node, const char *label)
{
    return counter_by_label(node, label, COUNTER_LONG, 0);
}

foam_counter *foam_gauge_of(foam_node *node, const char *label)
{
    double none = (double) NAN;
    uint64_t bits;
    memcpy(&bits, &none, sizeof bits);
    return counter_by_label(node, label, COUNTER_DOUBLE, bits);
}

void foam_count(foam_counter *counter, int64_t more)
{
    __atomic_fetch_add(counter->value, (uint64_t) more, __ATOMIC_RELAXED);
}

void foam_set(foam_counter *counter, int64_t value)
{
    __atomic_store_n(counter->value, (uint64_t) value, __ATOMIC_RELEASE);
}

void foam_set_gauge(foam_counter *gauge, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    __atomic_store_n(gauge->value, bits, __ATOMIC_RELEASE);
}

int64_t foam_value(const foam_counter *counter)
{
    return (int64_t) __atomic_load_n(counter->value, __ATOMIC_ACQUIRE);
}

/* A text is cut where it would be longer than this; the same error differs before. */
enum { MAX_ERROR_BYTES = 4096 };

void foam_record(foam_node *node, const char *error)
{
    size_t bytes = strnlen(error, MAX_ERROR_BYTES);
    while (bytes == MAX_ERROR_BYTES && bytes > 0 && ((unsigned char) error[bytes] & 0xc0) == 0x80) {
        bytes--; /* not in the middle of a character */
    }
    foam_count(node->errors, 1);
    lock_guard(&node->counters_guard);
    char *log = (char *) node->counters.base + error_log_at();
    uint64_t at = 0;
    uint32_t length = 0;
    while (at + ERROR_TEXT_AT <= ERROR_LOG_BYTES && (length = get32_acquire(log + at, ERROR_LENGTH_AT)) != 0) {
        if (length == ERROR_TEXT_AT + bytes && memcmp(log + at + ERROR_TEXT_AT, error, bytes) == 0) {
            break;
        }
        at += (length + 7) / 8 * 8;
    }
    if (at + ERROR_TEXT_AT + bytes <= ERROR_LOG_BYTES) {
        uint64_t now = now_millis();
        if (length == 0) {
            memcpy(log + at + ERROR_TEXT_AT, error, bytes);
            set64(log + at, ERROR_FIRST_AT, now);
            set64_release(log + at, ERROR_LAST_AT, now);
            set32_release(log + at, ERROR_COUNT_AT, 1);
            set32_release(log + at, ERROR_LENGTH_AT, (uint32_t) (ERROR_TEXT_AT + bytes));
        } else {
            set64_release(log + at, ERROR_LAST_AT, now);
            __atomic_fetch_add((uint32_t *) (void *) (log + at + ERROR_COUNT_AT), 1, __ATOMIC_RELEASE);
        }
    }
    unlock_guard(&node->counters_guard);
}

/* ---- Card: who we are, as JSON ---------------------------------------------------------------------------------------------------- */

typedef struct {
    char *bytes;
    size_t length;
    size_t capacity;
    bool has_failed;
} text;

static void append_bytes(text *to, const char *bytes, size_t count)
{
    if (to->length + count + 1 > to->capacity && !to->has_failed) {
        size_t capacity = 2 * (to->length + count + 1);
        char *more = (char *) realloc(to->bytes, capacity);
        to->has_failed = more == NULL;
        to->bytes = more == NULL ? to->bytes : more;
        to->capacity = more == NULL ? to->capacity : capacity;
    }
    if (!to->has_failed) {
        memcpy(to->bytes + to->length, bytes, count);
        to->length += count;
        to->bytes[to->length] = '\0';
    }
}

static void append(text *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void append(text *to, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    append_bytes(to, line, strlen(line));
}

static void append_quoted(text *to, const char *value)
{
    append_bytes(to, "\"", 1);
    for (const char *at = value; *at != '\0'; at++) {
        unsigned char c = (unsigned char) *at;
        if (c == '"' || c == '\\') {
            append_bytes(to, "\\", 1);
            append_bytes(to, at, 1);
        } else if (c < ' ') {
            append(to, "\\u%04x", c);
        } else {
            append_bytes(to, at, 1);
        }
    }
    append_bytes(to, "\"", 1);
}

static void append_stream(text *to, const foam_publication *publication)
{
    const foam_spec *spec = &publication->spec;
    append(to, "{\"name\":\"%s\",\"dtype\":\"%s\",\"maxShape\":[", spec->stream, dtype_name(spec->dtype));
    for (uint32_t i = 0; i < spec->rank; i++) {
        append(to, "%s%" PRId64, i == 0 ? "" : ",", spec->shape[i]);
    }
    append(to, "],\"slots\":%u,\"maxReaders\":%u,\"slotBytes\":%" PRIu64 ",\"checksum\":\"%s\",\"device\":\"host\",", spec->slots,
            spec->max_readers, publication->slot_bytes, spec->checksum == FOAM_CRC32C ? "crc32c" : "none");
    append(to, "\"controlFile\":\"%s\",\"payloadFile\":\"%s\",\"fence\":\"host\"}", publication->control_file,
            publication->payload_file);
}

static text card_of(const foam_node *node)
{
    text card = {NULL, 0, 0, false};
    append(&card, "{\"node\":\"%s\",\"role\":\"%s\",\"incarnation\":%" PRIu64 ",\"pid\":%d,\"startedMillis\":%" PRIu64
                  ",\"device\":\"host\",\"streams\":[",
            node->name, node->role, node->incarnation, (int) getpid(), node->started_millis);
    for (const foam_publication *one = node->publications; one != NULL; one = one->next) {
        append_stream(&card, one);
        append(&card, "%s", one->next == NULL ? "" : ",");
    }
    append(&card, "],\"attributes\":{\"language\":");
    append_quoted(&card, node->language);
    if (node->reads[0] != '\0') {
        append(&card, ",\"reads\":");
        append_quoted(&card, node->reads);
    }
    for (const attribute *one = node->attributes; one != NULL; one = one->next) {
        append(&card, ",\"%s\":", one->key);
        append_quoted(&card, one->value);
    }
    append(&card, "}}");
    return card;
}

static void seal(text *card)
{
    char trailer[TRAILER_BYTES];
    memset(trailer, 0, sizeof trailer);
    uint64_t body_bytes = card->length;
    uint32_t crc = crc32c(card->bytes, card->length);
    uint32_t encoding = ENCODING_JSON;
    uint32_t version = TRAILER_VERSION;
    uint32_t not_version = ~version;
    uint64_t magic = TRAILER_MAGIC;
    memcpy(trailer + TRAILER_BODY_BYTES_AT, &body_bytes, 8);
    memcpy(trailer + TRAILER_CRC_AT, &crc, 4);
    memcpy(trailer + TRAILER_ENCODING_AT, &encoding, 4);
    memcpy(trailer + TRAILER_VERSION_AT, &version, 4);
    memcpy(trailer + TRAILER_NOT_VERSION_AT, &not_version, 4);
    memcpy(trailer + TRAILER_MAGIC_AT, &magic, 8);
    append_bytes(card, trailer, sizeof trailer);
}

static foam_status write_whole(int fd, const char *path, const char *bytes, size_t count)
{
    while (count > 0) {
        POINT();
        ssize_t written = write(fd, bytes, count);
        if (written < 0 && errno != EINTR) {
            return fail_errno("write failed", path);
        }
        bytes += written < 0 ? 0 : written;
        count -= written < 0 ? 0 : (size_t) written;
    }
    return FOAM_OK;
}

static foam_status publish_card(foam_node *node)
{
    char path[PATH_BYTES];
    char unfinished[PATH_BYTES];
    STEP("node.card");
    file_of(path, node->directory, "", node->name, node->incarnation, "manifest");
    file_of(unfinished, node->directory, ".", node->name, node->incarnation, "manifest.tmp");
    text card = card_of(node);
    seal(&card);
    if (card.has_failed) {
        free(card.bytes);
        return fail(FOAM_IO, "out of memory: path=%s", path);
    }
    POINT();
    int fd = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    foam_status status = fd < 0 ? fail_errno("cannot be created", unfinished) : write_whole(fd, unfinished, card.bytes, card.length);
    free(card.bytes);
    if (fd >= 0) {
        close(fd);
    }
    POINT();
    if (status == FOAM_OK && rename(unfinished, path) != 0) {
        status = fail_errno("rename failed", path);
    }
    if (status != FOAM_OK) {
        unlink(unfinished);
    }
    return status;
}

static foam_status read_sealed(const char *path, uint32_t *encoding, char **json)
{
    int fd = -1;
    foam_status status = open_owned(path, O_RDONLY, &fd);
    if (status != FOAM_OK) {
        return status;
    }
    struct stat facts;
    if (fstat(fd, &facts) != 0 || facts.st_size <= TRAILER_BYTES || facts.st_size > MAX_CARD_BYTES + TRAILER_BYTES) {
        close(fd);
        return fail(FOAM_CORRUPT, "corrupt: path=%s fileBytes=%lld", path, (long long) facts.st_size);
    }
    size_t bytes = (size_t) facts.st_size;
    char *all = (char *) malloc(bytes + 1);
    size_t got = 0;
    ssize_t more = 0;
    while (all != NULL && got < bytes && (more = read(fd, all + got, bytes - got)) > 0) {
        got += (size_t) more;
    }
    close(fd);
    if (all == NULL || got < bytes) {
        free(all);
        return fail(FOAM_CORRUPT, "corrupt: path=%s fileBytes=%zu read=%zu", path, bytes, got);
    }
    const char *trailer = all + bytes - TRAILER_BYTES;
    uint64_t body_bytes, magic;
    uint32_t crc, version, not_version;
    memcpy(&body_bytes, trailer + TRAILER_BODY_BYTES_AT, 8);
    memcpy(&crc, trailer + TRAILER_CRC_AT, 4);
    memcpy(encoding, trailer + TRAILER_ENCODING_AT, 4);
    memcpy(&version, trailer + TRAILER_VERSION_AT, 4);
    memcpy(&not_version, trailer + TRAILER_NOT_VERSION_AT, 4);
    memcpy(&magic, trailer + TRAILER_MAGIC_AT, 8);
    if (magic != TRAILER_MAGIC || not_version != ~version) {
        status = fail(FOAM_CORRUPT, "corrupt: path=%s magic=%" PRIx64 " version=%u", path, magic, version);
    } else if (version != TRAILER_VERSION) {
        status = check_magic(path, magic, magic, version, TRAILER_VERSION);
    } else if (body_bytes != bytes - TRAILER_BYTES || crc != crc32c(all, body_bytes)) {
        status = fail(FOAM_CORRUPT, "corrupt: path=%s bodyBytes=%" PRIu64 " in file=%zu crc32c=%x", path, body_bytes,
                bytes - TRAILER_BYTES, crc);
    }
    if (status != FOAM_OK) {
        free(all);
        return status;
    }
    all[bytes - TRAILER_BYTES] = '\0';
    *json = all;
    return FOAM_OK;
}

foam_status foam_card(foam_node *node, const char *name, char **json)
{
    *json = NULL;
    peer *one = name != NULL ? peer_of(node, name) : NULL;
    if (one == NULL) {
        return fail(FOAM_NONE, "no such peer: name=%.60s", name == NULL ? "" : name);
    }
    char path[PATH_BYTES];
    uint32_t encoding = 0;
    file_of(path, node->directory, "", name, one->incarnation, "manifest");
    foam_status status = read_sealed(path, &encoding, json);
    if (status == FOAM_OK && encoding == ENCODING_JSON) {
        return FOAM_OK;
    }
    if (status == FOAM_OK) { /* a Chronicle Map, which only a JVM reads: its JSON card stands beside it */
        free(*json);
        *json = NULL;
        file_of(path, node->directory, "", name, one->incarnation, "card");
        status = read_sealed(path, &encoding, json);
        if (status == FOAM_OK && encoding != ENCODING_JSON) {
            free(*json);
            *json = NULL;
            status = fail(FOAM_CORRUPT, "corrupt: path=%s encoding=%u", path, encoding);
        }
    }
    return status;
}

/* A scanner of JSON that believes nothing: each of these returns where what it passed ends, NULL if it is none. */
static const char *skip_space(const char *at)
{
    while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r') {
        at++;
    }
    return at;
}

static const char *skip_string(const char *at)
{
    if (*at != '"') {
        return NULL;
    }
    for (at++; *at != '"'; at++) {
        if (*at == '\0' || (*at == '\\' && *++at == '\0')) {
            return NULL;
        }
    }
    return at + 1;
}

static const char *skip_value(const char *at, int depth)
{
    at = skip_space(at);
    if (*at == '"') {
        return skip_string(at);
    }
    if (*at == '{' || *at == '[') {
        char end = *at == '{' ? '}' : ']';
        bool is_object = *at == '{';
        at = skip_space(at + 1);
        while (depth < 32 && *at != end) {
            if (is_object) {
                at = skip_string(at);
                at = at == NULL ? NULL : skip_space(at);
                if (at == NULL || *at != ':') {
                    return NULL;
                }
                at++;
            }
            at = skip_value(at, depth + 1);
            at = at == NULL ? NULL : skip_space(at);
            if (at == NULL || (*at != ',' && *at != end)) {
                return NULL;
            }
            at = *at == ',' ? skip_space(at + 1) : at;
        }
        return *at == end ? at + 1 : NULL;
    }
    size_t length = strspn(at, "+-.0123456789eEtrufalsn");
    return length == 0 ? NULL : at + length;
}

/* The value of a key in an object, or of an index in an array. */
static const char *find_member(const char *at, const char *key, size_t length)
{
    at = skip_space(at);
    bool is_object = *at == '{';
    if (!is_object && *at != '[') {
        return NULL;
    }
    char *end = NULL;
    unsigned long wanted = is_object ? 0 : strtoul(key, &end, 10);
    if (!is_object && end != key + length) {
        return NULL;
    }
    at = skip_space(at + 1);
    for (unsigned long index = 0; *at != '\0' && *at != '}' && *at != ']'; index++) {
        bool is_it = index == wanted;
        if (is_object) {
            const char *name = at + 1;
            at = skip_string(at);
            if (at == NULL) {
                return NULL;
            }
            is_it = (size_t) (at - 1 - name) == length && memcmp(name, key, length) == 0;
            at = skip_space(at);
            if (*at++ != ':') {
                return NULL;
            }
        }
        if (is_it) {
            return skip_space(at);
        }
        at = skip_value(at, 0);
        at = at == NULL ? NULL : skip_space(at);
        if (at == NULL || *at != ',') {
            return NULL;
        }
        at = skip_space(at + 1);
    }
    return NULL;
}

static int hex_of(const char *at)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) {
            return -1;
        }
        value = value << 4 | digit;
    }
    return value;
}

static size_t put_utf8(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char) code;
        return 1;
    }
    size_t more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char heads[] = {0, 0xc0, 0xe0, 0xf0};
    out[0] = (char) (heads[more] | code >> 6 * more);
    for (size_t i = 1; i <= more; i++) {
        out[i] = (char) (0x80 | (code >> 6 * (more - i) & 0x3f));
    }
    return more + 1;
}

/* Takes the quotes and escapes off; the length, or -1 if it does not fit or makes no sense. */
static long unquote(const char *at, const char *end, char *out, size_t capacity)
{
    size_t length = 0;
    for (at++; at < end - 1; at++) {
        uint32_t code = (unsigned char) *at;
        bool is_raw = code != '\\';
        if (!is_raw) {
            static const char names[] = "\"\\/bfnrt";
            static const char values[] = "\"\\/\b\f\n\r\t";
            const char *name = strchr(names, *++at);
            int hex = *at == 'u' && end - at > 5 ? hex_of(at + 1) : -1;
            if (*at != 'u' && name == NULL) {
                return -1;
            }
            if (*at == 'u' && hex < 0) {
                return -1;
            }
            code = *at == 'u' ? (uint32_t) hex : (uint32_t) (unsigned char) values[name - names];
            at += hex >= 0 ? 4 : 0;
            int low = code >= 0xd800 && code < 0xdc00 && end - at > 7 && at[1] == '\\' && at[2] == 'u' ? hex_of(at + 3) : -1;
            if (low >= 0xdc00 && low < 0xe000) {
                code = 0x10000 + ((code - 0xd800) << 10) + ((uint32_t) low - 0xdc00);
                at += 6;
            }
        }
        if (length + 5 > capacity) {
            return -1;
        }
        if (is_raw) {
            out[length++] = (char) code;
        } else {
            length += put_utf8(out + length, code);
        }
    }
    out[length] = '\0';
    return (long) length;
}

foam_status foam_json(const char *json, const char *path, char *out, size_t capacity)
{
    const char *at = json;
    for (const char *key = path; *key != '\0';) {
        size_t length = strcspn(key, "/");
        at = find_member(at, key, length);
        if (at == NULL) {
            return fail(FOAM_NONE, "not there: path=%s", path);
        }
        key += length + (key[length] == '/');
    }
    const char *end = skip_value(at, 0);
    if (end == NULL) {
        return fail(FOAM_CORRUPT, "no JSON: path=%s", path);
    }
    if (*at == '"') {
        return unquote(at, end, out, capacity) < 0 ? fail(FOAM_FULL, "does not fit: path=%s bytes=%zu", path, capacity) : FOAM_OK;
    }
    if ((size_t) (end - at) + 1 > capacity) {
        return fail(FOAM_FULL, "does not fit: path=%s bytes=%zu", path, capacity);
    }
    memcpy(out, at, (size_t) (end - at));
    out[end - at] = '\0';
    return FOAM_OK;
}

/* ---- Writing ---------------------------------------------------------------------------------------------------------------------- */

foam_spec foam_spec_of(const char *stream, foam_dtype dtype, uint32_t rank, const int64_t *shape)
{
    foam_spec spec;
    memset(&spec, 0, sizeof spec);
    put_text(spec.stream, sizeof spec.stream - 1, stream);
    spec.dtype = dtype;
    spec.rank = rank;
    for (uint32_t i = 0; i < rank && i < FOAM_MAX_RANK; i++) {
        spec.shape[i] = shape[i];
    }
    spec.checksum = FOAM_CRC32C;
    put_text(spec.device, sizeof spec.device - 1, "host");
    return spec;
}

static void write_header(const foam_node *node, foam_publication *publication)
{
    void *base = publication->control.base;
    const foam_spec *spec = &publication->spec;
    set32(base, STREAM_VERSION_AT, STREAM_VERSION);
    set32(base, STREAM_DTYPE_AT, (uint32_t) spec->dtype);
    set32(base, STREAM_RANK_AT, spec->rank);
    set32(base, STREAM_SLOTS_AT, spec->slots);
    set32(base, STREAM_MAX_READERS_AT, spec->max_readers);
    set32(base, STREAM_CHECKSUM_AT, (uint32_t) spec->checksum);
    set64(base, STREAM_SLOT_BYTES_AT, publication->slot_bytes);
    set64(base, STREAM_SLOT_STRIDE_AT, publication->slot_stride);
    set64(base, STREAM_PAYLOAD_BYTES_AT, publication->payload.bytes);
    set32(base, STREAM_INDEX_LENGTH_AT, publication->layout.index_length);
    for (uint32_t i = 0; i < spec->rank; i++) {
        set64(base, STREAM_SHAPE_AT + 8 * i, (uint64_t) spec->shape[i]);
    }
    set64(base, STREAM_INCARNATION_AT, node->incarnation);
    set64(base, STREAM_CREATED_AT, now_millis());
    set64(base, STREAM_CONTROL_BYTES_AT, publication->control.bytes);
    put_text((char *) base + STREAM_NODE_AT, 64, node->name);
    put_text((char *) base + STREAM_STREAM_AT, 64, spec->stream);
    put_text((char *) base + STREAM_PAYLOAD_NAME_AT, 192, publication->payload_file);
    put_text((char *) base + STREAM_DEVICE_AT, 64, "host");
    double none = (double) NAN;
    uint64_t bits;
    memcpy(&bits, &none, sizeof bits);
    set64(base, STREAM_RATE_AT, bits);
    set64_release(base, STREAM_MAGIC_AT, STREAM_MAGIC);
}

/* Payload first, then the control file under its own name: whoever finds the control file finds all of the stream. */
static foam_status create_stream(foam_node *node, foam_publication *publication)
{
    char payload[PATH_BYTES];
    char control[PATH_BYTES];
    char unfinished[PATH_BYTES];
    snprintf(publication->payload_file, sizeof publication->payload_file, "%s.%" PRIu64 ".%s.payload", node->name, node->incarnation,
            publication->spec.stream);
    snprintf(publication->control_file, sizeof publication->control_file, "%s.%" PRIu64 ".%s.control", node->name, node->incarnation,
            publication->spec.stream);
    path_of(payload, node->directory, publication->payload_file);
    path_of(control, node->directory, publication->control_file);
    snprintf(unfinished, sizeof unfinished, "%s/.%s", node->directory, publication->control_file);
    STEP("writer.create");
    foam_status status = map_new(payload, publication->slot_stride * publication->spec.slots, &publication->payload);
    if (status != FOAM_OK) {
        return status;
    }
    populate(&publication->payload, true);
    status = map_new(unfinished, control_bytes(&publication->layout), &publication->control);
    if (status == FOAM_OK) {
        populate(&publication->control, true);
        write_header(node, publication);
        POINT();
        if (rename(unfinished, control) != 0) {
            status = fail_errno("rename failed", control);
            unlink(unfinished);
        }
    }
    if (status != FOAM_OK) {
        unlink(payload);
    }
    return status;
}

static foam_status require_unstarted(const foam_node *node, const char *what, const char *name)
{
    return node->is_started ? fail(FOAM_INVALID, "the node has started already: node=%s too late for %s %s", node->name, what, name)
                            : FOAM_OK;
}

foam_status foam_publish(foam_node *node, const foam_spec *wanted, foam_publication **created)
{
    *created = NULL;
    foam_spec spec = *wanted;
    spec.max_readers = spec.max_readers == 0 ? (spec.slots > 2 && spec.slots < DEFAULT_READERS + 2 ? spec.slots - 2
                                                                                                    : (uint32_t) DEFAULT_READERS)
                                             : spec.max_readers;
    spec.slots = spec.slots == 0 ? spec.max_readers + 2 + DEFAULT_HISTORY : spec.slots;
    put_text(spec.device, sizeof spec.device - 1, "host");
    uint64_t slot_bytes = checked_slot_bytes(&spec);
    if (slot_bytes == 0) {
        return FOAM_INVALID;
    }
    foam_status status = require_unstarted(node, "stream", spec.stream);
    if (status != FOAM_OK) {
        return status;
    }
    int count = 0;
    foam_publication **at = &node->publications;
    for (; *at != NULL; at = &(*at)->next, count++) {
        if (strcmp((*at)->spec.stream, spec.stream) == 0 || count == MAX_STREAMS - 1) {
            return fail(FOAM_INVALID, "two streams of one name, or too many: node=%s stream=%s", node->name, spec.stream);
        }
    }
    foam_publication *publication = (foam_publication *) calloc(1, sizeof *publication);
    if (publication == NULL) {
        return fail(FOAM_IO, "out of memory: stream=%s", spec.stream);
    }
    publication->node = node;
    publication->spec = spec;
    publication->slot_bytes = slot_bytes;
    publication->slot_stride = stride_of(slot_bytes);
    publication->layout.slots = spec.slots;
    publication->layout.max_readers = spec.max_readers;
    publication->layout.index_length = index_length_of(spec.slots);
    publication->newest_slot = -1;
    publication->last_taken = -1;
    publication->claimed = -1;
    status = create_stream(node, publication);
    if (status != FOAM_OK) {
        unmap(&publication->control);
        unmap(&publication->payload);
        free(publication);
        return status;
    }
    char label[128];
    snprintf(label, sizeof label, "publish.%s.copiedBytes", spec.stream);
    foam_counter_of(node, label);
    *at = publication;
    *created = publication;
    return FOAM_OK;
}

void foam_keep_addresses(foam_publication *publication)
{
    publication->keeps_addresses = true;
}

const foam_spec *foam_published(const foam_publication *publication)
{
    return &publication->spec;
}

uint64_t foam_published_sequence(const foam_publication *publication)
{
    return publication->sequence;
}

static bool is_leased(const foam_publication *publication, uint32_t slot)
{
    const void *words = publication->control.base;
    for (uint32_t i = 0; i < publication->layout.max_readers; i++) {
        uint64_t at = lane_at(&publication->layout, i);
        if (get64_acquire(words, at + LANE_OWNER_AT) == 0) {
            continue;
        }
        uint64_t held = get64_acquire(words, at + LANE_HELD_AT);
        if (held != 0 && slot_of(held) == slot
                && get64_acquire(words, at + LANE_DONE_AT) != get64_acquire(words, at + LANE_LEASE_ID_AT)) {
            return true;
        }
    }
    return false;
}

static bool withdraw(foam_publication *publication, uint32_t slot)
{
    void *words = publication->control.base;
    uint64_t ready = slot_at(&publication->layout, slot) + SLOT_READY_AT;
    uint64_t old = get64(words, ready);
    set64(words, ready, 0);
    full_fence();
#ifndef FOAM_WITHOUT_SECOND_LOOK
    if (is_leased(publication, slot)) {
        STEP("writer.spared-claim");
        set64_release(words, ready, old);
        STEP("writer.claim");
        return false;
    }
#endif
    (void) old;
    return true;
}

/* The next slot after the one taken last that is not the newest commit and read by nobody; -1 if readers took each under our eyes. */
static int take_slot(foam_publication *publication)
{
    int slots = (int) publication->layout.slots;
    int candidate = publication->last_taken;
    for (int tried = 0; tried < slots * MAX_PASSES; tried++) {
        candidate = candidate + 1 == slots ? 0 : candidate + 1;
        if (candidate != publication->newest_slot && !is_leased(publication, (uint32_t) candidate)
                && withdraw(publication, (uint32_t) candidate)) {
            publication->last_taken = candidate;
            return candidate;
        }
    }
    return -1;
}

static foam_status turn_if_due(foam_node *node);

foam_status foam_claim(foam_publication *publication, void **data)
{
    *data = NULL;
    foam_status status = turn_if_due(publication->node);
    if (status != FOAM_OK) {
        return status;
    }
    if (publication->claimed >= 0) {
        return fail(FOAM_INVALID, "a claim is open already: stream=%s", publication->spec.stream);
    }
    STEP("writer.claim");
    int slot = take_slot(publication);
    if (slot < 0) {
        return fail(FOAM_FULL, "no slot is free: stream=%s slots=%u", publication->spec.stream, publication->spec.slots);
    }
    /* Nobody reads the header of a withdrawn slot, so what is known by now is written now and not at the commit. */
    void *words = publication->control.base;
    uint64_t at = slot_at(&publication->layout, (uint32_t) slot);
    set64(words, at + SLOT_TAG_AT, 0);
    set64(words, at + SLOT_PUBLISHED_AT, 0);
    set32(words, at + SLOT_RANK_AT, publication->spec.rank);
    for (uint32_t i = 0; i < publication->spec.rank; i++) {
        set64(words, at + SLOT_SHAPE_AT + 8 * i, (uint64_t) publication->spec.shape[i]);
    }
    publication->payload_bytes = publication->slot_bytes;
    publication->claimed = slot;
    *data = (char *) publication->payload.base + (uint64_t) slot * publication->slot_stride;
    return FOAM_OK;
}

static foam_status require_claim(const foam_publication *publication)
{
    return publication->claimed < 0 ? fail(FOAM_INVALID, "claim is closed: stream=%s", publication->spec.stream) : FOAM_OK;
}

foam_status foam_shape(foam_publication *publication, uint32_t rank, const int64_t *shape)
{
    foam_status status = require_claim(publication);
    if (status != FOAM_OK) {
        return status;
    }
    bool fits = rank == publication->spec.rank;
    uint64_t bytes = foam_dtype_bytes(publication->spec.dtype);
    for (uint32_t i = 0; fits && i < rank; i++) {
        fits = shape[i] >= 0 && shape[i] <= publication->spec.shape[i];
        bytes *= (uint64_t) shape[i];
    }
    if (!fits) {
        return fail(FOAM_INVALID, "shape does not fit the stream: stream=%s rank=%u maxRank=%u", publication->spec.stream, rank,
                publication->spec.rank);
    }
    uint64_t at = slot_at(&publication->layout, (uint32_t) publication->claimed);
    for (uint32_t i = 0; i < rank; i++) {
        set64(publication->control.base, at + SLOT_SHAPE_AT + 8 * i, (uint64_t) shape[i]);
    }
    publication->payload_bytes = bytes;
    return FOAM_OK;
}

foam_status foam_tag(foam_publication *publication, int64_t tag)
{
    foam_status status = require_claim(publication);
    if (status == FOAM_OK) {
        set64(publication->control.base, slot_at(&publication->layout, (uint32_t) publication->claimed) + SLOT_TAG_AT, (uint64_t) tag);
    }
    return status;
}

static void wake_all(const void *word)
{
    syscall(SYS_futex, word, 1 /* FUTEX_WAKE */, INT32_MAX, NULL, NULL, 0);
}

/* Changes the doorbell, and wakes if a reader sleeps on it. One that died in its sleep leaves the word set until its lane is taken. */
static void ring_doorbell(foam_publication *publication)
{
    void *words = publication->control.base;
    set32_release(words, STREAM_DOORBELL_AT, get32(words, STREAM_DOORBELL_AT) + 1);
    full_fence();
    for (uint32_t i = 0; i < publication->layout.max_readers; i++) {
        uint64_t at = lane_at(&publication->layout, i);
        if (get32(words, at + LANE_SLEEPING_AT) != 0 && get64(words, at + LANE_OWNER_AT) != 0) {
            wake_all((const char *) words + STREAM_DOORBELL_AT);
            return;
        }
    }
}

foam_status foam_commit(foam_publication *publication, uint64_t frame, int64_t captured_ns)
{
    foam_status status = require_claim(publication);
    if (status != FOAM_OK) {
        return status;
    }
    void *words = publication->control.base;
    uint32_t slot = (uint32_t) publication->claimed;
    uint64_t at = slot_at(&publication->layout, slot);
    STEP("writer.commit");
    set64(words, at + SLOT_PAYLOAD_BYTES_AT, publication->payload_bytes);
    set64(words, at + SLOT_FRAME_AT, frame);
    set64(words, at + SLOT_CAPTURED_AT, (uint64_t) captured_ns);
    set32(words, at + SLOT_CHECKSUM_AT,
            publication->spec.checksum == FOAM_CRC32C
                    ? crc32c((char *) publication->payload.base + slot * publication->slot_stride, publication->payload_bytes)
                    : 0);
    uint64_t stamp = stamp_of(publication->sequence + 1, slot);
    set64_release(words, at + SLOT_READY_AT, stamp);
    publication->sequence++;
    set64_release(words, index_entry(&publication->layout, publication->sequence), stamp);
    set64_release(words, STREAM_LATEST_AT, stamp);
    publication->newest_slot = (int) slot;
    publication->claimed = -1;
    /* Reading the clock takes longer than all the rest: readers need not wait for it. */
    set64_release(words, at + SLOT_PUBLISHED_AT, (uint64_t) foam_now_ns());
    ring_doorbell(publication);
    return FOAM_OK;
}

void foam_abort(foam_publication *publication)
{
    if (publication->claimed >= 0) {
        void *words = publication->control.base;
        STEP("writer.abort");
        publication->claimed = -1;
        set64(words, STREAM_ABORTED_AT, get64(words, STREAM_ABORTED_AT) + 1);
    }
}

/* Frees the lanes of the dead and with them their leases. */
static void reclaim_lanes(foam_publication *publication)
{
    void *words = publication->control.base;
    STEP("writer.reclaim");
    for (uint32_t i = 0; i < publication->layout.max_readers; i++) {
        uint64_t at = lane_at(&publication->layout, i) + LANE_OWNER_AT;
        uint64_t owner = get64_acquire(words, at);
        if (owner != 0 && is_dead(publication->node, owner)) {
            compare_and_set(words, at, owner, 0);
        }
    }
}

/* Commits a second over the last two seconds; NaN until half a second has been seen. */
static void update_rate(foam_publication *publication, int64_t now_ns)
{
    int newest = (publication->rate_next + RATE_SAMPLES - 1) % RATE_SAMPLES;
    if (publication->rate_samples == 0 || now_ns - publication->rate_times[newest] >= RATE_WINDOW_NS / (RATE_SAMPLES - 1)) {
        publication->rate_times[publication->rate_next] = now_ns;
        publication->rate_counts[publication->rate_next] = publication->sequence;
        publication->rate_next = (publication->rate_next + 1) % RATE_SAMPLES;
        publication->rate_samples += publication->rate_samples < RATE_SAMPLES;
    }
    int oldest = (publication->rate_next + RATE_SAMPLES - publication->rate_samples) % RATE_SAMPLES;
    while (publication->rate_samples > 1
            && now_ns - publication->rate_times[oldest] > RATE_WINDOW_NS + RATE_WINDOW_NS / (RATE_SAMPLES - 1)) {
        publication->rate_samples--;
        oldest = (oldest + 1) % RATE_SAMPLES;
    }
    int64_t elapsed_ns = now_ns - publication->rate_times[oldest];
    double rate = elapsed_ns < SECOND_NS / 2
            ? (double) NAN
            : (double) (publication->sequence - publication->rate_counts[oldest]) * 1e9 / (double) elapsed_ns;
    uint64_t bits;
    memcpy(&bits, &rate, sizeof bits);
    STEP("writer.rate");
    set64_release(publication->control.base, STREAM_RATE_AT, bits);
}

/* ---- Reading ---------------------------------------------------------------------------------------------------------------------- */

static foam_status check_header(const char *path, ring *one, const foam_subscription *subscription, char *payload_file)
{
    const void *base = one->control.base;
    if (one->control.bytes < STREAM_BYTES) {
        return fail(FOAM_CORRUPT, "corrupt: path=%s bytes=%" PRIu64, path, one->control.bytes);
    }
    foam_status status = check_magic(
            path, get64_acquire(base, STREAM_MAGIC_AT), STREAM_MAGIC, get32(base, STREAM_VERSION_AT), STREAM_VERSION);
    if (status != FOAM_OK) {
        return status;
    }
    char node[FOAM_NAME_BYTES];
    foam_spec *spec = &one->spec;
    memset(spec, 0, sizeof *spec);
    get_text(node, base, STREAM_NODE_AT, 64);
    get_text(spec->stream, base, STREAM_STREAM_AT, 64);
    get_text(spec->device, base, STREAM_DEVICE_AT, 64);
    get_text(payload_file, base, STREAM_PAYLOAD_NAME_AT, 192);
    spec->dtype = (foam_dtype) get32(base, STREAM_DTYPE_AT);
    spec->rank = get32(base, STREAM_RANK_AT);
    for (uint32_t i = 0; i < spec->rank && i < FOAM_MAX_RANK; i++) {
        spec->shape[i] = (int64_t) get64(base, STREAM_SHAPE_AT + 8 * i);
    }
    spec->slots = get32(base, STREAM_SLOTS_AT);
    spec->max_readers = get32(base, STREAM_MAX_READERS_AT);
    spec->checksum = (foam_checksum) get32(base, STREAM_CHECKSUM_AT);
    one->incarnation = get64(base, STREAM_INCARNATION_AT);
    one->slot_bytes = checked_slot_bytes(spec);
    if (one->slot_bytes == 0) {
        char why[400];
        snprintf(why, sizeof why, "%.399s", reason);
        return fail(FOAM_CORRUPT, "corrupt: path=%s %s", path, why);
    }
    one->slot_stride = stride_of(one->slot_bytes);
    one->layout.slots = spec->slots;
    one->layout.max_readers = spec->max_readers;
    one->layout.index_length = index_length_of(spec->slots);
    bool is_payload_name = payload_file[0] != '\0' && payload_file[0] != '.' && strlen(payload_file) <= 160
            && strspn(payload_file, "abcdefghijklmnopqrstuvwxyz0123456789.@-") == strlen(payload_file);
    one->is_on_gpu = strncmp(spec->device, "cuda:", 5) == 0;
    if (!is_payload_name || (!one->is_on_gpu && strcmp(spec->device, "host") != 0) || strcmp(node, subscription->peer) != 0
            || strcmp(spec->stream, subscription->stream) != 0 || get64(base, STREAM_SLOT_BYTES_AT) != one->slot_bytes
            || get64(base, STREAM_SLOT_STRIDE_AT) != one->slot_stride
            || get64(base, STREAM_PAYLOAD_BYTES_AT) != one->slot_stride * spec->slots
            || get32(base, STREAM_INDEX_LENGTH_AT) != one->layout.index_length
            || get64(base, STREAM_CONTROL_BYTES_AT) != control_bytes(&one->layout)
            || one->control.bytes != control_bytes(&one->layout)) {
        return fail(FOAM_CORRUPT, "corrupt: path=%s sizes or names contradict each other: node=%.48s stream=%.48s fileBytes=%" PRIu64,
                path, node, spec->stream, one->control.bytes);
    }
    return FOAM_OK;
}

static foam_status open_payload(const char *path, ring *one)
{
    foam_status status = map_existing(path, false, &one->payload);
    if (status != FOAM_OK) {
        return status;
    }
    if (!one->is_on_gpu) {
        if (one->payload.bytes != one->slot_stride * one->spec.slots) {
            return fail(FOAM_CORRUPT, "payload has another size: path=%s bytes=%" PRIu64 " wanted=%" PRIu64, path, one->payload.bytes,
                    one->slot_stride * one->spec.slots);
        }
        populate(&one->payload, false);
        return FOAM_OK;
    }
    const void *base = one->payload.base;
    if (one->payload.bytes < GPU_BYTES) {
        return fail(FOAM_CORRUPT, "corrupt: path=%s bytes=%" PRIu64, path, one->payload.bytes);
    }
    status = check_magic(path, get64_acquire(base, GPU_MAGIC_AT), GPU_MAGIC, get32(base, GPU_VERSION_AT), GPU_VERSION);
    if (status != FOAM_OK) {
        return status;
    }
    one->gpu.arena_bytes = get64(base, GPU_ARENA_BYTES_AT);
    one->gpu_offset = get64(base, GPU_OFFSET_AT);
    memcpy(one->gpu.uuid, (const char *) base + GPU_UUID_AT, sizeof one->gpu.uuid);
    memcpy(one->gpu.ipc_handle, (const char *) base + GPU_IPC_HANDLE_AT, sizeof one->gpu.ipc_handle);
    uint64_t bytes = get64(base, GPU_PAYLOAD_BYTES_AT);
    if (bytes != one->slot_stride * one->spec.slots || one->gpu_offset > one->gpu.arena_bytes
            || bytes > one->gpu.arena_bytes - one->gpu_offset) {
        return fail(FOAM_CORRUPT, "corrupt: path=%s arenaBytes=%" PRIu64 " offset=%" PRIu64 " payloadBytes=%" PRIu64, path,
                one->gpu.arena_bytes, one->gpu_offset, bytes);
    }
    return FOAM_OK;
}

/* The newest commit that we may read; 0 or less if there is none yet. */
static int64_t newest_of(const ring *one)
{
    return (int64_t) sequence_of(get64_acquire(one->control.base, STREAM_LATEST_AT)) - one->behind;
}

static bool has_news(const ring *one)
{
    return newest_of(one) > (int64_t) one->sequence;
}

/* Takes a free lane, or that of a dead reader. */
static lane *attach_lane(const foam_node *node, ring *one)
{
    void *words = one->control.base;
    STEP("reader.join");
    for (uint32_t i = 0; i < one->layout.max_readers; i++) {
        uint64_t at = lane_at(&one->layout, i);
        uint64_t before = get64_acquire(words, at + LANE_OWNER_AT);
        while (before == 0 || (before != one->owner && is_dead(node, before))) {
            if (compare_and_set(words, at + LANE_OWNER_AT, before, one->owner)) {
                lane *taken = &one->lane_of[one->lanes++];
                taken->index = (int) i;
                taken->at = at;
                taken->of = one;
                /* What a dead reader left may still look like a lease of ours: the writer then spares that slot, until here. */
                set32_release(words, at + LANE_SLEEPING_AT, 0);
                set64_release(words, at + LANE_HELD_AT, 0);
                /* Counted on from the lane's last owner: a late store of its GPU must not be the end of a lease of ours. */
                uint64_t count = (get64_acquire(words, at + LANE_LEASE_ID_AT) + 1) & HASH_MASK;
                taken->lease_id = one->owner >> HASH_BITS << HASH_BITS | count;
                set64_release(words, at + LANE_LEASE_ID_AT, taken->lease_id);
                set64_release(words, at + LANE_DONE_AT, taken->lease_id);
                return taken;
            }
            before = get64_acquire(words, at + LANE_OWNER_AT); /* freed by the writer, or another reader was faster */
        }
    }
    return NULL;
}

static void detach_lane(ring *one, lane *held)
{
    void *words = one->control.base;
    if (held->index >= 0) {
        STEP("reader.leave");
        if (get64_acquire(words, held->at + LANE_OWNER_AT) == one->owner) {
            set64_release(words, held->at + LANE_HELD_AT, 0);
            compare_and_set(words, held->at + LANE_OWNER_AT, one->owner, 0);
        }
        held->index = -1;
    }
}

static void drop_ring(ring *one)
{
    if (__atomic_sub_fetch(&one->holders, 1, __ATOMIC_ACQ_REL) > 0) {
        return;
    }
    for (uint32_t i = 0; i < one->lanes; i++) {
        detach_lane(one, &one->lane_of[i]);
    }
    unmap(&one->control);
    unmap(&one->payload);
    free(one);
}

static bool is_leasing(const ring *one)
{
    return __atomic_load_n(&one->holders, __ATOMIC_ACQUIRE) > 1;
}

/* The subscription's part in it ends; leases that are open keep it. */
static void let_go(foam_subscription *subscription)
{
    ring *one = subscription->current;
    if (one == NULL) {
        return;
    }
    subscription->current = NULL;
    subscription->missed_before += one->missed;
    lock_guard(&one->guard);
    for (uint32_t i = 0; i < one->lanes; i++) {
        if (one->lane_of[i].ends == 0) {
            detach_lane(one, &one->lane_of[i]); /* others may want it */
        }
    }
    unlock_guard(&one->guard);
    if (is_leasing(one)) { /* the node has to find it when it leaves, so it holds it until then or until the last lease has ended */
        one->next = subscription->node->left_rings;
        subscription->node->left_rings = one;
        return;
    }
    drop_ring(one);
}

static void drop_left_rings(foam_node *node)
{
    for (ring **at = &node->left_rings; *at != NULL;) {
        ring *one = *at;
        if (is_leasing(one)) {
            at = &one->next;
        } else {
            *at = one->next;
            drop_ring(one);
        }
    }
}

static foam_status open_ring(foam_subscription *subscription, uint64_t incarnation, ring **opened)
{
    foam_node *node = subscription->node;
    char suffix[128];
    char path[PATH_BYTES];
    char payload_file[193];
    char payload[PATH_BYTES];
    snprintf(suffix, sizeof suffix, "%s.control", subscription->stream);
    file_of(path, node->directory, "", subscription->peer, incarnation, suffix);
    ring *one = (ring *) calloc(1, sizeof *one);
    if (one == NULL) {
        return fail(FOAM_IO, "out of memory: path=%s", path);
    }
    one->holders = 1;
    one->owner = owner_of(node->name, node->incarnation);
    one->behind = subscription->behind;
    foam_status status = map_existing(path, true, &one->control);
    if (status == FOAM_OK) {
        status = check_header(path, one, subscription, payload_file);
    }
    if (status == FOAM_OK && one->incarnation != incarnation) {
        status = fail(FOAM_CORRUPT, "corrupt: path=%s of incarnation=%" PRIu64, path, one->incarnation);
    }
    if (status == FOAM_OK && (int64_t) one->behind > (int64_t) one->layout.slots - one->layout.max_readers - 2) {
        status = fail(FOAM_FULL, "too few slots to stay that far behind: path=%s behind=%u most=slots-maxReaders-2=%" PRId64, path,
                one->behind, (int64_t) one->layout.slots - one->layout.max_readers - 2);
    }
    if (status == FOAM_OK) {
        path_of(payload, node->directory, payload_file);
        status = open_payload(payload, one);
    }
    if (status == FOAM_OK && attach_lane(node, one) == NULL) {
        status = fail(FOAM_FULL, "too many readers: stream=%s readers=%u maxReaders=%u", subscription->target,
                one->layout.max_readers + 1, one->layout.max_readers);
    }
    if (status != FOAM_OK) {
        drop_ring(one);
        return status;
    }
    bool from_oldest = subscription->mode == FOAM_FROM_OLDEST || (subscription->has_joined && subscription->mode == FOAM_IN_ORDER);
    int64_t newest = newest_of(one);
    one->sequence = from_oldest || newest < 1 ? 0 : (uint64_t) newest - 1;
    *opened = one;
    return FOAM_OK;
}

/* What an incarnation has left is read before the next one; it is all read when a poll finds nothing more. */
static bool is_read_to_its_end(foam_subscription *subscription, uint64_t next)
{
    if (subscription->drained_for != next) {
        subscription->drained_for = next;
        subscription->is_drained = false;
    }
    return subscription->mode == FOAM_LATEST || subscription->is_drained || !has_news(subscription->current);
}

/* Joins the peer's newest incarnation if there is one that we do not read yet; whether it did. */
static bool rejoin(foam_subscription *subscription, int64_t now_ns)
{
    foam_node *node = subscription->node;
    ring *current = subscription->current;
    if (current != NULL) {
        foam_set(subscription->behind_counter, (int64_t) foam_behind(subscription));
        /* What a dead peer left stays taken until the last reader lets go: when nothing in it is left to read. */
        if (!is_leasing(current) && !has_news(current) && is_dead(node, owner_of(subscription->peer, current->incarnation))) {
            subscription->refused_incarnation = current->incarnation;
            let_go(subscription);
            current = NULL;
        }
    }
    peer *writer = peer_of(node, subscription->peer);
    if (writer == NULL || !writer->is_held || writer->incarnation == 0 || writer->incarnation == subscription->refused_incarnation
            || (current != NULL && current->incarnation == writer->incarnation) || now_ns < subscription->next_join_ns
            || (current != NULL && !is_read_to_its_end(subscription, writer->incarnation))) {
        return false;
    }
    ring *next = NULL;
    foam_status status = open_ring(subscription, writer->incarnation, &next);
    if (status == FOAM_OK) {
        let_go(subscription);
        subscription->current = next;
        subscription->has_joined = true;
        subscription->last_refusal[0] = '\0';
        subscription->heard = get32_acquire(next->control.base, STREAM_DOORBELL_AT) - (has_news(next) ? 1 : 0);
        foam_count(subscription->joins_counter, 1);
        return true;
    }
    if (status == FOAM_NONE || status == FOAM_BEING_CREATED) {
        return false; /* not there yet: asked again at the next turn */
    }
    if (status == FOAM_CORRUPT || status == FOAM_TOO_OLD || status == FOAM_TOO_NEW || status == FOAM_REFUSED) {
        subscription->refused_incarnation = writer->incarnation;
    }
    subscription->next_join_ns = now_ns + RETRY_NS; /* for example no lane is free: may pass */
    if (strcmp(subscription->last_refusal, reason) != 0) {
        snprintf(subscription->last_refusal, sizeof subscription->last_refusal, "%s", reason);
        foam_record(node, reason);
    }
    return false;
}

static void append_read(foam_node *node, const char *target)
{
    size_t length = strlen(node->reads);
    size_t more = strlen(target);
    for (const char *at = node->reads; *at != '\0';) {
        size_t one = strcspn(at, ",");
        if (one == more && strncmp(at, target, more) == 0) {
            return;
        }
        at += one + (at[one] == ',');
    }
    if (length + more + 1 <= MAX_ATTRIBUTE_BYTES) { /* whole targets only: to declare is no condition of reading */
        snprintf(node->reads + length, sizeof node->reads - length, "%s%s", length == 0 ? "" : ",", target);
    }
}

static foam_status split_target(const char *target, char *node, char *stream, bool may_be_any)
{
    size_t length = target == NULL ? 0 : strcspn(target, "/");
    bool is_any = length == 1 && target[0] == '*' && may_be_any;
    if (target == NULL || (!is_any && !is_node_name_of(target, length)) || target[length] != '/' || !is_name(target + length + 1)) {
        return fail(FOAM_INVALID, "wanted NODE/STREAM: target=%.100s", target == NULL ? "" : target);
    }
    snprintf(node, FOAM_NAME_BYTES, "%.*s", (int) length, target);
    snprintf(stream, FOAM_NAME_BYTES, "%s", target + length + 1);
    return FOAM_OK;
}

foam_status foam_reads(foam_node *node, const char *target)
{
    char peer_name[FOAM_NAME_BYTES];
    char stream[FOAM_NAME_BYTES];
    foam_status status = split_target(target, peer_name, stream, true);
    if (status == FOAM_OK) {
        status = require_unstarted(node, "reads", target);
    }
    if (status == FOAM_OK) {
        append_read(node, target);
    }
    return status;
}

static foam_counter *counter_of_target(foam_node *node, const char *target, const char *what)
{
    char label[MAX_TARGET_BYTES + 32];
    snprintf(label, sizeof label, "read.%s.%s", target, what);
    return foam_counter_of(node, label);
}

foam_status foam_subscribe(
        foam_node *node, const char *target, foam_mode mode, uint32_t behind, uint32_t leases, foam_subscription **subscription)
{
    *subscription = NULL;
    if (leases < 1 || leases > FOAM_MAX_LEASES || (int) mode < FOAM_LATEST || mode > FOAM_FROM_OLDEST || behind > MAX_SLOTS) {
        return fail(FOAM_INVALID, "no way to subscribe: target=%.100s mode=%d behind=%u leases=%u most=%d", target == NULL ? "" : target,
                (int) mode, behind, leases, FOAM_MAX_LEASES);
    }
    foam_subscription *one = (foam_subscription *) calloc(1, sizeof *one);
    if (one == NULL) {
        return fail(FOAM_IO, "out of memory: target=%.100s", target == NULL ? "" : target);
    }
    foam_status status = split_target(target, one->peer, one->stream, false);
    if (status != FOAM_OK) {
        free(one);
        return status;
    }
    snprintf(one->target, sizeof one->target, "%s", target);
    one->node = node;
    one->mode = mode;
    one->behind = behind;
    one->max_leases = leases;
    one->leases_counter = counter_of_target(node, target, "leases");
    one->missed_counter = counter_of_target(node, target, "missed");
    one->behind_counter = counter_of_target(node, target, "behind");
    one->torn_counter = counter_of_target(node, target, "torn");
    one->joins_counter = counter_of_target(node, target, "joins");
    counter_of_target(node, target, "copiedBytes"); /* always 0: what is read is read where it is */
    one->next = node->subscriptions;
    node->subscriptions = one;
    if (!node->is_started) {
        append_read(node, target);
    }
    refresh_peers(node);
    rejoin(one, foam_now_ns());
    *subscription = one;
    return FOAM_OK;
}

foam_status foam_look(foam_subscription *subscription)
{
    refresh_peers(subscription->node);
    rejoin(subscription, foam_now_ns());
    return subscription->current == NULL ? fail(FOAM_NONE, "the stream is not there: target=%s", subscription->target) : FOAM_OK;
}

void foam_unsubscribe(foam_subscription *subscription)
{
    foam_node *node = subscription->node;
    foam_subscription **at = &node->subscriptions;
    while (*at != NULL && *at != subscription) {
        at = &(*at)->next;
    }
    if (*at != NULL) {
        *at = subscription->next;
        let_go(subscription);
        free(subscription);
    }
}

/* From here on the writer spares the slot, unless it has withdrawn it before: the caller looks for that next. */
static void announce(ring *one, lane *held, uint64_t stamp)
{
    set64_release(one->control.base, held->at + LANE_LEASE_ID_AT, ++held->lease_id);
    set64_release(one->control.base, held->at + LANE_HELD_AT, stamp);
    full_fence();
}

static void release(ring *one, lane *held)
{
    set64_release(one->control.base, held->at + LANE_DONE_AT, held->lease_id);
}

/* A stamp comes from another process: it is not believed to be of a slot before it has been looked at. */
static bool is_slot(const ring *one, uint64_t stamp)
{
    return slot_of(stamp) < one->layout.slots;
}

static bool is_there(const ring *one, uint64_t stamp)
{
#ifdef FOAM_WITHOUT_SECOND_LOOK
    (void) one;
    (void) stamp;
    return true;
#else
    return get64_acquire(one->control.base, slot_at(&one->layout, slot_of(stamp)) + SLOT_READY_AT) == stamp;
#endif
}

/* The stamp of a commit by its index entry; 0 if its entry is another's by now. */
static uint64_t announced(const ring *one, uint64_t wanted)
{
    uint64_t stamp = get64_acquire(one->control.base, index_entry(&one->layout, wanted));
    return sequence_of(stamp) == wanted && is_slot(one, stamp) ? stamp : 0;
}

static uint64_t lease_newest(ring *one, lane *held)
{
    for (int race = 0; race < MAX_RACES; race++) {
        uint64_t stamp = get64_acquire(one->control.base, STREAM_LATEST_AT);
        uint64_t newest = sequence_of(stamp);
        if (newest <= one->sequence || !is_slot(one, stamp)) {
            return 0;
        }
        STEP(race == 0 ? "reader.lease" : "reader.race");
#ifdef FOAM_WITHOUT_SECOND_LOOK
        sched_yield();
#endif
        announce(one, held, stamp);
        /* The newest commit is never withdrawn, so if it still is the newest the slot itself need not be looked at. */
        if (get64_acquire(one->control.base, STREAM_LATEST_AT) == stamp || is_there(one, stamp)) {
            one->missed += newest - one->sequence - 1;
            one->sequence = newest;
            return stamp;
        }
        release(one, held);
    }
    return 0;
}

/* Unless its slot is withdrawn first. Who stays behind then passes it over for good: to try again could hold up the writer. */
static bool try_lease(ring *one, lane *held, uint64_t stamp)
{
    STEP("reader.lease");
    announce(one, held, stamp);
    bool is_leased_now = is_there(one, stamp);
    if (!is_leased_now) {
        release(one, held);
        if (one->behind == 0) {
            return false;
        }
        one->missed++;
    }
    one->missed += sequence_of(stamp) - one->sequence - 1;
    one->sequence = sequence_of(stamp);
    return is_leased_now;
}

/* The commit at our distance, or if that is gone already the newest before it. */
static uint64_t lease_behind_newest(ring *one, lane *held)
{
    int64_t newest = newest_of(one);
    int64_t least = newest - one->layout.index_length > (int64_t) one->sequence ? newest - one->layout.index_length
                                                                                : (int64_t) one->sequence;
    for (int64_t wanted = newest; wanted > least; wanted--) {
        uint64_t stamp = announced(one, (uint64_t) wanted);
        if (stamp != 0 && is_there(one, stamp) && try_lease(one, held, stamp)) {
            return stamp;
        }
    }
    return 0;
}

/* The oldest commit after the last one leased that is still there. */
static uint64_t lease_next(ring *one, lane *held)
{
    int64_t newest = newest_of(one);
    int64_t oldest = newest - one->layout.index_length + 1;
    int64_t wanted = oldest > (int64_t) one->sequence + 1 ? oldest : (int64_t) one->sequence + 1;
    for (int races = 0; wanted <= newest && races < MAX_RACES; wanted++) {
        uint64_t stamp = announced(one, (uint64_t) wanted);
        if (stamp == 0 || !is_there(one, stamp)) {
            continue; /* recycled */
        }
        if (try_lease(one, held, stamp)) {
            return stamp;
        }
        races++;
    }
    return 0;
}

/* Copies the slot's header and looks whether it makes sense and the bytes have their checksum. */
static bool describe(ring *one, lane *held, uint64_t stamp)
{
    const void *words = one->control.base;
    uint64_t at = slot_at(&one->layout, slot_of(stamp));
    foam_lease *lease = &held->lease;
    lease->bytes = get64(words, at + SLOT_PAYLOAD_BYTES_AT);
    lease->dtype = one->spec.dtype;
    lease->rank = get32(words, at + SLOT_RANK_AT);
    lease->frame = get64(words, at + SLOT_FRAME_AT);
    lease->captured_ns = (int64_t) get64(words, at + SLOT_CAPTURED_AT);
    lease->tag = (int64_t) get64(words, at + SLOT_TAG_AT);
    lease->sequence = sequence_of(stamp);
    lease->incarnation = one->incarnation;
    uint64_t offset = slot_of(stamp) * one->slot_stride;
    lease->data = one->is_on_gpu ? NULL : (const char *) one->payload.base + offset;
    lease->device_offset = one->is_on_gpu ? one->gpu_offset + offset : 0;
    bool is_possible = lease->rank == one->spec.rank;
    uint64_t bytes = foam_dtype_bytes(one->spec.dtype);
    for (uint32_t i = 0; is_possible && i < lease->rank; i++) {
        lease->shape[i] = (int64_t) get64(words, at + SLOT_SHAPE_AT + 8 * i);
        is_possible = lease->shape[i] >= 0 && lease->shape[i] <= one->spec.shape[i];
        bytes *= is_possible ? (uint64_t) lease->shape[i] : 1;
    }
    return is_possible && bytes == lease->bytes
            && (one->spec.checksum != FOAM_CRC32C || one->is_on_gpu
                    || crc32c(lease->data, lease->bytes) == get32(words, at + SLOT_CHECKSUM_AT));
}

static lane *free_lane(const foam_subscription *subscription, ring *one)
{
    for (uint32_t i = 0; i < one->lanes; i++) {
        if (__atomic_load_n(&one->lane_of[i].ends, __ATOMIC_ACQUIRE) == 0) {
            return &one->lane_of[i];
        }
    }
    return one->lanes < subscription->max_leases ? attach_lane(subscription->node, one) : NULL;
}

foam_status foam_poll(foam_subscription *subscription, const foam_lease **lease)
{
    *lease = NULL;
    foam_status status = turn_if_due(subscription->node);
    if (status != FOAM_OK) {
        return status;
    }
    ring *one = subscription->current;
    if (one == NULL) {
        return FOAM_NONE;
    }
    uint32_t doorbell = get32_acquire(one->control.base, STREAM_DOORBELL_AT);
    subscription->heard = doorbell;
    lane *held = free_lane(subscription, one);
    if (held == NULL) {
        return fail(FOAM_FULL, "too many leases are open, or too many readers: target=%s leases=%u asked for=%u maxReaders=%u",
                subscription->target, one->lanes, subscription->max_leases, one->layout.max_readers);
    }
    uint64_t stamp = 0;
    if (has_news(one)) {
        stamp = subscription->mode != FOAM_LATEST ? lease_next(one, held)
                : one->behind > 0                 ? lease_behind_newest(one, held)
                                                  : lease_newest(one, held);
    }
    if (stamp == 0) {
        subscription->is_drained = true;
        return FOAM_NONE;
    }
    subscription->heard = has_news(one) ? doorbell - 1 : doorbell; /* what is left unread keeps foam_wait awake */
    foam_count(subscription->leases_counter, 1);
    foam_set(subscription->missed_counter, (int64_t) foam_missed(subscription));
    if (!describe(one, held, stamp)) {
        release(one, held);
        subscription->torn++;
        foam_count(subscription->torn_counter, 1);
        fail(FOAM_CORRUPT, "torn tensor: stream=%s incarnation=%" PRIu64, subscription->target, one->incarnation);
        foam_record(subscription->node, reason);
        return FOAM_NONE;
    }
    __atomic_store_n(&held->ends, 1, __ATOMIC_RELEASE);
    __atomic_add_fetch(&one->holders, 1, __ATOMIC_RELAXED);
    *lease = &held->lease;
    return FOAM_OK;
}

static lane *lane_of_lease(const foam_lease *lease)
{
    return (lane *) (void *) ((char *) (uintptr_t) lease - offsetof(lane, lease));
}

void foam_lease_keep(const foam_lease *lease)
{
    __atomic_add_fetch(&lane_of_lease(lease)->ends, 1, __ATOMIC_RELAXED);
}

void foam_lease_end(const foam_lease *lease)
{
    lane *held = lane_of_lease(lease);
    ring *one = held->of;
    lock_guard(&one->guard); /* against the node that leaves, or whose subscription ends, on its own thread */
    bool is_last = __atomic_load_n(&held->ends, __ATOMIC_ACQUIRE) == 1;
    if (is_last && !one->has_left) {
        STEP("reader.end");
        release(one, held);
    }
    __atomic_sub_fetch(&held->ends, 1, __ATOMIC_ACQ_REL);
    unlock_guard(&one->guard);
    if (is_last) {
        drop_ring(one);
    }
}

/* The bytes are about to be the writer's again, and somebody still looks at them: a private copy takes the place of their pages. */
static void keep_bytes(const foam_lease *lease)
{
    uintptr_t from = (uintptr_t) lease->data / PAGE_BYTES * PAGE_BYTES;
    size_t bytes = ((uintptr_t) lease->data + lease->bytes - from + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    void *copy = lease->bytes == 0 ? MAP_FAILED : mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (copy != MAP_FAILED) {
        memcpy(copy, (const void *) from, bytes); /* with what others still look at in the same pages */
        mprotect(copy, bytes, PROT_READ);
        if (mremap(copy, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, (void *) from) == MAP_FAILED) {
            munmap(copy, bytes);
        }
    }
}

static void leave_ring(ring *one)
{
    lock_guard(&one->guard);
    for (uint32_t i = 0; i < one->lanes; i++) {
        if (one->lane_of[i].ends > 0 && one->lane_of[i].lease.data != NULL) {
            keep_bytes(&one->lane_of[i].lease);
        }
    }
    one->has_left = true;
    for (uint32_t i = 0; i < one->lanes; i++) {
        detach_lane(one, &one->lane_of[i]);
    }
    unlock_guard(&one->guard);
    drop_ring(one);
}

foam_status foam_subscribed(const foam_subscription *subscription, foam_spec *spec)
{
    if (subscription->current == NULL) {
        return fail(FOAM_NONE, "the stream is not there: target=%s", subscription->target);
    }
    *spec = subscription->current->spec;
    return FOAM_OK;
}

foam_status foam_gpu_payload(const foam_subscription *subscription, foam_gpu *gpu)
{
    if (subscription->current == NULL || !subscription->current->is_on_gpu) {
        return fail(FOAM_NONE, "not in a GPU's memory: target=%s", subscription->target);
    }
    *gpu = subscription->current->gpu;
    return FOAM_OK;
}

const void *foam_mapping(const foam_subscription *subscription, uint64_t *bytes)
{
    const ring *one = subscription->current;
    *bytes = one == NULL ? 0 : one->payload.bytes;
    return one == NULL ? NULL : one->payload.base;
}

uint64_t foam_subscribed_incarnation(const foam_subscription *subscription)
{
    return subscription->current == NULL ? 0 : subscription->current->incarnation;
}

uint64_t foam_missed(const foam_subscription *subscription)
{
    return subscription->missed_before + (subscription->current == NULL ? 0 : subscription->current->missed);
}

uint64_t foam_behind(const foam_subscription *subscription)
{
    const ring *one = subscription->current;
    return one == NULL ? 0 : sequence_of(get64_acquire(one->control.base, STREAM_LATEST_AT)) - one->sequence;
}

uint64_t foam_torn(const foam_subscription *subscription)
{
    return subscription->torn;
}

/* ---- Cleaner: removes what dead peers left ------------------------------------------------------------------------------------------- */

static bool is_in_use(const foam_node *node, const char *path)
{
    mapping control = {NULL, 0};
    if (map_existing(path, false, &control) != FOAM_OK) {
        return false;
    }
    bool in_use = false;
    ring_layout layout = {0, 0, 0};
    if (control.bytes >= STREAM_BYTES && get64_acquire(control.base, STREAM_MAGIC_AT) == STREAM_MAGIC
            && get32(control.base, STREAM_VERSION_AT) == STREAM_VERSION) {
        layout.slots = get32(control.base, STREAM_SLOTS_AT);
        layout.max_readers = get32(control.base, STREAM_MAX_READERS_AT);
    }
    if (layout.slots >= 1 && layout.slots <= MAX_SLOTS && layout.max_readers <= MAX_LANES) {
        layout.index_length = index_length_of(layout.slots);
        for (uint32_t i = 0; control_bytes(&layout) == control.bytes && i < layout.max_readers; i++) {
            uint64_t at = lane_at(&layout, i);
            uint64_t owner = get64_acquire(control.base, at + LANE_OWNER_AT);
            in_use |= owner != 0 && get64_acquire(control.base, at + LANE_HELD_AT) != 0
                    && get64_acquire(control.base, at + LANE_DONE_AT) != get64_acquire(control.base, at + LANE_LEASE_ID_AT)
                    && !is_dead(node, owner);
        }
    }
    unmap(&control);
    return in_use;
}

static void remove_remains(const foam_node *node, const peer *dead)
{
    /* First a look at all its streams, then the removal: all of it goes, or nothing. */
    for (int pass = 0; pass < 2; pass++) {
        DIR *directory = opendir(node->directory);
        if (directory == NULL) {
            return;
        }
        bool in_use = false;
        for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
            uint64_t incarnation;
            if (!is_of_incarnation(entry->d_name, dead->name, &incarnation) || incarnation > dead->incarnation) {
                continue;
            }
            if (pass == 1 && !ends_with(entry->d_name, ".counters")) {
                unlinkat(dirfd(directory), entry->d_name, 0);
            } else if (pass == 0 && entry->d_name[0] != '.' && ends_with(entry->d_name, ".control")) {
                char path[PATH_BYTES];
                path_of(path, node->directory, entry->d_name);
                in_use |= is_in_use(node, path);
            }
        }
        closedir(directory);
        if (in_use) {
            return;
        }
    }
}

static void sweep(const foam_node *node)
{
    bool any = false;
    for (const peer *one = node->peers; one != NULL; one = one->next) {
        any |= !one->is_held && !one->is_stopped;
    }
    if (!any) {
        return;
    }
    char path[PATH_BYTES];
    path_of(path, node->directory, "cleaner.lock");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && try_lock(fd)) {
        for (const peer *one = node->peers; one != NULL; one = one->next) {
            if (!one->is_held && !one->is_stopped) {
                remove_remains(node, one);
            }
        }
    }
    if (fd >= 0) {
        close(fd);
    }
}

/* ---- Node ------------------------------------------------------------------------------------------------------------------------- */

static foam_status open_directory(const char *wanted, foam_node *node)
{
    char path[sizeof node->directory];
    const char *configured = wanted != NULL && wanted[0] != '\0' ? wanted : getenv("FOAM_DIR");
    int length = configured != NULL && configured[0] != '\0' ? snprintf(path, sizeof path, "%s", configured)
                                                              : snprintf(path, sizeof path, "/dev/shm/foam-%u", geteuid());
    if (length < 0 || (size_t) length >= sizeof path) {
        return fail(FOAM_INVALID, "the foam's path is too long: bytes=%d", length);
    }
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return errno == ENOENT ? fail(FOAM_IO, "the foam's parent directory does not exist: path=%s", path)
                               : fail_errno("the foam cannot be made", path);
    }
    struct stat facts;
    if (lstat(path, &facts) != 0) {
        return fail_errno("no foam here", path);
    }
    if (!S_ISDIR(facts.st_mode)) {
        return fail(FOAM_REFUSED, "the foam's path is not a directory: path=%s", path);
    }
    if (facts.st_uid != geteuid()) {
        return fail(FOAM_REFUSED, "the foam belongs to another user: path=%s uid=%u ours=%u", path, facts.st_uid, geteuid());
    }
    if ((facts.st_mode & 0077) != 0) {
        return fail(FOAM_REFUSED, "the foam is open to others: path=%s mode=%o wanted=700", path, facts.st_mode & 0777);
    }
    char *absolute = realpath(path, NULL);
    if (absolute == NULL || strlen(absolute) >= sizeof node->directory) {
        free(absolute);
        return fail_errno("the foam's path cannot be resolved", path);
    }
    snprintf(node->directory, sizeof node->directory, "%s", absolute);
    free(absolute);
    char created[PATH_BYTES];
    path_of(created, node->directory, "created");
    int fd = open(created, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        close(fd);
    }
    return FOAM_OK;
}

static void free_node(foam_node *node)
{
    unmap(&node->mark);
    unmap(&node->counters);
    while (node->first_counter != NULL) {
        foam_counter *next = node->first_counter->next;
        free(node->first_counter);
        node->first_counter = next;
    }
    while (node->attributes != NULL) {
        attribute *next = node->attributes->next;
        free(node->attributes->value);
        free(node->attributes);
        node->attributes = next;
    }
    while (node->peers != NULL) {
        peer *next = node->peers->next;
        close_peer(node->peers);
        node->peers = next;
    }
    free(node);
}

foam_status foam_join(const foam_options *options, foam_node **joined)
{
    *joined = NULL;
    const char *name = options->name != NULL && options->name[0] != '\0' ? options->name : getenv("FOAM_NAME");
    const char *role = options->role != NULL && options->role[0] != '\0' ? options->role : "tool";
    foam_status status = require_name("node", name);
    status = status == FOAM_OK ? require_name("role", role) : status;
    if (status != FOAM_OK) {
        return status;
    }
    foam_node *node = (foam_node *) calloc(1, sizeof *node);
    if (node == NULL) {
        return fail(FOAM_IO, "out of memory: node=%s", name);
    }
    node->mark_fd = -1;
    put_text(node->name, sizeof node->name - 1, name);
    put_text(node->role, sizeof node->role - 1, role);
    put_text(node->language, sizeof node->language - 1, options->language == NULL ? "c" : options->language);
    status = open_directory(options->directory, node);
    if (status == FOAM_OK) {
        status = acquire_mark(node);
    }
    if (status == FOAM_OK) {
        remove_older(node);
        status = create_counters(node);
    }
    if (status != FOAM_OK) {
        if (node->mark_fd >= 0) {
            close(node->mark_fd);
        }
        free_node(node);
        return status;
    }
    refresh_peers(node);
    *joined = node;
    return FOAM_OK;
}

foam_status foam_attribute(foam_node *node, const char *key, const char *value)
{
    size_t length = key == NULL ? 0 : strlen(key);
    bool is_key = length >= 1 && length <= 64 && strchr("._-", key[0]) == NULL
            && strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == length;
    if (!is_key || value == NULL || strlen(value) > MAX_ATTRIBUTE_BYTES || strcmp(key, "reads") == 0 || strcmp(key, "language") == 0) {
        return fail(FOAM_INVALID, "no attribute, or one that is kept by the node: key=%.70s bytes=%zu most=%d", key == NULL ? "" : key,
                value == NULL ? 0 : strlen(value), MAX_ATTRIBUTE_BYTES);
    }
    foam_status status = require_unstarted(node, "attribute", key);
    if (status != FOAM_OK) {
        return status;
    }
    int count = 2;
    attribute **at = &node->attributes;
    while (*at != NULL && strcmp((*at)->key, key) != 0) {
        at = &(*at)->next;
        count++;
    }
    char *copy = count < MAX_ATTRIBUTES ? strdup(value) : NULL;
    if (copy != NULL && *at == NULL) {
        *at = (attribute *) calloc(1, sizeof **at);
    }
    if (copy == NULL || *at == NULL) {
        free(copy);
        return fail(FOAM_FULL, "too many attributes, or out of memory: key=%s", key);
    }
    free((*at)->value);
    (*at)->value = copy;
    snprintf((*at)->key, sizeof (*at)->key, "%s", key);
    return FOAM_OK;
}

foam_status foam_start(foam_node *node)
{
    if (node->is_started) {
        return FOAM_OK;
    }
    node->is_started = true;
    foam_status status = publish_card(node);
    if (status != FOAM_OK) {
        node->is_started = false;
    }
    return status;
}

static foam_status control_turn(foam_node *node, int64_t now_ns)
{
    bool changed = refresh_peers(node);
    for (foam_subscription *one = node->subscriptions; one != NULL; one = one->next) {
        changed |= rejoin(one, now_ns);
    }
    drop_left_rings(node);
    for (foam_publication *one = node->publications; one != NULL; one = one->next) {
        update_rate(one, now_ns);
        reclaim_lanes(one);
    }
    if (now_ns >= node->next_sweep_ns) {
        node->next_sweep_ns = now_ns + SWEEP_EVERY_NS;
        if (!is_mark_in_place(node)) {
            /* The name may be another's by now, and our leases count no longer. */
            return fail(FOAM_GONE, "the node's mark was removed under it: path=%s/%s.mark incarnation=%" PRIu64, node->directory,
                    node->name, node->incarnation);
        }
        sweep(node);
    }
    node->turns_with_news += changed;
    node->last_work_ns = changed ? now_ns : node->last_work_ns;
    bool is_quiet = now_ns - node->last_work_ns > QUIET_AFTER_NS;
    node->next_control_ns = now_ns + (is_quiet ? QUIET_CONTROL_EVERY_NS : CONTROL_EVERY_NS);
    return FOAM_OK;
}

static foam_status turn_at(foam_node *node, int64_t now_ns)
{
    if (node->is_forked) {
        return fail(FOAM_INVALID, "the node is another process's: name=%s", node->name);
    }
    set64_release(node->mark.base, MARK_HEARTBEAT_AT, (uint64_t) now_ns);
    foam_status status = node->is_started ? FOAM_OK : foam_start(node);
    return status == FOAM_OK && now_ns >= node->next_control_ns ? control_turn(node, now_ns) : status;
}

foam_status foam_turn(foam_node *node)
{
    return turn_at(node, foam_now_ns());
}

/* In each poll and claim, so by the clock that costs the least; it is some milliseconds late. */
static foam_status turn_if_due(foam_node *node)
{
    int64_t now_ns = clock_ns(CLOCK_MONOTONIC_COARSE);
    node->last_work_ns = now_ns;
    return turn_at(node, now_ns);
}

void foam_beat(foam_node *node)
{
    if (!node->is_forked) {
        set64_release(node->mark.base, MARK_HEARTBEAT_AT, (uint64_t) foam_now_ns());
    }
}

static volatile sig_atomic_t is_stopping;

static void on_stop_signal(int signal_number)
{
    (void) signal_number;
    is_stopping = 1;
}

void foam_stop_on_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_stop_signal; /* without SA_RESTART: a sleep ends */
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

bool foam_stopping(void)
{
    return is_stopping != 0;
}

typedef struct {
    uint64_t value;
    uint64_t address;
    uint32_t flags;
    uint32_t reserved;
} futex_word;

enum { MAX_WORDS = 128, FUTEX_32_SHARED = 2, SYS_FUTEX_WAITV = 449 };

/* Sleeps on all doorbells; whether a signal ended it. A kernel before 5.16, or a sandbox, refuses: then the words are polled. */
static bool sleep_on(futex_word *words, uint32_t count, int64_t deadline_ns)
{
    struct timespec until = {(time_t) (deadline_ns / SECOND_NS), (long) (deadline_ns % SECOND_NS)};
    long result = count == 0 ? -1 : syscall(SYS_FUTEX_WAITV, words, count, 0, &until, CLOCK_MONOTONIC);
    if (result < 0 && count > 0 && (errno == EAGAIN || errno == EINTR || errno == ETIMEDOUT)) {
        return errno == EINTR;
    }
    if (result < 0) {
        int64_t nap_ns = deadline_ns - foam_now_ns();
        nap_ns = count > 0 && nap_ns > 200000 ? 200000 : nap_ns < 0 ? 0 : nap_ns;
        struct timespec nap = {(time_t) (nap_ns / SECOND_NS), (long) (nap_ns % SECOND_NS)};
        return nanosleep(&nap, NULL) != 0 && errno == EINTR;
    }
    return false;
}

/* Announces the sleep on each doorbell; whether one has rung since its last poll. */
static bool prepare_sleep(foam_node *node, futex_word *words, uint32_t *count)
{
    bool has_rung = false;
    STEP("reader.sleep");
    for (foam_subscription *one = node->subscriptions; one != NULL; one = one->next) {
        if (one->current == NULL || one->current->lanes == 0) {
            continue;
        }
        void *base = one->current->control.base;
        set32_release(base, one->current->lane_of[0].at + LANE_SLEEPING_AT, 1);
        uint32_t doorbell = get32_acquire(base, STREAM_DOORBELL_AT);
        full_fence();
        /* Read again behind the fence: a writer that did not see us asleep has changed it before. */
        has_rung |= doorbell != one->heard || get32_acquire(base, STREAM_DOORBELL_AT) != one->heard;
        if (*count < MAX_WORDS) {
            futex_word *word = &words[(*count)++];
            word->value = one->heard;
            word->address = (uint64_t) (uintptr_t) ((char *) base + STREAM_DOORBELL_AT);
            word->flags = FUTEX_32_SHARED;
            word->reserved = 0;
        }
    }
    return has_rung;
}

static void end_sleep(foam_node *node)
{
    STEP("reader.wake");
    for (foam_subscription *one = node->subscriptions; one != NULL; one = one->next) {
        if (one->current != NULL && one->current->lanes > 0) {
            set32_release(one->current->control.base, one->current->lane_of[0].at + LANE_SLEEPING_AT, 0);
        }
    }
}

static bool has_unheard(const foam_node *node)
{
    for (const foam_subscription *one = node->subscriptions; one != NULL; one = one->next) {
        if (one->current != NULL && get32_acquire(one->current->control.base, STREAM_DOORBELL_AT) != one->heard) {
            return true;
        }
    }
    return false;
}

foam_status foam_wait(foam_node *node, int64_t timeout_ns)
{
    int64_t begun_ns = foam_now_ns();
    int64_t deadline_ns = timeout_ns > INT64_MAX - begun_ns ? INT64_MAX : begun_ns + (timeout_ns < 0 ? 0 : timeout_ns);
    for (int64_t now_ns = begun_ns;; now_ns = foam_now_ns()) {
        foam_status status = turn_at(node, now_ns);
        if (status != FOAM_OK) {
            return status;
        }
        if (has_unheard(node)) {
            return FOAM_OK;
        }
        if (now_ns >= deadline_ns || foam_stopping()) {
            return FOAM_NONE;
        }
        futex_word words[MAX_WORDS];
        uint32_t count = 0;
        bool is_interrupted = false;
        if (!prepare_sleep(node, words, &count)) {
            is_interrupted = sleep_on(words, count, deadline_ns < node->next_control_ns ? deadline_ns : node->next_control_ns);
        }
        end_sleep(node);
        if (is_interrupted && !has_unheard(node)) {
            return FOAM_NONE;
        }
    }
}

void foam_leave(foam_node *node, bool cleanly)
{
    if (node->is_forked) {
        return; /* all of it is the parent's; what is mapped goes with this process */
    }
    while (node->subscriptions != NULL) {
        foam_subscription *one = node->subscriptions;
        node->subscriptions = one->next;
        if (one->current != NULL) {
            leave_ring(one->current);
        }
        free(one);
    }
    while (node->left_rings != NULL) {
        ring *one = node->left_rings;
        node->left_rings = one->next;
        leave_ring(one);
    }
    STEP("node.leave");
    char path[PATH_BYTES];
    bool is_ours = is_mark_in_place(node); /* else files of these names may be somebody else's */
    if (is_ours) {
        POINT();
        file_of(path, node->directory, "", node->name, node->incarnation, "manifest");
        unlink(path);
    }
    while (node->publications != NULL) {
        foam_publication *one = node->publications;
        node->publications = one->next;
        foam_abort(one);
        if (is_ours) {
            POINT();
            path_of(path, node->directory, one->control_file);
            unlink(path);
            POINT();
            path_of(path, node->directory, one->payload_file);
            unlink(path);
        }
        if (one->keeps_addresses
                && mmap(one->payload.base, one->payload.bytes, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0)
                        != MAP_FAILED) {
            one->payload.base = NULL;
        }
        unmap(&one->control);
        unmap(&one->payload);
        free(one);
    }
    if (cleanly) {
        set32_release(node->mark.base, MARK_PHASE_AT, PHASE_STOPPED);
    }
    close(node->mark_fd);
    free_node(node);
}

void foam_forked(foam_node *node)
{
    node->is_forked = true;
    close(node->mark_fd);
    for (peer *one = node->peers; one != NULL; one = one->next) {
        close(one->fd);
        one->fd = -1;
    }
}

const char *foam_name(const foam_node *node)
{
    return node->name;
}

const char *foam_directory(const foam_node *node)
{
    return node->directory;
}

uint64_t foam_incarnation(const foam_node *node)
{
    return node->incarnation;
}
