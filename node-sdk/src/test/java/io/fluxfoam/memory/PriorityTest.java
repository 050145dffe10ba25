package io.fluxfoam.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

@Timeout(60)
class PriorityTest {
    private static final Path AUTOGROUP = Path.of("/proc/self/autogroup");
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final String NO_SHARE = "none";
    private static final String REFUSED = "refused";

    /** A process that lowers its priority and raises it again, and says where it stands. */
    static final class Lowering {
        private Lowering() {}

        public static void main(String[] args) throws IOException {
            tell();
            Priority priority = Priority.lower();
            if (!priority.isLowered()) {
                System.out.println(REFUSED);
            }
            tell();
            priority.raise();
            tell();
        }

        private static void tell() throws IOException {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String nice = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16];
            System.out.println(nice + " " + sessionNice());
        }

        /** The kernel says nothing of a process that is in no session's group. */
        private static String sessionNice() throws IOException {
            String session = Files.exists(AUTOGROUP) ? Files.readString(AUTOGROUP).strip() : "";
            return session.isEmpty() ? NO_SHARE : session.substring(session.lastIndexOf(' ') + 1);
        }
    }

    private static List<String> said(String... prefix) throws IOException {
        List<String> line = new ArrayList<>(List.of(prefix));
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Lowering.class.getName()));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<String> lines = said.lines().toList();
        assumeFalse(lines.contains(REFUSED), "this user may not raise a priority again");
        return lines;
    }

    @Test
    void shouldLetOtherSessionsGoFirstFromASessionOfItsOwn() throws IOException {
        assumeTrue(
                Files.isWritable(AUTOGROUP) && Files.isExecutable(SETSID), "no sessions to share");
        List<String> said = said(SETSID.toString());
        assumeTrue(!said.get(0).endsWith(NO_SHARE), "no sessions to share");
        assumeTrue(!said.get(0).startsWith("19"), "this process is at the lowest already");
        assertEquals("19 19", said.get(1), said.toString());
        assertEquals(said.get(0), said.get(2), said.toString());
    }

    @Test
    void shouldNotMoveASessionThatIsNotItsOwn() throws IOException {
        List<String> said = said();
        assertEquals("19 " + said.get(0).split(" ")[1], said.get(1), said.toString());
        assertEquals(said.get(0), said.get(2), said.toString());
    }
}
