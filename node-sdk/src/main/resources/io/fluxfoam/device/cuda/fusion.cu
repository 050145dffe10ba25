// The kernels of the fabric: many teachers' tensors into one heatmap, the student's loss against it, and the statistics
// that standardise it. What is loaded is fusion.ptx, made from this file by src/test/native/make-ptx.sh and checked in: no
// machine needs nvcc. Where there is no GPU the tests compile this same file with gcc (cuda_on_cpu.h), so it keeps to C.
//
// No kernel reads a word that another process may still write: the streams' fences come before and behind them.
#ifdef __CUDACC__
#define KERNEL extern "C" __global__ void
#define DEVICE static __device__ __forceinline__
#define POINTER(type, address) ((type *)(address))
DEVICE float float_of_half(unsigned short bits) {
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
    return value;
}
#else
#include "cuda_on_cpu.h"
#endif

typedef unsigned char u8;
typedef unsigned long long u64;

#define MAX_REGIONS 64
#define DTYPE_F16 4 // io.fluxfoam.tensor.DType
#define DTYPE_BF16 5
#define WARP 32
#define ALL_LANES 0xffffffffu

// A teacher's place in the heatmap and its tensor in that teacher's own memory.
typedef struct {
    u64 source; // first element; 0 = this teacher has nothing for this moment
    int dtype;
    int offset; // first float in the heatmap
    int length;
    float weight;
} GatherRegion;

typedef struct {
    GatherRegion region[MAX_REGIONS];
} GatherTable;

typedef struct {
    int offset[MAX_REGIONS];
    int length[MAX_REGIONS];
} RegionTable;

DEVICE float load(u64 source, int dtype, int index) {
    if (dtype == DTYPE_F16) {
        return float_of_half(POINTER(const unsigned short, source)[index]);
    }
    if (dtype == DTYPE_BF16) {
        return __uint_as_float((unsigned)POINTER(const unsigned short, source)[index] << 16);
    }
    return POINTER(const float, source)[index];
}

// Sum over the block, the same in every thread; the order of additions is fixed. partial: one float for each warp.
DEVICE float block_sum(float value, float *partial) {
    int warp = threadIdx.x / WARP;
    int lane = threadIdx.x % WARP;
    int warps = blockDim.x / WARP;
    for (int distance = WARP / 2; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(ALL_LANES, value, distance);
    }
    __syncthreads();
    if (lane == 0) {
        partial[warp] = value;
    }
    __syncthreads();
    value = lane < warps ? partial[lane] : 0.f;
    for (int distance = WARP / 2; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(ALL_LANES, value, distance);
    }
    return value;
}

// heatmap[p] = (x - mean[p]) * inverse_scale[p], weights[p] = the region's weight; both 0 where the teacher is absent, the
// mask is 0 or the value is not finite (counted for each region). mask, mean, inverse_scale and non_finite may be null.
// Grid: x over a region's elements, y = regions.
KERNEL gather(
        GatherTable table,
        const u8 *mask,
        const float *mean,
        const float *inverse_scale,
        float *heatmap,
        float *weights,
        int *non_finite) {
    u64 source = table.region[blockIdx.y].source;
    int dtype = table.region[blockIdx.y].dtype;
    int offset = table.region[blockIdx.y].offset;
    int length = table.region[blockIdx.y].length;
    float weight = table.region[blockIdx.y].weight;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < length; i += gridDim.x * blockDim.x) {
        int p = offset + i;
        float value = 0.f;
        float share = 0.f;
        if (source != 0 && (mask == 0 || mask[p] != 0)) {
            value = load(source, dtype, i);
            if (mean != 0) {
                value = (value - mean[p]) * inverse_scale[p];
            }
            share = weight;
            if (!isfinite(value)) {
                value = 0.f;
                share = 0.f;
                if (non_finite != 0) {
                    atomicAdd(&non_finite[blockIdx.y], 1);
                }
            }
        }
        heatmap[p] = value;
        weights[p] = share;
    }
}

// Loss of each region of each sample: W * (cosine_share * (1 - cos) + mse_share * mse), where cos and mse are weighted by the
// positions' weights v, and W is the mean of the weights that are not 0. gradient (may be null) = d loss / d prediction.
// parts: 4 floats for each region of each sample: cos, mse, loss, W. Grid: x = regions, y = samples.
KERNEL loss(
        RegionTable table,
        const float *prediction,
        const float *target,
        const float *weights,
        float *gradient,
        float *parts,
        int stride,
        float cosine_share,
        float mse_share,
        float epsilon) {
    __shared__ float partial[WARP];
    int length = table.length[blockIdx.x];
    u64 first = (u64)blockIdx.y * stride + table.offset[blockIdx.x];
    const float *s = prediction + first;
    const float *t = target + first;
    const float *v = weights + first;
    float st = 0.f, ss = 0.f, tt = 0.f, error = 0.f, weight = 0.f, present = 0.f;
    for (int i = threadIdx.x; i < length; i += blockDim.x) {
        float difference = s[i] - t[i];
        st += v[i] * s[i] * t[i];
        ss += v[i] * s[i] * s[i];
        tt += v[i] * t[i] * t[i];
        error += v[i] * difference * difference;
        weight += v[i];
        present += v[i] > 0.f ? 1.f : 0.f;
    }
    st = block_sum(st, partial);
    ss = block_sum(ss, partial);
    tt = block_sum(tt, partial);
    error = block_sum(error, partial);
    weight = block_sum(weight, partial);
    present = block_sum(present, partial);
    float of_prediction = sqrtf(ss + epsilon);
    float of_target = sqrtf(tt + epsilon);
    float cosine = st / (of_prediction * of_target);
    float mse = weight > 0.f ? error / weight : 0.f;
    float importance = present > 0.f ? weight / present : 0.f;
    if (gradient != 0) {
        float along_target = -importance * cosine_share / (of_prediction * of_target);
        float along_prediction = importance * cosine_share * cosine / (of_prediction * of_prediction);
        float along_difference = weight > 0.f ? 2.f * importance * mse_share / weight : 0.f;
        float *g = gradient + first;
        for (int i = threadIdx.x; i < length; i += blockDim.x) {
            g[i] = v[i] * (along_target * t[i] + along_prediction * s[i] + along_difference * (s[i] - t[i]));
        }
    }
    if (threadIdx.x == 0) {
        float *part = parts + 4 * ((u64)blockIdx.y * gridDim.x + blockIdx.x);
        part[0] = cosine;
        part[1] = mse;
        part[2] = importance * (cosine_share * (1.f - cosine) + mse_share * mse);
        part[3] = importance;
    }
}

// Welford's update of mean and sum of squared deviations of each dimension by a region's tokens, in doubles: rows is how many
// tokens were collected before. One thread for each dimension.
KERNEL collect(u64 source, int dtype, int tokens, int dim, u64 rows, double *mean, double *squares) {
    int d = blockIdx.x * blockDim.x + threadIdx.x;
    if (d >= dim) {
        return;
    }
    double m = mean[d];
    double q = squares[d];
    for (int token = 0; token < tokens; token++) {
        double value = load(source, dtype, token * dim + d);
        double delta = value - m;
        m += delta * (1.0 / (double)(rows + token + 1));
        q += delta * (value - m);
    }
    mean[d] = m;
    squares[d] = q;
}

// Stores a word behind everything that its stream did before, on devices without 64-bit stream memory operations.
KERNEL stamp(volatile u64 *word, u64 value) {
    __threadfence_system();
    *word = value;
}
