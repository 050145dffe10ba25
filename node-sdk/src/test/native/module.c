// Modules: what the PTX text says about its kernels, tied to bodies that gcc compiled.
#include "stub.h"
#include <stdlib.h>
#include <string.h>

#define MAX_KERNELS 16
#define MAX_PARAMETERS 16
#define MAX_THREADS 1024

typedef struct {
    char name[64];
    int parameters;
    unsigned bytes[MAX_PARAMETERS];
    KernelBody body;
} Kernel;

typedef struct {
    int kernels;
    Kernel kernel[MAX_KERNELS];
} Module;

static const char *const ENTRY = ".visible .entry ";
static const char *const PARAMETER = ".param ";

// ".param .u64 .ptr NAME" or ".param .align 8 .b8 NAME[1536]"
static unsigned parameter_bytes(const char *text, const char *end) {
    if (strncmp(text, ".align", 6) == 0) {
        const char *bracket = memchr(text, '[', (size_t)(end - text));
        return bracket == NULL ? 0 : (unsigned)atoi(bracket + 1);
    }
    return (unsigned)atoi(text + 2) / 8;
}

static const char *read_kernel(const char *text, Kernel *kernel) {
    size_t length = strcspn(text, "( \n");
    if (length >= sizeof kernel->name) {
        return NULL;
    }
    memcpy(kernel->name, text, length);
    const char *end = strchr(text, ')');
    const char *at = text;
    while (end != NULL && (at = strstr(at, PARAMETER)) != NULL && at < end && kernel->parameters < MAX_PARAMETERS) {
        at += strlen(PARAMETER);
        const char *comma = strpbrk(at, ",)");
        kernel->bytes[kernel->parameters++] = parameter_bytes(at, comma);
    }
    kernel->body = kernel_body(kernel->name);
    return end;
}

API int cuModuleLoadData(Module **module, const char *image) {
    ENTER();
    if (image == NULL || strstr(image, ".version") == NULL) {
        return INVALID_IMAGE;
    }
    if (strstr(image, ".target") == NULL) {
        return INVALID_PTX;
    }
    Module *loaded = calloc(1, sizeof *loaded);
    const char *at = image;
    while (at != NULL && (at = strstr(at, ENTRY)) != NULL && loaded->kernels < MAX_KERNELS) {
        at = read_kernel(at + strlen(ENTRY), &loaded->kernel[loaded->kernels++]);
    }
    *module = loaded;
    count_live(MODULES, 1);
    return SUCCESS;
}

API int cuModuleUnload(Module *module) {
    ENTER();
    drain_all_streams();
    count_live(MODULES, -1);
    free(module);
    return SUCCESS;
}

API int cuModuleGetFunction(Kernel **function, Module *module, const char *name) {
    ENTER();
    for (int i = 0; i < module->kernels; i++) {
        if (strcmp(module->kernel[i].name, name) == 0 && module->kernel[i].body != NULL) {
            *function = &module->kernel[i];
            return SUCCESS;
        }
    }
    return NOT_FOUND;
}

static unsigned aligned(unsigned offset, unsigned bytes) {
    unsigned alignment = bytes > 8 ? 8 : bytes;
    return (offset + alignment - 1) / alignment * alignment;
}

static void run_kernel(Operation *o) {
    Kernel *kernel = o->object;
    void *parameters[MAX_PARAMETERS];
    unsigned offset = 0;
    for (int i = 0; i < kernel->parameters; i++) {
        offset = aligned(offset, kernel->bytes[i]);
        parameters[i] = o->parameters + offset;
        offset += kernel->bytes[i];
    }
    kernel->body(parameters, o->grid, o->block);
}

API int cuLaunchKernel(
        Kernel *kernel,
        unsigned grid_x,
        unsigned grid_y,
        unsigned grid_z,
        unsigned block_x,
        unsigned block_y,
        unsigned block_z,
        unsigned shared_bytes,
        void *stream,
        void **parameters,
        void **extra) {
    ENTER();
    (void)shared_bytes;
    (void)extra;
    if (kernel == NULL || grid_x * grid_y * grid_z == 0 || block_y * block_z != 1 || block_x == 0 || block_x > MAX_THREADS) {
        return INVALID_VALUE;
    }
    Operation *operation = new_operation(run_kernel);
    operation->object = kernel;
    memcpy(operation->grid, (unsigned[]){grid_x, grid_y, grid_z}, sizeof operation->grid);
    memcpy(operation->block, (unsigned[]){block_x, block_y, block_z}, sizeof operation->block);
    unsigned offset = 0;
    for (int i = 0; i < kernel->parameters; i++) {
        offset = aligned(offset, kernel->bytes[i]);
        if (offset + kernel->bytes[i] > sizeof operation->parameters) {
            free(operation);
            return INVALID_VALUE;
        }
        memcpy(operation->parameters + offset, parameters[i], kernel->bytes[i]);
        offset += kernel->bytes[i];
    }
    return enqueue(stream, operation);
}
