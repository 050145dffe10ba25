package io.fluxfoam.tests.page;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Skips a test class where there is no Chromium, and says at the end of the run how many tests had
 * one.
 */
final class InChromium implements BeforeAllCallback, AfterTestExecutionCallback {
    private static final class Tally implements AutoCloseable {
        private final AtomicInteger tests = new AtomicInteger();

        @Override
        public void close() {
            System.out.println("browser tests run: " + tests.get());
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        if (Chromium.find().isEmpty()) {
            System.out.println(
                    "browser tests skipped: no chromium, chromium-browser or google-chrome on the PATH");
            Assumptions.abort("no Chromium");
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        context.getRoot()
                .getStore(Namespace.create(InChromium.class))
                .getOrComputeIfAbsent(Tally.class, key -> new Tally(), Tally.class)
                .tests
                .incrementAndGet();
    }
}
