// Kernels of the tests: fill memory so that every word tells what was written, count the words that do not, and take time.
#ifdef __CUDACC__
#define KERNEL extern "C" __global__ void
#define DEVICE static __device__ __forceinline__
DEVICE void nap(void) {}
DEVICE unsigned long long nanos(void) {
    unsigned long long now;
    asm volatile("mov.u64 %0, %globaltimer;" : "=l"(now));
    return now;
}
#else
#include "cuda_on_cpu.h"
#endif

typedef unsigned long long u64;

// Each word gets its own value, so that a slot that is half old and half new cannot look like either.
DEVICE unsigned word_of(unsigned seed, u64 index) { return (seed * 2654435761u) ^ (unsigned)index; }

KERNEL fill(unsigned *words, u64 count, unsigned seed) {
    for (u64 i = (u64)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += (u64)gridDim.x * blockDim.x) {
        words[i] = word_of(seed, i);
    }
}

KERNEL count_wrong(const unsigned *words, u64 count, unsigned seed, int *wrong) {
    int mine = 0;
    for (u64 i = (u64)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += (u64)gridDim.x * blockDim.x) {
        mine += words[i] != word_of(seed, i);
    }
    if (mine != 0) {
        atomicAdd(wrong, mine);
    }
}

// Takes at least this long and does nothing.
KERNEL linger(u64 nanoseconds) {
    u64 start = nanos();
    while (nanos() - start < nanoseconds) {
        nap();
    }
}
