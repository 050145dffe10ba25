// The bodies of the kernels, and the fibers that run them.
#define _GNU_SOURCE
#include "stub.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "../../main/resources/io/fluxfoam/device/cuda/fusion.cu"
#include "pattern.cu"

#define MAX_THREADS 1024
#define STACK_BYTES (32UL << 10)

__thread Dimensions threadIdx, blockIdx, blockDim, gridDim;

static __thread ucontext_t scheduler;
static __thread ucontext_t fibers[MAX_THREADS];
static __thread char ended[MAX_THREADS];
static __thread float lanes[MAX_THREADS];
static __thread char *stacks;
static __thread void (*thread_body)(void **);
static __thread void **thread_parameters;

static void run_thread(void) {
    thread_body(thread_parameters);
    ended[threadIdx.x] = 1;
}

void block_barrier(void) { swapcontext(&fibers[threadIdx.x], &scheduler); }

float exchange(float value, int lane_mask) {
    unsigned thread = threadIdx.x;
    lanes[thread] = value;
    block_barrier();
    float other = lanes[thread ^ (unsigned)lane_mask];
    block_barrier();
    return other;
}

static void run_block(unsigned threads) {
    for (unsigned t = 0; t < threads; t++) {
        getcontext(&fibers[t]);
        fibers[t].uc_stack.ss_sp = stacks + t * STACK_BYTES;
        fibers[t].uc_stack.ss_size = STACK_BYTES;
        fibers[t].uc_link = &scheduler;
        makecontext(&fibers[t], run_thread, 0);
        ended[t] = 0;
    }
    for (unsigned alive = threads; alive > 0;) {
        alive = 0;
        for (unsigned t = 0; t < threads; t++) {
            if (!ended[t]) {
                threadIdx.x = t;
                swapcontext(&scheduler, &fibers[t]);
                alive += !ended[t];
            }
        }
    }
}

static void run_grid(void (*body)(void **), void **parameters, const unsigned *grid, const unsigned *block) {
    if (stacks == NULL) {
        stacks = mmap(NULL, MAX_THREADS * STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
    thread_body = body;
    thread_parameters = parameters;
    gridDim = (Dimensions){grid[0], grid[1], grid[2]};
    blockDim = (Dimensions){block[0], 1, 1};
    for (unsigned y = 0; y < grid[1]; y++) {
        for (unsigned x = 0; x < grid[0]; x++) {
            blockIdx = (Dimensions){x, y, 0};
            run_block(block[0]);
        }
    }
}

void *kernel_pointer(unsigned long long address) { return address == 0 ? NULL : host_address(address, 1); }

// A parameter by its type, and one that is a pointer into device memory.
#define VALUE(type, i) (*(type *)p[i])
#define MEMORY(type, i) ((type *)kernel_pointer(VALUE(unsigned long long, i)))

static void run_gather(void **p) {
    gather(VALUE(GatherTable, 0), MEMORY(u8, 1), MEMORY(float, 2), MEMORY(float, 3), MEMORY(float, 4), MEMORY(float, 5),
           MEMORY(int, 6));
}

static void run_loss(void **p) {
    loss(VALUE(RegionTable, 0), MEMORY(float, 1), MEMORY(float, 2), MEMORY(float, 3), MEMORY(float, 4), MEMORY(float, 5),
         VALUE(int, 6), VALUE(float, 7), VALUE(float, 8), VALUE(float, 9));
}

static void run_collect(void **p) {
    collect(VALUE(u64, 0), VALUE(int, 1), VALUE(int, 2), VALUE(int, 3), VALUE(u64, 4), MEMORY(double, 5), MEMORY(double, 6));
}

static void run_stamp(void **p) { stamp(MEMORY(volatile u64, 0), VALUE(u64, 1)); }

static void run_fill(void **p) { fill(MEMORY(unsigned, 0), VALUE(u64, 1), VALUE(unsigned, 2)); }

static void run_count_wrong(void **p) {
    count_wrong(MEMORY(unsigned, 0), VALUE(u64, 1), VALUE(unsigned, 2), MEMORY(int, 3));
}

static void run_linger(void **p) { linger(VALUE(u64, 0)); }

#define BODY(name)                                                                                                     \
    static void body_##name(void **parameters, const unsigned *grid, const unsigned *block) {                          \
        run_grid(run_##name, parameters, grid, block);                                                                 \
    }
#define EACH_KERNEL(use) use(gather) use(loss) use(collect) use(stamp) use(fill) use(count_wrong) use(linger)

EACH_KERNEL(BODY)

KernelBody kernel_body(const char *name) {
#define IF_NAMED(kernel)                                                                                               \
    if (strcmp(name, #kernel) == 0) {                                                                                  \
        return body_##kernel;                                                                                          \
    }
    EACH_KERNEL(IF_NAMED)
    return NULL;
}
