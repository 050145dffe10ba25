package io.fluxfoam.device.cuda;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets a test class run on the stub driver, and says at the end of the run how many tests did.
 * Skips the class where there is no gcc.
 */
public final class StubCuda implements BeforeAllCallback, AfterTestExecutionCallback {
    private static final class Tally implements AutoCloseable {
        private final AtomicInteger tests = new AtomicInteger();

        @Override
        public void close() {
            System.out.println("cuda stub tests run: " + tests.get());
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Optional<Path> library = StubDriver.library();
        Assumptions.assumeTrue(library.isPresent(), "no gcc");
        System.setProperty(CudaProbe.DRIVER_PROPERTY, library.get().toString());
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        context.getRoot()
                .getStore(Namespace.create(StubCuda.class))
                .getOrComputeIfAbsent(Tally.class, key -> new Tally(), Tally.class)
                .tests
                .incrementAndGet();
    }
}
