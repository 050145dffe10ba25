package io.fluxfoam.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;

class DoctorTest {
    @Test
    void shouldSayWhetherSharedMemoryHasHugePages() {
        assertFalse(Doctor.hugePages(List.of()).present());
        assertFalse(
                Doctor.hugePages(List.of("tmpfs /dev/shm tmpfs rw,nosuid,size=64k 0 0")).present());
        assertFalse(Doctor.hugePages(List.of("tmpfs /dev/shm tmpfs rw,huge=advise 0 0")).present());
        assertFalse(Doctor.hugePages(List.of("tmpfs /mnt tmpfs rw,huge=always 0 0")).present());
        Doctor.Finding finding =
                Doctor.hugePages(List.of("tmpfs /dev/shm tmpfs rw,huge=within_size,size=64k 0 0"));
        assertTrue(finding.present());
        assertEquals("/dev/shm with huge=within_size", finding.detail());
    }

    @Test
    void shouldBelieveTheMountOnTop() {
        List<String> mounts =
                List.of("tmpfs /dev/shm tmpfs rw,huge=always 0 0", "tmpfs /dev/shm tmpfs rw 0 0");
        assertFalse(Doctor.hugePages(mounts).present());
    }
}
