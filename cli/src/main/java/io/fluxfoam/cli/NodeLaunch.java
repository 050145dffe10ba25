package io.fluxfoam.cli;

import java.util.List;
import java.util.Map;

/**
 * What starts a node's process.
 *
 * @param node its name
 * @param command program and arguments
 * @param environment added to this process's own
 */
record NodeLaunch(String node, List<String> command, Map<String, String> environment) {
    NodeLaunch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
