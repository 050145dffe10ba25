// A stand-in for NVIDIA's driver library on a machine without a GPU: the calls that the device makes, on host memory, with
// the driver's rules for contexts, addresses, streams and processes, so that the real JCuda binding and everything above it
// runs in the tests. What it cannot show is time and the memory order of a GPU.
//
//   VRAM              a memfd; it lives as long as somebody has it mapped, as under CUDA IPC
//   device address    host address with a tag in its highest byte: the CPU faults on it, as it would on a GPU's
//   memory handle     process, its start time, descriptor and inode; opened through /proc, so that of a dead process it
//                     opens no more, while what was opened before stays
//   stream            a thread with a queue: waits wait, and a killed process leaves its stamps unwritten
//   kernel            named by the PTX text that is loaded; its body is the same .cu, compiled by gcc (kernels.c)
//
// Environment: CUDA_STUB_DEVICES (default 2), CUDA_STUB_VRAM_MIB (of this process, default 2048), CUDA_STUB_DRIVER_VERSION
// (default 13000), CUDA_STUB_MEMORY_OPERATIONS (default 1), CUDA_STUB_FAIL=call:code (that call answers this code).
// A test in the same process calls cuda_stub_fail (after `first` calls that work, `calls` of them answer this code), and
// cuda_stub_live (what the driver has handed out and not got back).
#pragma once
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define API __attribute__((visibility("default")))

typedef uint64_t DeviceAddress;

// Codes of cuda.h.
enum {
    SUCCESS = 0,
    INVALID_VALUE = 1,
    OUT_OF_MEMORY = 2,
    NOT_INITIALIZED = 3,
    NO_DEVICE = 100,
    INVALID_DEVICE = 101,
    INVALID_IMAGE = 200,
    INVALID_CONTEXT = 201,
    MAP_FAILED_CODE = 205,
    INVALID_PTX = 218,
    INVALID_HANDLE = 400,
    NOT_FOUND = 500,
    NOT_READY = 600,
    ALREADY_REGISTERED = 712,
    NOT_REGISTERED = 713,
};

// driver.c
long setting(const char *name, long otherwise);
int injected_fault(const char *call);
int context_missing(void);
typedef enum { STREAMS, MODULES, EVENTS, OWN, IMPORTED, PINNED, REGISTERED, KINDS } Kind;
void count_live(Kind kind, int more);

// Every call begins so: an injected fault, then the rule that this thread must have a context.
#define ENTER()                                                                                                        \
    do {                                                                                                               \
        int code_ = injected_fault(__func__);                                                                          \
        if (code_ == SUCCESS) {                                                                                        \
            code_ = context_missing();                                                                                 \
        }                                                                                                              \
        if (code_ != SUCCESS) {                                                                                        \
            return code_;                                                                                              \
        }                                                                                                              \
    } while (0)

// memory.c
void *host_address(DeviceAddress address, size_t bytes); // NULL if no allocation holds all of it
int create_memfd(const char *name, size_t bytes);

// ipc.c
typedef struct {
    uint32_t magic;
    int32_t pid;
    uint64_t started;
    int32_t fd;
    uint32_t reserved;
    uint64_t bytes;
    uint64_t inode;
} Export;
typedef struct {
    char bytes[64];
} Handle;
#define MEMORY_EXPORT 0x4d454d31u
#define EVENT_EXPORT 0x45565431u
int export_fd(Handle *handle, uint32_t magic, int fd, size_t bytes);
int import_fd(const Handle *handle, uint32_t magic, Export *from, int *fd); // INVALID_CONTEXT for one's own

// stream.c
typedef struct Operation {
    struct Operation *next;
    void (*run)(struct Operation *);
    void *target;
    const void *source;
    uint64_t value;
    size_t bytes;
    unsigned flags;
    void *object;
    unsigned grid[3], block[3];
    unsigned char parameters[4096];
    unsigned parameter_bytes;
} Operation;
Operation *new_operation(void (*run)(Operation *));
int enqueue(void *stream, Operation *operation);
void drain_all_streams(void);
void nap_microseconds(long microseconds);

// kernels.c
typedef void (*KernelBody)(void **parameters, const unsigned *grid, const unsigned *block);
KernelBody kernel_body(const char *name);
