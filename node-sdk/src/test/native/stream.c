// Streams: each a thread that works off a queue, so that a wait blocks what is behind it and nothing else. A destroyed one ends
// behind its work; what is kept of it says that it is none any more.
#include "stub.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define POLL_MICROSECONDS 20

typedef struct Stream {
    struct Stream *next;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    Operation *first;
    Operation *last;
    uint64_t enqueued;
    uint64_t done;
    int destroyed;
} Stream;

static pthread_mutex_t streams_lock = PTHREAD_MUTEX_INITIALIZER;
static Stream *streams;
static Stream *default_stream;
static pthread_once_t default_once = PTHREAD_ONCE_INIT;

void nap_microseconds(long microseconds) {
    struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000};
    nanosleep(&time, NULL);
}

static void *work(void *argument) {
    Stream *stream = argument;
    for (;;) {
        pthread_mutex_lock(&stream->lock);
        while (stream->first == NULL && !stream->destroyed) {
            pthread_cond_wait(&stream->changed, &stream->lock);
        }
        Operation *operation = stream->first;
        if (operation == NULL) {
            pthread_mutex_unlock(&stream->lock);
            return NULL;
        }
        pthread_mutex_unlock(&stream->lock);
        operation->run(operation);
        pthread_mutex_lock(&stream->lock);
        stream->first = operation->next;
        if (stream->first == NULL) {
            stream->last = NULL;
        }
        stream->done++;
        pthread_cond_broadcast(&stream->changed);
        pthread_mutex_unlock(&stream->lock);
        free(operation);
    }
}

static Stream *new_stream(void) {
    Stream *stream = calloc(1, sizeof *stream);
    pthread_mutex_init(&stream->lock, NULL);
    pthread_cond_init(&stream->changed, NULL);
    pthread_t thread;
    pthread_create(&thread, NULL, work, stream);
    pthread_detach(thread);
    pthread_mutex_lock(&streams_lock);
    stream->next = streams;
    streams = stream;
    pthread_mutex_unlock(&streams_lock);
    return stream;
}

static void new_default_stream(void) { default_stream = new_stream(); }

static Stream *stream_of(void *handle) {
    pthread_once(&default_once, new_default_stream);
    return (uintptr_t)handle <= 2 ? default_stream : handle;
}

Operation *new_operation(void (*run)(Operation *)) {
    Operation *operation = calloc(1, sizeof *operation);
    operation->run = run;
    return operation;
}

int enqueue(void *handle, Operation *operation) {
    Stream *stream = stream_of(handle);
    pthread_mutex_lock(&stream->lock);
    if (stream->destroyed) {
        pthread_mutex_unlock(&stream->lock);
        free(operation);
        return INVALID_HANDLE;
    }
    if (stream->last == NULL) {
        stream->first = operation;
    } else {
        stream->last->next = operation;
    }
    stream->last = operation;
    stream->enqueued++;
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->lock);
    return SUCCESS;
}

static void drain(Stream *stream) {
    pthread_mutex_lock(&stream->lock);
    uint64_t until = stream->enqueued;
    while (stream->done < until) {
        pthread_cond_wait(&stream->changed, &stream->lock);
    }
    pthread_mutex_unlock(&stream->lock);
}

void drain_all_streams(void) {
    pthread_mutex_lock(&streams_lock);
    Stream *all = streams;
    pthread_mutex_unlock(&streams_lock);
    for (Stream *stream = all; stream != NULL; stream = stream->next) {
        drain(stream);
    }
}

API int cuStreamCreate(void **stream, unsigned flags) {
    ENTER();
    (void)flags;
    *stream = new_stream();
    count_live(STREAMS, 1);
    return SUCCESS;
}

API int cuStreamDestroy_v2(Stream *stream) {
    ENTER();
    pthread_mutex_lock(&stream->lock);
    int again = stream->destroyed;
    stream->destroyed = 1;
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->lock);
    count_live(STREAMS, again ? 0 : -1);
    return again ? INVALID_HANDLE : SUCCESS;
}

API int cuStreamSynchronize(void *stream) {
    ENTER();
    drain(stream_of(stream));
    return SUCCESS;
}

API int cuStreamQuery(void *handle) {
    ENTER();
    Stream *stream = stream_of(handle);
    pthread_mutex_lock(&stream->lock);
    int code = stream->destroyed ? INVALID_HANDLE : stream->done == stream->enqueued ? SUCCESS : NOT_READY;
    pthread_mutex_unlock(&stream->lock);
    return code;
}

static void write_value(Operation *o) {
    atomic_thread_fence(memory_order_seq_cst);
    atomic_store((_Atomic uint64_t *)o->target, o->value);
}

static int is_satisfied(const Operation *o) {
    uint64_t word = atomic_load((_Atomic uint64_t *)o->target);
    switch (o->flags & 3) {
        case 0:
            return (int64_t)(word - o->value) >= 0;
        case 1:
            return word == o->value;
        case 2:
            return (word & o->value) != 0;
        default:
            return ~(word | o->value) != 0;
    }
}

static void wait_value(Operation *o) {
    while (!is_satisfied(o)) {
        nap_microseconds(POLL_MICROSECONDS);
    }
}

static int word_operation(void *stream, DeviceAddress address, uint64_t value, unsigned flags, void (*run)(Operation *)) {
    void *word = host_address(address, sizeof(uint64_t));
    if (word == NULL || address % sizeof(uint64_t) != 0) {
        return INVALID_VALUE;
    }
    Operation *operation = new_operation(run);
    operation->target = word;
    operation->value = value;
    operation->flags = flags;
    return enqueue(stream, operation);
}

API int cuStreamWaitValue64_v2(void *stream, DeviceAddress address, uint64_t value, unsigned flags) {
    ENTER();
    return word_operation(stream, address, value, flags, wait_value);
}

API int cuStreamWriteValue64_v2(void *stream, DeviceAddress address, uint64_t value, unsigned flags) {
    ENTER();
    return word_operation(stream, address, value, flags, write_value);
}

static void copy(Operation *o) { memcpy(o->target, o->source, o->bytes); }

static int enqueue_copy(void *stream, void *target, const void *source, size_t bytes) {
    if (target == NULL || source == NULL) {
        return INVALID_VALUE;
    }
    Operation *operation = new_operation(copy);
    operation->target = target;
    operation->source = source;
    operation->bytes = bytes;
    return enqueue(stream, operation);
}

API int cuMemcpyHtoDAsync_v2(DeviceAddress target, const void *source, size_t bytes, void *stream) {
    ENTER();
    return enqueue_copy(stream, host_address(target, bytes), source, bytes);
}

API int cuMemcpyDtoHAsync_v2(void *target, DeviceAddress source, size_t bytes, void *stream) {
    ENTER();
    return enqueue_copy(stream, target, host_address(source, bytes), bytes);
}

API int cuMemcpyDtoDAsync_v2(DeviceAddress target, DeviceAddress source, size_t bytes, void *stream) {
    ENTER();
    return enqueue_copy(stream, host_address(target, bytes), host_address(source, bytes), bytes);
}

static void set_bytes(Operation *o) { memset(o->target, (int)o->value, o->bytes); }

API int cuMemsetD8Async(DeviceAddress target, unsigned char value, size_t bytes, void *stream) {
    ENTER();
    void *host = host_address(target, bytes);
    if (host == NULL) {
        return INVALID_VALUE;
    }
    Operation *operation = new_operation(set_bytes);
    operation->target = host;
    operation->value = value;
    operation->bytes = bytes;
    return enqueue(stream, operation);
}
