package io.fluxfoam.chaos;

import io.fluxfoam.liveness.Names;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * What is done when, in the order of time. The same seed, faults and targets give the same plan. As a file, one line each:
 * {@code SECONDS FAULT TARGET}, with {@code *} for no target; what follows a {@code #} is a comment.
 */
record Plan(List<Torment> torments) {
    Plan {
        torments = torments.stream().sorted(Comparator.comparingLong(Torment::atMillis)).toList();
    }

    /**
     * Torments in every second window, beginning with the second.
     *
     * @param rhythm when
     * @param faults to choose from
     * @param targets names of nodes to choose from
     * @param coordinator name of the coordinator; null without one
     * @throws IllegalArgumentException if a fault is aimed at a coordinator that is not there
     */
    static Plan random(long seed, Rhythm rhythm, List<Fault> faults, List<String> targets, String coordinator) {
        if (coordinator == null) {
            faults.forEach(fault -> requireCoordinator(fault, targets));
        }
        Random random = new Random(seed);
        List<Torment> torments = new ArrayList<>();
        for (long atMillis : rhythm.torments()) {
            Fault fault = faults.get(random.nextInt(faults.size()));
            String anyone = targets.get(random.nextInt(targets.size()));
            torments.add(new Torment(atMillis, fault, target(fault, anyone, coordinator)));
        }
        return new Plan(torments);
    }

    private static void requireCoordinator(Fault fault, List<String> nodes) {
        if (fault.aim() == Fault.Aim.COORDINATOR) {
            throw new IllegalArgumentException("no coordinator lives: fault=" + fault.label() + " nodes=" + nodes);
        }
    }

    private static String target(Fault fault, String anyone, String coordinator) {
        return switch (fault.aim()) {
            case ONE -> anyone;
            case COORDINATOR -> coordinator;
            case NONE, OWN_FOAM -> Torment.NO_TARGET;
        };
    }

    /** Reads a plan's file. */
    static Plan read(Path file) throws IOException {
        List<Torment> torments = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            number++;
            String text = line.replaceFirst("#.*", "").strip();
            if (!text.isEmpty()) {
                torments.add(parse(file, number, text));
            }
        }
        return new Plan(torments);
    }

    private static Torment parse(Path file, int number, String text) {
        String[] words = text.split("\\s+");
        try {
            if (words.length < 2 || words.length > 3) {
                throw new IllegalArgumentException("wanted SECONDS FAULT TARGET, got \"" + text + '"');
            }
            double seconds = Double.parseDouble(words[0]);
            if (!(seconds >= 0 && seconds < 1e6)) {
                throw new IllegalArgumentException("seconds=" + words[0] + " not in 0..1000000");
            }
            Fault fault = Fault.of(words[1]);
            String target = words.length == 3 ? words[2] : Torment.NO_TARGET;
            boolean isNamed = !target.equals(Torment.NO_TARGET);
            if (isNamed) {
                Names.check("node", target);
            } else if (fault.aim() == Fault.Aim.ONE) {
                throw new IllegalArgumentException(fault.label() + " needs a target");
            }
            return new Torment(Math.round(seconds * 1e3), fault, target);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("plan=" + file + " line=" + number + ": " + e.getMessage(), e);
        }
    }

    /**
     * Refuses a plan that is aimed at somebody whom nobody knows.
     *
     * @param nodes names of the nodes that are or were there
     * @param hasCoordinator whether one of them is a living coordinator
     * @throws IllegalArgumentException with the first such torment
     */
    void requireTargets(List<String> nodes, boolean hasCoordinator) {
        for (Torment torment : torments) {
            if (torment.target().equals(Torment.NO_TARGET)) {
                if (!hasCoordinator) {
                    requireCoordinator(torment.fault(), nodes);
                }
            } else if (!nodes.contains(torment.target())) {
                throw new IllegalArgumentException(
                        "no such node: target=" + torment.target() + " torment=\"" + torment.line() + "\" nodes=" + nodes);
            }
        }
    }

    /** The plan's file. */
    String text() {
        return torments.stream().map(Torment::line).collect(Collectors.joining("\n", "", "\n"));
    }
}
