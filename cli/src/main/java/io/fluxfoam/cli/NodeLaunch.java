package io.fluxfoam.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What starts a node's process.
 *
 * @param node its name
 * @param command program and arguments
 * @param environment added to this process's own
 * @param isSecond whether it is a second process of this node: of the two the one lives, the other
 *     stands by
 */
record NodeLaunch(
        String node, List<String> command, Map<String, String> environment, boolean isSecond) {
    NodeLaunch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    NodeLaunch(String node, List<String> command, Map<String, String> environment) {
        this(node, command, environment, false);
    }

    /** The same for a process that stands by if another one has the name already. */
    NodeLaunch standingBy() {
        List<String> words = new ArrayList<>(command);
        words.add("--standby");
        return new NodeLaunch(node, words, environment);
    }

    /** The same for a second process. */
    NodeLaunch second() {
        return new NodeLaunch(node, command, environment, true);
    }

    /** What people call the process. */
    String title() {
        return isSecond ? node + " (2)" : node;
    }

    /** File in the foam that takes what it prints. */
    String log() {
        return isSecond ? node + ".standby.log" : node + ".log";
    }
}
