package io.fluxfoam.coordinator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The status page: one HTML text that carries its style and its script and asks nothing of any
 * other host. It is written as a page with a style sheet and some scripts, each of which also works
 * alone behind its link; here they are put in the place of their links, so that there is one answer
 * to serve and one hash of each to allow.
 */
final class StatusPage {
    private static final Pattern STYLE =
            Pattern.compile("<link rel=\"stylesheet\" href=\"([a-z.]+)\">\n");
    private static final Pattern SCRIPT = Pattern.compile("<script src=\"([a-z.]+)\"></script>\n");
    private static final Pattern SCRIPTS = Pattern.compile("(" + SCRIPT.pattern() + ")+");

    private final String html;

    private StatusPage(String html) {
        this.html = html;
    }

    /** Reads the page from the class path. */
    static StatusPage load() {
        String page = inPlaceOf(STYLE, resource("index.html"), "style", STYLE);
        return new StatusPage(inPlaceOf(SCRIPTS, page, "script", SCRIPT));
    }

    /**
     * The page with one element, made of all that the links name, in the place where they stand.
     */
    private static String inPlaceOf(Pattern place, String page, String element, Pattern link) {
        return place.matcher(page)
                .replaceFirst(links -> {
                    String text =
                            link.matcher(links.group())
                                    .results()
                                    .map(file -> resource(file.group(1)))
                                    .collect(Collectors.joining("\n"));
                    return Matcher.quoteReplacement(
                            "<" + element + ">\n" + text + "</" + element + ">\n");
                });
    }

    private static String resource(String name) {
        try (InputStream in = StatusPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "not on the class path: io/fluxfoam/coordinator/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
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
