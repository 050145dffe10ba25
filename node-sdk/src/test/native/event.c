// Events, also between processes. The device does not use them: a stream that waits for the event of a process that died
// waits for ever. They are here so that a test can show that, and for the benchmark's opponent.
#define _GNU_SOURCE
#include "stub.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define INTERPROCESS 4u
#define DISABLE_TIMING 2u
#define STATE_BYTES 4096

typedef struct {
    _Atomic uint64_t recorded;
    _Atomic uint64_t completed;
} State;

typedef struct {
    State *state;
    int fd;
    unsigned flags;
    int imported;
} Event;

static Event *event_on(int fd, unsigned flags, int imported) {
    void *state = mmap(NULL, STATE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (state == MAP_FAILED) {
        return NULL;
    }
    Event *event = calloc(1, sizeof *event);
    event->state = state;
    event->fd = fd;
    event->flags = flags;
    event->imported = imported;
    count_live(EVENTS, 1);
    return event;
}

API int cuEventCreate(Event **event, unsigned flags) {
    ENTER();
    if ((flags & INTERPROCESS) != 0 && (flags & DISABLE_TIMING) == 0) {
        return INVALID_VALUE;
    }
    int fd = create_memfd("cuda-stub-event", STATE_BYTES);
    *event = fd < 0 ? NULL : event_on(fd, flags, 0);
    return *event == NULL ? OUT_OF_MEMORY : SUCCESS;
}

API int cuEventDestroy_v2(Event *event) {
    ENTER();
    drain_all_streams();
    count_live(EVENTS, -1);
    munmap(event->state, STATE_BYTES);
    close(event->fd);
    free(event);
    return SUCCESS;
}

static void record(Operation *o) {
    Event *event = o->object;
    atomic_store(&event->state->completed, o->value);
}

API int cuEventRecord(Event *event, void *stream) {
    ENTER();
    Operation *operation = new_operation(record);
    operation->object = event;
    operation->value = atomic_fetch_add(&event->state->recorded, 1) + 1;
    return enqueue(stream, operation);
}

API int cuEventQuery(Event *event) {
    ENTER();
    return atomic_load(&event->state->completed) >= atomic_load(&event->state->recorded) ? SUCCESS : NOT_READY;
}

static void wait_event(Operation *o) {
    Event *event = o->object;
    while (atomic_load(&event->state->completed) < o->value) {
        nap_microseconds(20);
    }
}

API int cuStreamWaitEvent(void *stream, Event *event, unsigned flags) {
    ENTER();
    (void)flags;
    Operation *operation = new_operation(wait_event);
    operation->object = event;
    operation->value = atomic_load(&event->state->recorded);
    return enqueue(stream, operation);
}

API int cuIpcGetEventHandle(Handle *handle, Event *event) {
    ENTER();
    if ((event->flags & INTERPROCESS) == 0 || event->imported) {
        return INVALID_HANDLE;
    }
    return export_fd(handle, EVENT_EXPORT, event->fd, STATE_BYTES);
}

API int cuIpcOpenEventHandle(Event **event, Handle handle) {
    ENTER();
    Export from;
    int fd;
    int code = import_fd(&handle, EVENT_EXPORT, &from, &fd);
    if (code == SUCCESS) {
        *event = event_on(fd, INTERPROCESS | DISABLE_TIMING, 1);
    }
    return code;
}
