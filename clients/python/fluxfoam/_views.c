/*
 * What a view of a lease needs that must not run Python: the consumer of a DLPack capsule calls its deleter from any thread, perhaps
 * when the interpreter is gone. See https://dmlc.github.io/dlpack/latest/c_api.html for the structs.
 */
#include "foam.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    uint32_t major;
    uint32_t minor;
    void *manager;
    void (*deleter)(void *self);
    uint64_t flags;
    void *data;
    int32_t device_type;
    int32_t device_id;
    int32_t ndim;
    uint8_t code;
    uint8_t bits;
    uint16_t lanes;
    int64_t *shape;
    int64_t *strides;
    uint64_t byte_offset;
} managed_tensor;

typedef struct {
    managed_tensor tensor;
    int64_t shape[FOAM_MAX_RANK];
    int64_t strides[FOAM_MAX_RANK];
} tensor_of_lease;

static void end_tensor(void *self)
{
    foam_lease_end((const foam_lease *) ((managed_tensor *) self)->manager);
    free(self);
}

/* A DLManagedTensorVersioned, read-only, that keeps the lease until its deleter is called. */
void *foam_py_tensor(const foam_lease *lease, void *data, int32_t device_type, int32_t device_id)
{
    static const uint8_t codes[] = {0, 1, 0, 0, 2, 4, 2, 2};
    tensor_of_lease *one = (tensor_of_lease *) calloc(1, sizeof *one);
    if (one == NULL) {
        return NULL;
    }
    int64_t stride = 1;
    for (int i = (int) lease->rank - 1; i >= 0; i--) {
        one->shape[i] = lease->shape[i];
        one->strides[i] = stride;
        stride *= lease->shape[i];
    }
    foam_lease_keep(lease);
    one->tensor.major = 1;
    one->tensor.manager = (void *) (uintptr_t) lease;
    one->tensor.deleter = end_tensor;
    one->tensor.flags = 1; /* DLPACK_FLAG_BITMASK_READ_ONLY */
    one->tensor.data = data;
    one->tensor.device_type = device_type;
    one->tensor.device_id = device_id;
    one->tensor.ndim = (int32_t) lease->rank;
    one->tensor.code = codes[lease->dtype];
    one->tensor.bits = (uint8_t) (8 * foam_dtype_bytes(lease->dtype));
    one->tensor.lanes = 1;
    one->tensor.shape = one->shape;
    one->tensor.strides = one->strides;
    return one;
}

/* Of the interpreter that has loaded us. */
extern int PyCapsule_IsValid(void *capsule, const char *name) __attribute__((weak));
extern void *PyCapsule_GetPointer(void *capsule, const char *name) __attribute__((weak));

/* The capsule's destructor: one that nobody took renames itself to nothing, so the tensor is still its own. */
void foam_py_capsule_end(void *capsule)
{
    if (PyCapsule_IsValid != NULL && PyCapsule_IsValid(capsule, "dltensor_versioned")) {
        end_tensor(PyCapsule_GetPointer(capsule, "dltensor_versioned"));
    }
}
