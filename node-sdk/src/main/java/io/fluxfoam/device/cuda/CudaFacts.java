package io.fluxfoam.device.cuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CAN_USE_64_BIT_STREAM_MEM_OPS;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING;

import jcuda.driver.CUdevice;
import jcuda.driver.CUuuid;
import jcuda.driver.JCudaDriver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What the driver says about a device.
 *
 * @param ordinal number in this process, N of {@code cuda:N}
 * @param name as its maker calls it
 * @param uuid 32 hexadecimal digits that name it in every process, whatever its ordinal there
 * @param computeMajor compute capability, before the point
 * @param computeMinor compute capability, behind the point
 * @param totalBytes its memory
 * @param streamMemoryOperations whether it can write and wait for 64-bit words in the order of a
 *     stream
 * @param unifiedAddressing whether host and device share one address space, which CUDA IPC needs
 */
public record CudaFacts(
        int ordinal,
        String name,
        String uuid,
        int computeMajor,
        int computeMinor,
        long totalBytes,
        boolean streamMemoryOperations,
        boolean unifiedAddressing) {

    private static final int NAME_BYTES = 256;

    static List<CudaFacts> all(int count) {
        List<CudaFacts> facts = new ArrayList<>(count);
        for (int ordinal = 0; ordinal < count; ordinal++) {
            facts.add(of(ordinal));
        }
        return List.copyOf(facts);
    }

    private static CudaFacts of(int ordinal) {
        CUdevice device = new CUdevice();
        CudaException.check(
                JCudaDriver.cuDeviceGet(device, ordinal), "cuDeviceGet", "ordinal=" + ordinal);
        byte[] name = new byte[NAME_BYTES];
        CudaException.check(
                JCudaDriver.cuDeviceGetName(name, name.length, device),
                "cuDeviceGetName",
                "ordinal=" + ordinal);
        CUuuid uuid = new CUuuid();
        CudaException.check(
                JCudaDriver.cuDeviceGetUuid(uuid, device), "cuDeviceGetUuid", "ordinal=" + ordinal);
        long[] totalBytes = new long[1];
        CudaException.check(
                JCudaDriver.cuDeviceTotalMem(totalBytes, device),
                "cuDeviceTotalMem",
                "ordinal=" + ordinal);
        return new CudaFacts(
                ordinal,
                new String(name, StandardCharsets.UTF_8).trim(),
                HexFormat.of().formatHex(uuid.bytes),
                attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
                attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
                totalBytes[0],
                attribute(device, CU_DEVICE_ATTRIBUTE_CAN_USE_64_BIT_STREAM_MEM_OPS) == 1,
                attribute(device, CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING) == 1);
    }

    private static int attribute(CUdevice device, int attribute) {
        int[] value = new int[1];
        CudaException.check(
                JCudaDriver.cuDeviceGetAttribute(value, attribute, device),
                "cuDeviceGetAttribute",
                "attribute=" + attribute);
        return value[0];
    }
}
