package io.fluxfoam.coordinator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The status page: one HTML file that carries its style and its script and asks nothing of any
 * other host.
 */
final class StatusPage {
    private final String html;

    private StatusPage(String html) {
        this.html = html;
    }

    /** Reads the page from the class path. */
    static StatusPage load() {
        try (InputStream in = StatusPage.class.getResourceAsStream("status.html")) {
            if (in == null) {
                throw new IllegalStateException(
                        "not on the class path: io/fluxfoam/coordinator/status.html");
            }
            return new StatusPage(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read status.html", e);
        }
    }

    byte[] utf8() {
        return html.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Lets run exactly the one script and the one style that the page carries, and lets it ask only
     * the server it came from.
     */
    String contentSecurityPolicy() {
        return "default-src 'none'; style-src '"
                + hashOf("style")
                + "'; script-src '"
                + hashOf("script")
                + "'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'";
    }

    private String hashOf(String element) {
        String open = "<" + element + ">";
        int begin = html.indexOf(open) + open.length();
        String text = html.substring(begin, html.indexOf("</" + element + ">", begin));
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
