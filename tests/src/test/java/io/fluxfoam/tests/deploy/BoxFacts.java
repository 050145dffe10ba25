package io.fluxfoam.tests.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import picocli.CommandLine.ParseResult;

import java.util.List;
import java.util.Map;

/** What a bridge's command line says of its box, and whether two of them fit. */
record BoxFacts(
        String box,
        String listen,
        List<String> peers,
        String key,
        List<String> exports,
        List<String> imports) {

    static BoxFacts of(ParseResult bridge) {
        return new BoxFacts(
                bridge.matchedOptionValue("--box", ""),
                bridge.matchedOptionValue("--listen", ""),
                bridge.matchedOptionValue("--peer", List.of()),
                String.valueOf(bridge.<Object>matchedOptionValue("--key", "")),
                bridge.matchedOptionValue("--export", List.of()),
                bridge.matchedOptionValue("--import", List.of()));
    }

    int port() {
        return port(listen);
    }

    static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    static String host(String address) {
        return address.substring(0, address.lastIndexOf(':'));
    }

    /**
     * Two boxes that know each other.
     *
     * @param hosts by which each box is called, by its name
     */
    static void assertFit(BoxFacts one, BoxFacts other, Map<String, String> hosts) {
        assertFalse(one.box.equals(other.box), "two boxes of one name: " + one.box);
        assertTrue(one.box.matches("[a-z][a-z0-9-]{0,14}"), one.box);
        for (BoxFacts caller : List.of(one, other)) {
            BoxFacts called = caller == one ? other : one;
            String wanted = hosts.get(called.box) + ":" + called.port();
            assertEquals(List.of(wanted), caller.peers, caller.box);
            assertEquals(called.exports, caller.imports, caller.box);
        }
    }
}
