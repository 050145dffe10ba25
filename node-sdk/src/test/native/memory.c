// Device memory, pinned host memory, and the IPC of memory.
#define _GNU_SOURCE
#include "stub.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TAG (0x5cULL << 56) // in front of a 47-bit user address: no address that a CPU accepts
#define PAGE 4096UL

typedef struct Allocation {
    struct Allocation *next;
    Kind kind;
    char *host;
    size_t bytes;
    int fd;
    int references;
    Export from; // if IMPORTED
} Allocation;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Allocation *allocations;
static size_t used_bytes;

static size_t whole_pages(size_t bytes) { return (bytes + PAGE - 1) / PAGE * PAGE; }

static size_t vram_bytes(void) { return (size_t)setting("CUDA_STUB_VRAM_MIB", 2048) << 20; }

static DeviceAddress device_address(const Allocation *a) { return (DeviceAddress)(uintptr_t)a->host | TAG; }

// The lock is held.
static Allocation *find(DeviceAddress address, size_t bytes) {
    for (Allocation *a = allocations; a != NULL; a = a->next) {
        DeviceAddress first = device_address(a);
        if (address >= first && address - first <= a->bytes && bytes <= a->bytes - (address - first)) {
            return a;
        }
    }
    return NULL;
}

void *host_address(DeviceAddress address, size_t bytes) {
    pthread_mutex_lock(&lock);
    Allocation *a = find(address, bytes);
    void *host = a == NULL ? NULL : a->host + (address - device_address(a));
    pthread_mutex_unlock(&lock);
    return host;
}

static Allocation *add(Kind kind, void *host, size_t bytes, int fd) {
    Allocation *a = calloc(1, sizeof *a);
    a->kind = kind;
    a->host = host;
    a->bytes = bytes;
    a->fd = fd;
    a->references = 1;
    count_live(kind, 1);
    pthread_mutex_lock(&lock);
    a->next = allocations;
    allocations = a;
    pthread_mutex_unlock(&lock);
    return a;
}

// The lock is held.
static void forget(Allocation *gone) {
    for (Allocation **at = &allocations; *at != NULL; at = &(*at)->next) {
        if (*at == gone) {
            *at = gone->next;
            return;
        }
    }
}

int create_memfd(const char *name, size_t bytes) {
    int fd = (int)syscall(SYS_memfd_create, name, 1u); // close on exec
    if (fd >= 0 && ftruncate(fd, (off_t)bytes) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static void *map_shared(int fd, size_t bytes) {
    void *host = mmap(NULL, whole_pages(bytes), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return host == MAP_FAILED ? NULL : host;
}

API int cuMemGetInfo_v2(size_t *free_bytes, size_t *total_bytes) {
    ENTER();
    *total_bytes = vram_bytes();
    *free_bytes = vram_bytes() - used_bytes;
    return SUCCESS;
}

API int cuMemAlloc_v2(DeviceAddress *address, size_t bytes) {
    ENTER();
    if (bytes == 0) {
        return INVALID_VALUE;
    }
    if (used_bytes + whole_pages(bytes) > vram_bytes()) {
        return OUT_OF_MEMORY;
    }
    int fd = create_memfd("cuda-stub-vram", whole_pages(bytes));
    void *host = fd < 0 ? NULL : map_shared(fd, bytes);
    if (host == NULL) {
        close(fd);
        return OUT_OF_MEMORY;
    }
    memset(host, 0xa5, bytes); // fresh memory of a GPU is not zero
    used_bytes += whole_pages(bytes);
    *address = device_address(add(OWN, host, bytes, fd));
    return SUCCESS;
}

static int release(DeviceAddress address, Kind kind) {
    drain_all_streams();
    pthread_mutex_lock(&lock);
    Allocation *a = find(address, 1);
    int known = a != NULL && a->kind == kind && device_address(a) == address;
    int last = known && --a->references == 0;
    if (last) {
        forget(a);
    }
    pthread_mutex_unlock(&lock);
    if (last) {
        count_live(kind, -1);
        if (kind != REGISTERED) {
            munmap(a->host, whole_pages(a->bytes));
        }
        if (a->fd >= 0) {
            close(a->fd);
        }
        if (kind == OWN) {
            used_bytes -= whole_pages(a->bytes);
        }
        free(a);
    }
    return known ? SUCCESS : INVALID_VALUE;
}

API int cuMemFree_v2(DeviceAddress address) {
    ENTER();
    return address == 0 ? SUCCESS : release(address, OWN);
}

API int cuMemHostAlloc(void **host, size_t bytes, unsigned flags) {
    ENTER();
    (void)flags;
    void *pages = mmap(NULL, whole_pages(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) {
        return OUT_OF_MEMORY;
    }
    add(PINNED, pages, bytes, -1);
    *host = pages;
    return SUCCESS;
}

API int cuMemFreeHost(void *host) {
    ENTER();
    return release((DeviceAddress)(uintptr_t)host | TAG, PINNED);
}

API int cuMemHostRegister_v2(void *host, size_t bytes, unsigned flags) {
    ENTER();
    (void)flags;
    if (host == NULL || bytes == 0) {
        return INVALID_VALUE;
    }
    if (host_address((DeviceAddress)(uintptr_t)host | TAG, 1) != NULL) {
        return ALREADY_REGISTERED;
    }
    add(REGISTERED, host, bytes, -1);
    return SUCCESS;
}

API int cuMemHostUnregister(void *host) {
    ENTER();
    int code = release((DeviceAddress)(uintptr_t)host | TAG, REGISTERED);
    return code == SUCCESS ? SUCCESS : NOT_REGISTERED;
}

API int cuMemHostGetDevicePointer_v2(DeviceAddress *address, void *host, unsigned flags) {
    ENTER();
    (void)flags;
    *address = (DeviceAddress)(uintptr_t)host | TAG;
    return host_address(*address, 1) == NULL ? INVALID_VALUE : SUCCESS;
}

API int cuIpcGetMemHandle(Handle *handle, DeviceAddress address) {
    ENTER();
    pthread_mutex_lock(&lock);
    Allocation *a = find(address, 1);
    pthread_mutex_unlock(&lock);
    if (a == NULL || a->kind != OWN) {
        return INVALID_VALUE;
    }
    return export_fd(handle, MEMORY_EXPORT, a->fd, a->bytes);
}

API int cuIpcOpenMemHandle_v2(DeviceAddress *address, Handle handle, unsigned flags) {
    ENTER();
    if (flags != 1) { // CU_IPC_MEM_LAZY_ENABLE_PEER_ACCESS, the only legal one
        return INVALID_VALUE;
    }
    Export from;
    int fd;
    int code = import_fd(&handle, MEMORY_EXPORT, &from, &fd);
    pthread_mutex_lock(&lock);
    for (Allocation *a = allocations; a != NULL && code != INVALID_CONTEXT; a = a->next) {
        if (a->kind == IMPORTED && memcmp(&a->from, &from, sizeof from) == 0) { // open already: the same address again
            a->references++;
            *address = device_address(a);
            pthread_mutex_unlock(&lock);
            if (code == SUCCESS) {
                close(fd);
            }
            return SUCCESS;
        }
    }
    pthread_mutex_unlock(&lock);
    if (code != SUCCESS) {
        return code;
    }
    void *host = map_shared(fd, from.bytes);
    if (host == NULL) {
        close(fd);
        return MAP_FAILED_CODE;
    }
    Allocation *a = add(IMPORTED, host, from.bytes, fd);
    a->from = from;
    *address = device_address(a);
    return SUCCESS;
}

API int cuIpcCloseMemHandle(DeviceAddress address) {
    ENTER();
    return release(address, IMPORTED);
}
