package io.fluxfoam.teacher.memory;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A stored result that was not what was computed.
 *
 * @param namespace whose it was
 * @param fingerprint of the input
 * @param lookup number of the look-up
 * @param agreements results that had agreed before
 * @param divergence of stored and computed, see {@link Trust#divergence}
 * @param wasRelied whether such results were given out without being computed
 * @param purged results that were dropped
 * @param now what the namespace is taken for from now on
 */
public record FalseHit(
        Namespace namespace,
        String fingerprint,
        long lookup,
        int agreements,
        double divergence,
        boolean wasRelied,
        int purged,
        String now) {

    /** As one line. */
    public String text() {
        return String.format(
                Locale.ROOT,
                "memory was wrong: epoch=%s fingerprint=%s lookup=%d agreements=%d divergence=%.3g"
                        + " relied=%b purged=%d class=%s",
                namespace.epoch(),
                fingerprint,
                lookup,
                agreements,
                divergence,
                wasRelied,
                purged,
                now);
    }

    /** For the journal. */
    public Map<String, Object> facts() {
        Map<String, Object> facts = new TreeMap<>();
        facts.put("epoch", namespace.epoch());
        facts.put("fingerprint", fingerprint);
        facts.put("lookup", lookup);
        facts.put("agreements", agreements);
        facts.put("divergence", divergence);
        facts.put("relied", wasRelied);
        facts.put("purged", purged);
        facts.put("class", now);
        return facts;
    }
}
