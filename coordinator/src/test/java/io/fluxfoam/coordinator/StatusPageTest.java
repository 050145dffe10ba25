package io.fluxfoam.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

class StatusPageTest {
    private final StatusPage page = StatusPage.load();
    private final String html = new String(page.utf8(), StandardCharsets.UTF_8);

    @ParameterizedTest
    @ValueSource(strings = {"style", "script"})
    void shouldHaveOneElementThatThePolicyAllowsByItsHash(String element) throws Exception {
        List<MatchResult> found =
                Pattern.compile("<" + element + "\\b[^>]*>(.*?)</" + element + ">", Pattern.DOTALL)
                        .matcher(html)
                        .results()
                        .toList();
        assertEquals(1, found.size());
        byte[] digest =
                MessageDigest.getInstance("SHA-256")
                        .digest(found.getFirst().group(1).getBytes(StandardCharsets.UTF_8));
        String allowed =
                element + "-src 'sha256-" + Base64.getEncoder().encodeToString(digest) + "';";
        assertTrue(page.contentSecurityPolicy().contains(allowed), page.contentSecurityPolicy());
    }

    @Test
    void shouldHoldEveryFileThatItIsWrittenIn() {
        for (String of :
                List.of(
                        "--ground:",
                        "const DASH",
                        "function keep(",
                        "function edgesOf(",
                        "class Layout",
                        "function drawFlow(",
                        "class Chart",
                        "function drawTiles(",
                        "function drawVoice(",
                        "function watch(")) {
            assertTrue(html.contains(of), of);
        }
        assertFalse(
                Pattern.compile("(src|href)=\"(?!data:|/)").matcher(html).find(),
                "a link to a file");
    }

    /**
     * A page that knew them would draw nodes of other names wrong. Names of roles, such as student,
     * are the contract's.
     */
    @Test
    void shouldKnowNoNodeOfTheDefaultLoopByItsName() {
        for (String name : List.of("teacher-", "vision", "whisper", "llm")) {
            assertFalse(html.contains(name), name);
        }
    }
}
