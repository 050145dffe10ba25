package io.fluxfoam.coordinator.status;

import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.counters.FabricCounters;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.LoopNodes;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.TeacherRefusal;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.FoamDirectory.Owned;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.NodeState;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.liveness.StandbyMark;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.manifest.ManifestFile;
import io.fluxfoam.memory.BestEffortRead;
import io.fluxfoam.stream.StreamView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at a foam from outside: marks, counters and streams' control files, all read-only. It takes
 * no lock and no lane, needs no coordinator, and works when everyone is dead. Files that come or go
 * meanwhile are passed over; of one that is damaged or refused the caller is told, and the rest is
 * shown. Of manifests it reads those in JSON: the first Chronicle Map costs a process seconds, and
 * {@code ps} less than one.
 */
public final class StatusProbe {
    private final FoamDirectory foam;
    private final Consumer<IOException> damaged;

    /**
     * Looks at this foam.
     *
     * @param damaged told of every file that is not what its name says, or that cannot be read
     */
    public StatusProbe(FoamDirectory foam, Consumer<IOException> damaged) {
        this.foam = foam;
        this.damaged = damaged;
    }

    public FoamStatus status() throws IOException {
        List<NodeFacts> facts = facts();
        return new FoamStatus(
                name(),
                Math.max(0, System.currentTimeMillis() - foam.createdMillis()) / 1e3,
                nodes(facts),
                student(facts),
                heldOut(evaluation(facts)));
    }

    /** Name of the foam: the last element of its directory. */
    public String name() {
        return foam.path().getFileName().toString();
    }

    /**
     * What one node has left outside of its streams.
     *
     * @param counters those of its newest incarnation; empty while it is being created
     */
    public record NodeFacts(MarkView mark, Optional<CountersSnapshot> counters) {}

    /** Marks, nodes of the default loop first. */
    public List<MarkView> marks() throws IOException {
        List<MarkView> marks = new ArrayList<>();
        for (String node : foam.nodes()) {
            present(() -> MarkView.read(foam, node)).ifPresent(marks::add);
        }
        marks.sort(Comparator.comparing(mark -> rank(mark.name())));
        return marks;
    }

    /** Processes that wait for a node's name. */
    public List<StandbyMark.Waiting> standbys() throws IOException {
        return StandbyMark.in(foam);
    }

    /** Marks and counters, nodes of the default loop first. */
    public List<NodeFacts> facts() throws IOException {
        List<NodeFacts> facts = new ArrayList<>();
        for (MarkView mark : marks()) {
            facts.add(new NodeFacts(mark, counters(mark)));
        }
        return facts;
    }

    /** Counters of this incarnation; empty while they are being created. */
    public Optional<CountersSnapshot> counters(MarkView mark) {
        return present(() ->
                CountersSnapshot.read(foam.file(mark.name(), mark.incarnation(), "counters")));
    }

    /** Counters of every node's newest incarnation: node name, then label, then value. */
    public Map<String, Map<String, Number>> counters() throws IOException {
        Map<String, Map<String, Number>> counters = new LinkedHashMap<>();
        for (NodeFacts node : facts()) {
            node.counters()
                    .ifPresent(snapshot -> counters.put(node.mark().name(), snapshot.values()));
        }
        return counters;
    }

    /** Control files of a node's newest incarnation, by stream name. */
    public List<StreamView> streams(MarkView mark) throws IOException {
        List<StreamView> streams = new ArrayList<>();
        for (Owned file : foam.filesOf(mark.name())) {
            if (file.isControl() && file.incarnation() == mark.incarnation()) {
                present(() -> StreamView.read(foam.path().resolve(file.fileName())))
                        .ifPresent(streams::add);
            }
        }
        streams.sort(Comparator.comparing(stream -> stream.header().spec().name()));
        return streams;
    }

    private List<NodeStatus> nodes(List<NodeFacts> facts) throws IOException {
        Map<Long, MarkView> byHash = new HashMap<>();
        facts.forEach(node -> byHash.put(OwnerKey.hash(node.mark().name()), node.mark()));
        Map<String, Long> standbys =
                standbys().stream()
                        .collect(
                                Collectors.groupingBy(
                                        StandbyMark.Waiting::node, Collectors.counting()));
        List<NodeStatus> nodes = new ArrayList<>();
        for (NodeFacts node : facts) {
            MarkView mark = node.mark();
            Optional<String> box = node.counters().flatMap(LinkStatus::box);
            List<StreamStatus> streams = new ArrayList<>();
            for (StreamView stream : streams(mark)) {
                streams.add(stream(stream, mark.state(), byHash));
            }
            nodes.add(
                    new NodeStatus(
                            mark.name(),
                            mark.role(),
                            mark.pid(),
                            mark.incarnation(),
                            mark.state().name(),
                            (double) mark.heartbeatAgeMillis(),
                            mark.incarnation() - 1,
                            standbys.getOrDefault(mark.name(), 0L),
                            mark.device(),
                            streams,
                            node.counters()
                                    .map(counters -> (long) counters.errors().size())
                                    .orElse(null),
                            node.counters().map(StatusProbe::copiedBytes).orElse(null),
                            language(mark),
                            null,
                            box.map(name -> LinkStatus.origin(mark, name)).orElse(null),
                            box.flatMap(name ->
                                            node.counters()
                                                    .map(counters ->
                                                            LinkStatus.of(mark, counters, name)))
                                    .orElse(null)));
        }
        return nodes;
    }

    /** By the card of a JVM, or the manifest of a node in another language. */
    private @Nullable String language(MarkView mark) {
        for (String suffix : List.of("card", "manifest")) {
            Optional<Manifest> card =
                    present(() ->
                            ManifestFile.readJson(
                                            foam.file(mark.name(), mark.incarnation(), suffix))
                                    .orElseThrow(() -> new NoSuchFileException(suffix)));
            if (card.isPresent()) {
                return card.get().language().orElse(null);
            }
        }
        return null;
    }

    /** Of all streams that it reads or publishes. */
    private static long copiedBytes(CountersSnapshot counters) {
        return counters.values().entrySet().stream()
                .filter(counter -> isCopyCount(counter.getKey()))
                .mapToLong(counter -> counter.getValue().longValue())
                .sum();
    }

    private static boolean isCopyCount(String label) {
        return FabricCounters.READ_COPIED_BYTES.which(label).isPresent()
                || FabricCounters.PUBLISH_COPIED_BYTES.which(label).isPresent();
    }

    /**
     * The rate that a writer left behind when it died or stalled is no rate: nothing is committed
     * then.
     */
    private static StreamStatus stream(
            StreamView stream, NodeState writer, Map<Long, MarkView> byHash) {
        List<Long> shape = new ArrayList<>();
        for (long dim : stream.header().spec().maxShape()) {
            shape.add(dim);
        }
        List<String> readers =
                stream.lanes().stream()
                        .flatMap(lane -> living(lane.owner(), byHash).stream())
                        .map(MarkView::name)
                        .toList();
        return new StreamStatus(
                stream.header().spec().name(),
                stream.header().spec().dtype().name().toLowerCase(Locale.ROOT),
                shape,
                (long) stream.header().spec().slots(),
                stream.sequence(),
                finite(writer == NodeState.ALIVE ? stream.ratePerSecond() : 0),
                (long) readers.size(),
                readers.stream().distinct().toList());
    }

    private static Optional<MarkView> living(long owner, Map<Long, MarkView> byHash) {
        return Optional.ofNullable(byHash.get(OwnerKey.hash(owner)))
                .filter(reader ->
                        reader.state().isHeld()
                                && reader.incarnation() == OwnerKey.incarnation(owner));
    }

    private static StudentStatus student(List<NodeFacts> facts) {
        Optional<CountersSnapshot> counters = counters(facts, Roles.STUDENT);
        Figures student = figures(facts, Roles.STUDENT);
        Figures evaluator = evaluation(facts);
        Map<String, TeacherStatus> teachers = new HashMap<>();
        for (String teacher : student.teachers(evaluator)) {
            Double present = student.number(LoopCounters.TEACHER_PRESENT.of(teacher));
            teachers.put(
                    teacher,
                    new TeacherStatus(
                            present == null ? null : present != 0,
                            student.number(LoopCounters.TEACHER_WEIGHT.of(teacher)),
                            evaluator.number(LoopCounters.CENTRED_COSINE.of(teacher)),
                            evaluator.number(LoopCounters.UNEXPLAINED_VARIANCE.of(teacher)),
                            evaluator.number(LoopCounters.CONSTANT_PREDICTOR.of(teacher)),
                            counters.flatMap(said -> TeacherRefusal.of(said, teacher))
                                    .map(TeacherRefusal::reason)
                                    .orElse(null),
                            evaluator.state(teacher),
                            evaluator.verdict(teacher)));
        }
        return new StudentStatus(
                student.count(LoopCounters.STEP),
                student.number(LoopCounters.LOSS),
                student.number(LoopCounters.STEPS_PER_SECOND),
                student.number(LoopCounters.SAMPLES_PER_SECOND),
                student.number(LoopCounters.MOMENTS_PER_SECOND),
                student.count(LoopCounters.PARAMETERS),
                student.number(LoopCounters.WIDTH),
                student.count(LoopCounters.RENEWED_UNITS),
                student.count(LoopCounters.DEAD_UNITS),
                student.count(LoopCounters.COPIED_BYTES),
                teachers);
    }

    private static HeldOutStatus heldOut(Figures evaluator) {
        return new HeldOutStatus(
                evaluator.count(LoopCounters.HELD_OUT_EVALUATED),
                set(evaluator, LoopCounters.SEEN_WORDS),
                set(evaluator, LoopCounters.UNSEEN_WORDS),
                set(evaluator, LoopCounters.PICTURE_ONLY),
                evaluator.count(LoopCounters.TRAINED_FRAMES_AUDITED),
                evaluator.count(LoopCounters.TRAINED_FRAMES_MISSED),
                evaluator.count(LoopCounters.TRAINED_ON_HOLDOUT),
                evaluator.heldOutSets());
    }

    private static RetrievalStatus set(Figures evaluator, String set) {
        return new RetrievalStatus(
                evaluator.number(LoopCounters.TOP1.of(set)),
                evaluator.count(LoopCounters.SET_CANDIDATES.of(set)),
                evaluator.number(LoopCounters.CHANCE.of(set)),
                evaluator.count(LoopCounters.SET_FRAMES.of(set)));
    }

    private static Figures figures(List<NodeFacts> facts, String role) {
        return new Figures(counters(facts, role).map(CountersSnapshot::values).orElse(Map.of()));
    }

    /**
     * What evaluators say, each figure by the first that has it: those that live before the others,
     * so that one which has just been started again hides nothing.
     */
    private static Figures evaluation(List<NodeFacts> facts) {
        Map<String, Number> values = new HashMap<>();
        of(facts, Roles.EVALUATOR)
                .forEach(counters ->
                        counters.values()
                                .forEach((label, value) -> {
                                    if (Double.isFinite(value.doubleValue())) {
                                        values.putIfAbsent(label, value);
                                    }
                                }));
        return new Figures(values);
    }

    private static Optional<CountersSnapshot> counters(List<NodeFacts> facts, String role) {
        return of(facts, role).findFirst();
    }

    /** Counters of all nodes of this role, first of those that live. */
    private static Stream<CountersSnapshot> of(List<NodeFacts> facts, String role) {
        return facts.stream()
                .filter(node -> node.mark().role().equals(role))
                .sorted(Comparator.comparing(node -> !node.mark().state().isHeld()))
                .flatMap(node -> node.counters().stream());
    }

    private static String rank(String node) {
        int index = LoopNodes.ORDER.indexOf(node);
        return (index < 0 ? "z" : String.valueOf(index)) + node;
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private <T> Optional<T> present(BestEffortRead.Look<T> look) {
        return BestEffortRead.at(look, damaged);
    }
}
