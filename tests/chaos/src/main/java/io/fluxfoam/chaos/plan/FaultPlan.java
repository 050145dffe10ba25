package io.fluxfoam.chaos.plan;

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
 * What is done when, in the order of time. The same seed, faults and targets give the same plan. As
 * a file, one line each: {@code SECONDS FAULT TARGET}, with {@code *} for no target; what follows a
 * {@code #} is a comment.
 */
public record FaultPlan(List<ScheduledFault> faults) {
    public FaultPlan {
        faults =
                faults.stream().sorted(Comparator.comparingLong(ScheduledFault::atMillis)).toList();
    }

    /**
     * Faults in every second window, beginning with the second.
     *
     * @param windows when
     * @param kinds to choose from
     * @param targets names of nodes to choose from
     * @param coordinator name of the coordinator; null without one
     * @throws IllegalArgumentException if a fault is aimed at a coordinator that is not there
     */
    public static FaultPlan random(
            long seed,
            WindowSchedule windows,
            List<FaultKind> kinds,
            List<String> targets,
            String coordinator) {
        if (coordinator == null) {
            kinds.forEach(kind -> requireCoordinator(kind, targets));
        }
        Random random = new Random(seed);
        List<ScheduledFault> faults = new ArrayList<>();
        for (long atMillis : windows.faults()) {
            FaultKind kind = kinds.get(random.nextInt(kinds.size()));
            String anyone = targets.get(random.nextInt(targets.size()));
            faults.add(new ScheduledFault(atMillis, kind, target(kind, anyone, coordinator)));
        }
        return new FaultPlan(faults);
    }

    private static void requireCoordinator(FaultKind fault, List<String> nodes) {
        if (fault.aim() == FaultKind.Aim.COORDINATOR) {
            throw new IllegalArgumentException(
                    "no coordinator lives: fault=" + fault.label() + " nodes=" + nodes);
        }
    }

    private static String target(FaultKind fault, String anyone, String coordinator) {
        return switch (fault.aim()) {
            case ONE -> anyone;
            case COORDINATOR -> coordinator;
            case NONE, OWN_FOAM, OWN_BOXES -> ScheduledFault.NO_TARGET;
        };
    }

    /** Reads a plan's file. */
    public static FaultPlan read(Path file) throws IOException {
        List<ScheduledFault> faults = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            number++;
            String text = line.replaceFirst("#.*", "").strip();
            if (!text.isEmpty()) {
                faults.add(parse(file, number, text));
            }
        }
        return new FaultPlan(faults);
    }

    private static ScheduledFault parse(Path file, int number, String text) {
        String[] words = text.split("\\s+");
        try {
            if (words.length < 2 || words.length > 3) {
                throw new IllegalArgumentException(
                        "wanted SECONDS FAULT TARGET, got \"" + text + '"');
            }
            double seconds = Double.parseDouble(words[0]);
            if (!(seconds >= 0 && seconds < 1e6)) {
                throw new IllegalArgumentException("seconds=" + words[0] + " not in 0..1000000");
            }
            FaultKind fault = FaultKind.of(words[1]);
            String target = words.length == 3 ? words[2] : ScheduledFault.NO_TARGET;
            boolean isNamed = !target.equals(ScheduledFault.NO_TARGET);
            if (isNamed) {
                Names.check("node", target);
            } else if (fault.aim() == FaultKind.Aim.ONE) {
                throw new IllegalArgumentException(fault.label() + " needs a target");
            }
            return new ScheduledFault(Math.round(seconds * 1e3), fault, target);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "plan=" + file + " line=" + number + ": " + e.getMessage(), e);
        }
    }

    /**
     * Refuses a plan that is aimed at somebody whom nobody knows.
     *
     * @param nodes names of the nodes that are or were there
     * @param hasCoordinator whether one of them is a living coordinator
     * @throws IllegalArgumentException with the first such fault
     */
    public void requireTargets(List<String> nodes, boolean hasCoordinator) {
        for (ScheduledFault fault : faults) {
            if (fault.target().equals(ScheduledFault.NO_TARGET)) {
                if (!hasCoordinator) {
                    requireCoordinator(fault.kind(), nodes);
                }
            } else if (!nodes.contains(fault.target())) {
                throw new IllegalArgumentException(
                        "no such node: target="
                                + fault.target()
                                + " fault=\""
                                + fault.line()
                                + "\" nodes="
                                + nodes);
            }
        }
    }

    /** The plan's file. */
    String text() {
        return faults.stream()
                .map(ScheduledFault::line)
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
