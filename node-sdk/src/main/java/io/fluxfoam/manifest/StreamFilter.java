package io.fluxfoam.manifest;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Streams as people name them: {@code NODE/STREAM}, or {@code NODE} for all of its streams; a
 * {@code *} stands for any letters, a {@code ?} for one.
 */
public final class StreamFilter {
    private static final Pattern FORM = Pattern.compile("[a-z0-9@*?-]{1,64}(/[a-z0-9*?-]{1,48})?");

    private final List<Pattern> wanted;

    /** Streams of these names; all if there are none. */
    public StreamFilter(List<String> names) {
        wanted = names.stream().map(StreamFilter::pattern).toList();
    }

    private static Pattern pattern(String name) {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "wanted NODE or NODE/STREAM, of a-z, 0-9, '-', '*' and '?': " + name);
        }
        String whole = name.contains("/") ? name : name + "/*";
        return Pattern.compile(whole.replace("?", "[^/]").replace("*", "[^/]*"));
    }

    /** Whether {@code NODE/STREAM} is one of them. */
    public boolean matches(String target) {
        return wanted.isEmpty()
                || wanted.stream().anyMatch(pattern -> pattern.matcher(target).matches());
    }
}
