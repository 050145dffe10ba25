package io.fluxfoam.student;

import io.fluxfoam.distill.Region;
import io.fluxfoam.journal.JournalEntry;
import io.fluxfoam.journal.JournalReader;
import io.fluxfoam.journal.JsonLine;
import io.fluxfoam.launch.Commands;
import io.fluxfoam.student.checkpoint.Checkpoint;
import io.fluxfoam.student.checkpoint.CheckpointStore;
import io.fluxfoam.student.growth.GrowthReport;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ./foam student inspect}: what a student is made of. */
@Command(
        name = "foam student inspect",
        mixinStandardHelpOptions = true,
        description =
                "Show what a student is made of, as it was last saved: its layers, their parameters and"
                        + " updates, the teachers that it knows, how warm its weights are, and when it grew."
                        + " Of a living foam, a dead one, or a snapshot.")
public final class InspectMain implements Callable<Integer> {
    @Mixin private StudentState state;

    @Parameters(
            arity = "0..1",
            paramLabel = "SNAPSHOT",
            description = "A file that ./foam snapshot has made (default: the student of a foam).")
    private Path snapshot;

    @Option(names = "--json", description = "Write JSON.")
    private boolean json;

    private InspectMain() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(Commands.execute(line(), args));
    }

    static CommandLine line() {
        return Commands.line(new InspectMain());
    }

    @Override
    public Integer call() throws IOException {
        Checkpoint checkpoint = snapshot == null ? saved() : CheckpointStore.read(snapshot);
        List<String> growths = snapshot == null ? growths() : List.of();
        if (json) {
            System.out.println(JsonLine.of(facts(checkpoint, growths)));
        } else {
            print(checkpoint, growths);
        }
        return 0;
    }

    private Checkpoint saved() throws IOException {
        Path directory = state.directory();
        return new CheckpointStore(directory)
                .load(e -> System.err.println(Commands.reason(e)))
                .orElseThrow(() -> new IOException("no student has saved there: " + directory));
    }

    /** Each trial of growth that the journal tells of, in a line. */
    private List<String> growths() throws IOException {
        Path journal = state.journal();
        return Files.isDirectory(journal)
                ? JournalReader.readAll(journal).stream()
                        .filter(entry -> entry.kind().equals(GrowthReport.KIND))
                        .map(JournalEntry::facts)
                        .toList()
                : List.of();
    }

    private static void print(Checkpoint checkpoint, List<String> growths) {
        System.out.printf(
                Locale.ROOT,
                "step=%d loss=%.4f width=%s parameters=%d learns-from=\"%s\"%n",
                checkpoint.step(),
                checkpoint.loss(),
                checkpoint.width(),
                parameters(checkpoint),
                checkpoint.source());
        for (Checkpoint.Group group : checkpoint.groups()) {
            System.out.printf(
                    Locale.ROOT,
                    "%-24s  parameters=%-9d updates=%d%s%n",
                    group.name(),
                    group.parameters(),
                    group.step(),
                    group.temperature().isPresent()
                            ? String.format(
                                    Locale.ROOT,
                                    " temperature=%.3f",
                                    group.temperature().getAsDouble())
                            : "");
        }
        for (int i = 0; i < checkpoint.targetSources().size(); i++) {
            Region region = checkpoint.statistics().layout().regions().get(i);
            System.out.printf(
                    "knows %s: [%d, %d] epoch=%s of %d moments%n",
                    region.name(),
                    region.tokens(),
                    region.dim(),
                    checkpoint.targetSources().get(i).epoch(),
                    checkpoint.statistics().statistics().get(i).moments());
        }
        growths.forEach(facts -> System.out.println("growth " + facts));
    }

    private static long parameters(Checkpoint checkpoint) {
        return checkpoint.groups().stream().mapToLong(Checkpoint.Group::parameters).sum();
    }

    private static Map<String, Object> facts(Checkpoint checkpoint, List<String> growths) {
        List<Object> groups = new ArrayList<>();
        for (Checkpoint.Group group : checkpoint.groups()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("name", group.name());
            facts.put("parameters", group.parameters());
            facts.put("updates", group.step());
            group.temperature().ifPresent(mean -> facts.put("temperature", mean));
            groups.add(facts);
        }
        Map<String, Object> known = new LinkedHashMap<>();
        for (int i = 0; i < checkpoint.targetSources().size(); i++) {
            Region region = checkpoint.statistics().layout().regions().get(i);
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("tokens", region.tokens());
            facts.put("dim", region.dim());
            facts.put("epoch", checkpoint.targetSources().get(i).epoch());
            facts.put("moments", checkpoint.statistics().statistics().get(i).moments());
            known.put(region.name(), facts);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("source", checkpoint.source());
        all.put("step", checkpoint.step());
        all.put("loss", checkpoint.loss());
        all.put("width", checkpoint.width().share());
        all.put("parameters", parameters(checkpoint));
        all.put("groups", groups);
        all.put("regions", known);
        all.put("growthTrials", growths.size());
        all.put("growths", growths.stream().filter(GrowthReport::hasGrown).count());
        return all;
    }
}
