// Enough of CUDA C for gcc to compile the .cu files: a block's threads are fibers of one CPU thread, which run in turn from
// one barrier to the next. All threads of a block must meet the same barriers, or have ended.
#pragma once
#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#define KERNEL static void
#define DEVICE static inline __attribute__((unused))
#define __shared__ static __thread
#define POINTER(type, address) ((type *)kernel_pointer(address))

typedef struct {
    unsigned x, y, z;
} Dimensions;

extern __thread Dimensions threadIdx, blockIdx, blockDim, gridDim;

// Lets every other thread of the block come to this point.
void block_barrier(void);
// An address that stands in memory, not in a parameter, is still the device's.
void *kernel_pointer(unsigned long long device_address);
float exchange(float value, int lane_mask);

#define __syncthreads() block_barrier()
#define __shfl_xor_sync(lanes, value, lane_mask) exchange(value, lane_mask)
#define __threadfence_system() atomic_thread_fence(memory_order_seq_cst)
#define atomicAdd(counter, value) __atomic_fetch_add(counter, value, __ATOMIC_RELAXED)

DEVICE float __uint_as_float(unsigned bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

DEVICE float float_of_half(unsigned short bits) {
    int exponent = bits >> 10 & 31;
    float fraction = (float)(bits & 1023);
    float magnitude = exponent == 0    ? ldexpf(fraction, -24)
                      : exponent != 31 ? ldexpf(fraction + 1024.f, exponent - 25)
                      : fraction == 0  ? INFINITY
                                       : NAN;
    return bits >> 15 ? -magnitude : magnitude;
}

DEVICE void nap(void) {
    struct timespec time = {0, 20000};
    nanosleep(&time, NULL);
}

DEVICE unsigned long long nanos(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned long long)now.tv_sec * 1000000000ULL + (unsigned long long)now.tv_nsec;
}
