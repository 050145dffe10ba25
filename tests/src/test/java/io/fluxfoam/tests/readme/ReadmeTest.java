package io.fluxfoam.tests.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ReadmeTest {
    private static final Path HOME = Path.of(System.getProperty("foam.home"));

    @Test
    void shouldShowTheNodeOfTheExample() throws IOException {
        String readme = Files.readString(HOME.resolve("README.md"));
        int start = readme.indexOf("```java\n") + "```java\n".length();
        String shown = readme.substring(start, readme.indexOf("```", start));
        String compiled =
                Files.readString(
                        HOME.resolve(
                                "examples/brightness/src/main/java/brightness/Brightness.java"));
        assertEquals(compiled.substring(compiled.indexOf("import")), shown);
    }
}
