package io.fluxfoam.device.cuda;

import jcuda.NativePointerObject;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The number in an address of JCuda's, which otherwise takes a new object for each: calls of the
 * data plane set it instead.
 */
final class NativePointer {
    private static final VarHandle NUMBER = number();

    private NativePointer() {}

    private static VarHandle number() {
        try {
            return MethodHandles.privateLookupIn(NativePointerObject.class, MethodHandles.lookup())
                    .findVarHandle(NativePointerObject.class, "nativePointer", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static void set(NativePointerObject address, long number) {
        NUMBER.set(address, number);
    }
}
