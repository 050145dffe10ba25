package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.cli.Doctor.Finding;
import io.fluxfoam.device.cuda.CudaProbe;
import io.fluxfoam.device.cuda.CudaStatus;
import io.fluxfoam.device.cuda.StubCuda;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.util.List;

@ExtendWith(StubCuda.class)
class GpuDoctorTest {
    private static List<Finding> absent(CudaStatus status, String detail) throws IOException {
        return new GpuDoctor(new CudaProbe(status, detail, 0, List.of())).examine();
    }

    private static List<Boolean> present(List<Finding> findings) {
        return findings.stream().map(Finding::present).toList();
    }

    @Test
    void shouldTellWhatIsMissingFirst() throws IOException {
        List<Finding> noDriver = absent(CudaStatus.NO_DRIVER, "libcuda.so.1 does not load");
        assertEquals(List.of(false, false, false, false), present(noDriver));
        assertEquals(
                List.of(
                        "libcuda.so.1 does not load",
                        "not tried: no driver",
                        "not tried: no driver",
                        "not tried: no device"),
                noDriver.stream().map(Finding::detail).toList());
        assertTrue(noDriver.stream().noneMatch(Finding::needed), "the foam runs without a GPU");
        assertEquals(
                List.of(true, false, true, false), present(absent(CudaStatus.NO_DEVICE, "none")));
        List<Finding> noBinding = absent(CudaStatus.NO_BINDING, "directory is not ours alone");
        assertEquals(List.of(true, false, false, false), present(noBinding));
        assertEquals("directory is not ours alone", noBinding.get(2).detail());
    }

    /** Another process really opens memory of this one. */
    @Test
    void shouldFindEverythingWhereThereIsADevice() throws IOException {
        List<Finding> findings = new GpuDoctor(CudaProbe.get()).examine();
        assertEquals(List.of(true, true, true, true), present(findings), findings.toString());
        assertEquals("CUDA 13.0", findings.get(0).detail());
        assertTrue(findings.get(1).detail().startsWith("cuda:0 stub 0"), findings.get(1).detail());
        assertEquals("another process opened memory of this one", findings.get(3).detail());
    }
}
