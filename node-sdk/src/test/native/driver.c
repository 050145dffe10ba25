// Starting, devices and contexts.
#include "stub.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int device;
} Context;

#define MAX_DEVICES 8
#define VRAM_BYTES (8ULL << 30)

static int initialized;
static Context primary[MAX_DEVICES];
static __thread Context *current;

static atomic_int live[KINDS];

void count_live(Kind kind, int more) { atomic_fetch_add(&live[kind], more); }

API int cuda_stub_live(int kind) { return atomic_load(&live[kind]); }

long setting(const char *name, long otherwise) {
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? atol(value) : otherwise;
}

static pthread_mutex_t fault_lock = PTHREAD_MUTEX_INITIALIZER;
static char fault_call[64];
static int fault_code;
static long fault_first; // calls that work before
static long fault_calls; // calls that fail then

API void cuda_stub_fail(const char *call, int code, long first, long calls) {
    pthread_mutex_lock(&fault_lock);
    snprintf(fault_call, sizeof fault_call, "%s", call);
    fault_code = code;
    fault_first = first;
    fault_calls = calls;
    pthread_mutex_unlock(&fault_lock);
}

static int told_fault(const char *call) {
    int code = SUCCESS;
    pthread_mutex_lock(&fault_lock);
    if (strcmp(call, fault_call) == 0 && fault_first-- <= 0 && fault_calls-- > 0) {
        code = fault_code;
    }
    pthread_mutex_unlock(&fault_lock);
    return code;
}

int injected_fault(const char *call) {
    const char *fault = getenv("CUDA_STUB_FAIL");
    size_t length = strlen(call);
    if (fault == NULL || strncmp(fault, call, length) != 0 || fault[length] != ':') {
        return told_fault(call);
    }
    return atoi(fault + length + 1);
}

int context_missing(void) {
    if (!initialized) {
        return NOT_INITIALIZED;
    }
    return current == NULL ? INVALID_CONTEXT : SUCCESS;
}

static int devices(void) {
    long count = setting("CUDA_STUB_DEVICES", 2);
    return count < 0 ? 0 : count > MAX_DEVICES ? MAX_DEVICES : (int)count;
}

static int check_device(int device) {
    if (!initialized) {
        return NOT_INITIALIZED;
    }
    return device < 0 || device >= devices() ? INVALID_DEVICE : SUCCESS;
}

API int cuInit(unsigned flags) {
    int fault = injected_fault(__func__);
    if (fault != SUCCESS) {
        return fault;
    }
    if (flags != 0) {
        return INVALID_VALUE;
    }
    if (devices() == 0) {
        return NO_DEVICE;
    }
    initialized = 1;
    return SUCCESS;
}

API int cuDriverGetVersion(int *version) {
    *version = (int)setting("CUDA_STUB_DRIVER_VERSION", 13000);
    return SUCCESS;
}

API int cuDeviceGetCount(int *count) {
    if (!initialized) {
        return NOT_INITIALIZED;
    }
    *count = devices();
    return SUCCESS;
}

API int cuDeviceGet(int *device, int ordinal) {
    *device = ordinal;
    return check_device(ordinal);
}

API int cuDeviceGetName(char *name, int bytes, int device) {
    int fault = injected_fault(__func__);
    if (fault != SUCCESS) {
        return fault;
    }
    snprintf(name, (size_t)bytes, "stub %d (host memory)", device);
    return check_device(device);
}

API int cuDeviceGetUuid(unsigned char *uuid, int device) {
    memset(uuid, 0x5b, 16);
    uuid[15] = (unsigned char)device;
    return check_device(device);
}

API int cuDeviceTotalMem_v2(size_t *bytes, int device) {
    *bytes = VRAM_BYTES;
    return check_device(device);
}

API int cuDeviceGetAttribute(int *value, int attribute, int device) {
    switch (attribute) {
        case 41: // unified addressing
        case 125: // IPC events
            *value = 1;
            break;
        case 75: // compute capability, major
            *value = 9;
            break;
        case 122: // 64-bit stream memory operations
            *value = (int)setting("CUDA_STUB_MEMORY_OPERATIONS", 1);
            break;
        default:
            *value = 0;
    }
    return check_device(device);
}

API int cuDevicePrimaryCtxRetain(void **context, int device) {
    int fault = injected_fault(__func__);
    int code = fault != SUCCESS ? fault : check_device(device);
    if (code == SUCCESS) {
        primary[device].device = device;
        *context = &primary[device];
    }
    return code;
}

API int cuCtxSetCurrent(void *context) {
    if (!initialized) {
        return NOT_INITIALIZED;
    }
    current = context;
    return SUCCESS;
}

API int cuCtxGetCurrent(void **context) {
    *context = current;
    return initialized ? SUCCESS : NOT_INITIALIZED;
}

API int cuCtxSynchronize(void) {
    ENTER();
    drain_all_streams();
    return SUCCESS;
}
