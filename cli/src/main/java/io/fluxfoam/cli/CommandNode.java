package io.fluxfoam.cli;

import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.launch.FoamHome;
import io.fluxfoam.liveness.Names;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A node of the loop that the user starts by a command of his own, in whatever language. It finds
 * its foam and its name in {@code FOAM_DIR} and {@code FOAM_NAME}.
 *
 * @param name of the node
 * @param command as a shell takes it
 */
record CommandNode(String name, String command) {
    /**
     * Reads {@code NAME=COMMAND}, each of them.
     *
     * @throws IllegalArgumentException if one is none, or a name is there twice
     */
    static List<CommandNode> parse(List<String> texts) {
        Set<String> names = new HashSet<>(LoopNodes.ORDER);
        List<CommandNode> nodes = texts.stream().map(CommandNode::parse).toList();
        for (CommandNode node : nodes) {
            if (!names.add(node.name)) {
                throw new IllegalArgumentException(
                        "--node: the loop has a node of this name: name=" + node.name);
            }
        }
        return nodes;
    }

    private static CommandNode parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0 || text.substring(equals + 1).isBlank()) {
            throw new IllegalArgumentException("--node=" + text + " is no NAME=COMMAND");
        }
        return new CommandNode(
                Names.check("node", text.substring(0, equals)), text.substring(equals + 1));
    }

    /**
     * The shell gives its process to a plain command, which may be {@code ./foam node FILE.jar}.
     * Python finds this checkout's package behind what the user has set.
     */
    NodeLaunch launch(FoamHome home, Path foam, List<String> session) {
        List<String> line = new ArrayList<>(session);
        line.addAll(List.of("/bin/sh", "-c", command));
        Map<String, String> environment = new HashMap<>();
        environment.put("FOAM_DIR", foam.toString());
        environment.put("FOAM_NAME", name);
        environment.put("FOAM_NO_BUILD", "1");
        String python = home.launcher().resolveSibling(Path.of("clients", "python")).toString();
        String path = System.getenv("PYTHONPATH");
        environment.put(
                "PYTHONPATH", path == null || path.isEmpty() ? python : path + ":" + python);
        return new NodeLaunch(name, line, environment);
    }
}
