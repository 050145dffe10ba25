package io.fluxfoam.teacher.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.Counters;
import io.fluxfoam.counters.CountersSnapshot;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.MemoryMode;
import io.fluxfoam.distill.MemoryState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/** Time is told by the test: a look takes 1,000 ns, and so do storing and taking out. */
class KernelMemoryTest {
    private static final long LIMIT = 4 << 20;
    private static final long LOOK_NS = 1_000;
    private static final String EPOCH = "00ab";
    private static final int FLOATS = 16;

    @TempDir private Path directory;

    private final Facts facts = new Facts(FLOATS);
    private final MemorySegment features = Arena.ofAuto().allocate(facts.bytes(), 64);
    private final List<String> troubles = new ArrayList<>();
    private final List<FalseHit> falseHits = new ArrayList<>();
    private final MemoryListener listener =
            new MemoryListener() {
                @Override
                public void trouble(IOException reason) {
                    troubles.add(reason.getMessage());
                }

                @Override
                public void falseHit(FalseHit falseHit) {
                    falseHits.add(falseHit);
                }
            };
    private KernelMemory memory;
    private Path counters;
    private int life;
    private long nowNs;
    private long liveNs = 1_000_000;
    private long computations;

    /** What is wrong with what is computed; nothing at first. */
    private LongConsumer spoiled = number -> {};

    @BeforeEach
    void begin() throws IOException {
        nextLife(EPOCH, MemoryMode.ON);
    }

    private void nextLife(String epoch, MemoryMode mode) throws IOException {
        if (memory != null) {
            memory.close();
        }
        counters = directory.resolve("counters" + ++life);
        memory =
                new KernelMemory(
                        directory,
                        Namespace.of(epoch, "this machine"),
                        new MemorySettings(mode, LIMIT),
                        facts.bytes(),
                        new MemoryCounters(Counters.create(counters, life), epoch),
                        listener,
                        () -> nowNs += LOOK_NS);
    }

    @AfterEach
    void end() {
        memory.close();
    }

    private Answer ask(long number) {
        features.fill((byte) 0x55);
        Answer answer =
                memory.answer(facts.input(number), Facts.shape(), features, () -> compute(number));
        assertEquals(Facts.isSpoken(number), answer.spoken());
        return answer;
    }

    private boolean compute(long number) {
        nowNs += liveNs;
        computations++;
        facts.write(number, features);
        spoiled.accept(number);
        return Facts.isSpoken(number);
    }

    private Answer askRight(long number) {
        Answer answer = ask(number);
        assertTrue(isRight(number), "number=" + number);
        return answer;
    }

    private boolean isRight(long number) {
        return !Facts.isSpoken(number) || features.mismatch(facts.features(number)) < 0;
    }

    private long counter(CounterSpec spec) {
        try {
            return (long) CountersSnapshot.read(counters).number(spec.of(EPOCH));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MemoryState state() {
        return MemoryState.ofCode(counter(LoopCounters.MEMORY_STATE)).orElseThrow();
    }

    /** Both kinds of result, again and again, until they are relied on. */
    private void earn() {
        for (int i = 0; i < 40 && state() != MemoryState.BYPASS; i++) {
            askRight(0);
            askRight(2);
        }
        assertEquals(MemoryState.BYPASS, state());
    }

    @Test
    void shouldRelyOnWhatHasAgreedThirtyTwoTimes() {
        assertEquals(MemoryState.SHADOW, state());
        for (int i = 0; i < 33; i++) {
            assertTrue(askRight(1).computed());
        }
        assertEquals(MemoryState.BYPASS, state());
        int known = 0;
        for (int i = 0; i < 1_000; i++) {
            known += askRight(1).computed() ? 0 : 1;
        }
        assertEquals(1_000, known, 20, "but for spot checks");
        assertEquals(1_033 - known, computations);
        assertEquals(1_033, counter(LoopCounters.MEMORY_LOOKUPS));
        assertEquals(1_032, counter(LoopCounters.MEMORY_HITS));
        assertEquals(known, counter(LoopCounters.MEMORY_BYPASSES));
        assertEquals(1_032 - known, counter(LoopCounters.MEMORY_CHECKS));
        assertEquals(computations, counter(LoopCounters.MEMORY_INFERENCES));
        assertEquals(
                computations * (liveNs + LOOK_NS), counter(LoopCounters.MEMORY_INFERENCE_NANOS));
        assertEquals(2 * 1_033 * LOOK_NS, counter(LoopCounters.MEMORY_LOOKUP_NANOS));
        assertEquals(0, counter(LoopCounters.MEMORY_FALSE_HITS));
        assertTrue(counter(LoopCounters.MEMORY_BYTES) > 0);
    }

    @Test
    void shouldRememberThatThereIsNothingToSay() {
        earn();
        long before = computations;
        for (int i = 0; i < 100; i++) {
            assertFalse(ask(2).spoken());
        }
        assertTrue(computations < before + 10);
    }

    @Test
    void shouldComputeWhatDiffersInOneBit() {
        earn();
        MemorySegment input = facts.input(0);
        for (int bit = 0; bit < input.byteSize() * 8; bit += 7) {
            byte before = input.get(ValueLayout.JAVA_BYTE, bit / 8);
            input.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (before ^ 1 << bit % 8));
            assertTrue(memory.answer(input, Facts.shape(), features, () -> compute(1)).computed());
            input.set(ValueLayout.JAVA_BYTE, bit / 8, before);
        }
        assertTrue(memory.answer(input, new long[] {4, 24}, features, () -> compute(1)).computed());
    }

    @Test
    void shouldOnlyCompareInShadow() throws IOException {
        nextLife(EPOCH, MemoryMode.SHADOW);
        for (int i = 0; i < 500; i++) {
            assertTrue(askRight(i % 5).computed());
        }
        assertEquals(MemoryState.SHADOW, state());
        assertEquals(495, counter(LoopCounters.MEMORY_CHECKS));
    }

    @Test
    void shouldKnowInTheNextLifeAndProveItAnew() throws IOException {
        for (int i = 0; i < 100; i++) {
            askRight(i);
        }
        nextLife(EPOCH, MemoryMode.ON);
        for (int i = 0; i < 32; i++) {
            assertTrue(askRight(i).computed());
        }
        assertEquals(32, counter(LoopCounters.MEMORY_HITS));
        assertEquals(MemoryState.BYPASS, state());
        assertFalse(askRight(99).computed());
    }

    @Test
    void shouldKnowNothingOfAnotherEpoch() throws IOException {
        earn();
        nextLife("00ac", MemoryMode.ON);
        ask(0);
        assertEquals(0L, CountersSnapshot.read(counters).values().get("memory.00ac.hits"));
        nextLife(EPOCH, MemoryMode.ON);
        askRight(0);
        assertEquals(0, counter(LoopCounters.MEMORY_HITS));
    }

    @Test
    void shouldComputeWhereWhatIsStoredIsDamaged() throws IOException {
        earn();
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("memory.1").toFile(), "rw")) {
            file.seek(StoreFile.HEADER_BYTES + StoreFile.RECORD_BYTES + 5);
            file.write(0x77);
        }
        assertTrue(askRight(0).computed());
        assertEquals(1, troubles.size(), troubles.toString());
        assertTrue(
                troubles.getFirst()
                        .startsWith(
                                "memory damaged, result dropped: epoch=00ab payloadBytes=64"
                                        + " fingerprint="),
                troubles.toString());
        int known = 0;
        for (int i = 0; i < 20; i++) {
            known += askRight(0).computed() ? 0 : 1;
        }
        assertTrue(known > 15, "it was stored anew");
        assertEquals(0, counter(LoopCounters.MEMORY_FALSE_HITS));
        assertEquals(List.of(), falseHits);
    }

    /** A wrong result with the right checksum, as only a fault of ours could store it. */
    private void plant(long number) throws IOException {
        memory.close();
        try (MemoryStore store =
                new MemoryStore(
                        directory,
                        Namespace.of(EPOCH, "this machine"),
                        LIMIT,
                        facts.bytes(),
                        listener::trouble)) {
            Fingerprint fingerprint = new Fingerprint().take(facts.input(number), Facts.shape());
            store.put(fingerprint, true, facts.features(number + 1), 16, 16);
        }
        memory = null;
        nextLife(EPOCH, MemoryMode.ON);
    }

    @Test
    void shouldCloseWhenASpotCheckFindsThatItWasWrong() throws IOException {
        plant(4);
        earn();
        int wrong = 0;
        while (state() == MemoryState.BYPASS) {
            ask(4);
            wrong += isRight(4) ? 0 : 1;
            assertTrue(wrong < 600, "3 / the share of spot checks");
        }
        assertTrue(wrong > 0);
        assertEquals(MemoryState.CLOSED, state());
        assertEquals(1, counter(LoopCounters.MEMORY_FALSE_HITS));
        assertEquals(0, counter(LoopCounters.MEMORY_BYTES));
        assertEquals(1, falseHits.size());
        assertTrue(
                falseHits
                        .getFirst()
                        .text()
                        .matches(
                                "memory was wrong: epoch=00ab fingerprint=[0-9a-f]{32} lookup=\\d+"
                                        + " agreements=\\d+ divergence=\\d.* relied=true purged=3"
                                        + " class=closed"),
                falseHits.getFirst().text());
        for (int i = 0; i < 100; i++) {
            assertTrue(askRight(i % 3).computed());
        }
        nextLife(EPOCH, MemoryMode.ON);
        assertEquals(MemoryState.CLOSED, state());
        assertTrue(askRight(0).computed());
        nextLife("00ac", MemoryMode.ON);
        ask(0);
        assertTrue(Files.exists(directory.resolve("memory.1")), "another epoch is not closed");
        Files.delete(directory.resolve("memory.class"));
        nextLife(EPOCH, MemoryMode.ON);
        assertEquals(MemoryState.SHADOW, state());
        assertEquals(1, falseHits.size());
        assertEquals(List.of(), troubles);
    }

    @Test
    void shouldCloseInShadowToo() throws IOException {
        plant(4);
        assertTrue(askRight(4).computed());
        assertEquals(MemoryState.CLOSED, state());
        assertEquals(1, falseHits.size());
        assertFalse(falseHits.getFirst().wasRelied());
    }

    /** What a runtime gives that adds up in another order each time. */
    private void tremble() {
        SplittableRandom random = new SplittableRandom(8);
        spoiled =
                number -> {
                    for (int i = 0; i < FLOATS; i++) {
                        float value = features.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                        features.setAtIndex(
                                ValueLayout.JAVA_FLOAT,
                                i,
                                value * (1 + 1e-5f * (float) random.nextDouble(-1, 1)));
                    }
                };
    }

    @Test
    void shouldRelyOnWhatTremblesOnlyForAWhile() throws IOException {
        tremble();
        ask(0);
        ask(0);
        assertEquals(1, falseHits.size());
        assertEquals("approximate", falseHits.getFirst().now());
        for (int i = 0; i < 299; i++) {
            assertTrue(ask(0).computed());
        }
        assertEquals(MemoryState.SHADOW, state());
        ask(0);
        assertEquals(MemoryState.BYPASS, state());
        int known = 0;
        for (int i = 0; i < 1_000; i++) {
            known += ask(0).computed() ? 0 : 1;
        }
        assertEquals(990, known, 10, "but for spot checks");
        long before = computations;
        for (int i = 0; i < 17; i++) {
            ask(1); // stored, and never confirmed again: valid for 16 look-ups
        }
        assertTrue(computations - before <= 3, "relied on");
        for (int i = 0; i < 3; i++) {
            ask(1);
        }
        assertTrue(computations - before >= 2, "that renewed nothing");
        nextLife(EPOCH, MemoryMode.ON);
        ask(0);
        assertEquals(1, falseHits.size(), "it is known to tremble");
    }

    @Test
    void shouldBeginAnewWhenWhatTremblesWasWrong() throws IOException {
        tremble();
        for (int i = 0; i < 310; i++) {
            ask(0);
        }
        assertEquals(MemoryState.BYPASS, state());
        spoiled = number -> facts.write(number + 1, features);
        while (state() == MemoryState.BYPASS) {
            ask(0);
        }
        assertEquals(MemoryState.SHADOW, state());
        assertEquals(2, falseHits.size());
        assertTrue(falseHits.getLast().wasRelied());
        assertEquals("approximate", falseHits.getLast().now());
    }

    @Test
    void shouldSwitchItselfOffWhereNothingComesAgain() {
        long began = nowNs;
        for (int i = 0; i < 100_000; i++) {
            assertTrue(ask(i).computed());
        }
        assertEquals(MemoryState.SAMPLING, state());
        long lookedUp = counter(LoopCounters.MEMORY_LOOKUPS);
        assertTrue(lookedUp < 8_000, "lookups=" + lookedUp);
        double share = (double) counter(LoopCounters.MEMORY_LOOKUP_NANOS) / (nowNs - began);
        assertTrue(share < .001, "share=" + share);
    }

    @Test
    void shouldSwitchItselfOnAgainWhenALoopBegins() {
        for (int i = 0; i < 20_000; i++) {
            ask(i);
        }
        assertEquals(MemoryState.SAMPLING, state());
        for (int i = 0; i < 4_000; i++) {
            askRight(1_000_000 + i % 500);
        }
        assertEquals(MemoryState.BYPASS, state());
        long before = computations;
        for (int i = 0; i < 10_000; i++) {
            askRight(1_000_000 + i % 500);
        }
        assertTrue(computations - before < 200, "computed=" + (computations - before));
        for (int i = 0; i < 20_000; i++) {
            ask(2_000_000 + i);
        }
        assertEquals(MemoryState.SAMPLING, state());
    }

    @Test
    void shouldNoticeThatOneInputComesAllTheTime() {
        for (int i = 0; i < 20_000; i++) {
            ask(i);
        }
        for (int i = 0; i < 4_000; i++) {
            askRight(7_000_000);
        }
        assertEquals(MemoryState.BYPASS, state());
    }

    @Test
    void shouldNotBeUsedWhereComputingCostsNoMore() {
        liveNs = 0;
        for (int i = 0; i < 20_000; i++) {
            askRight(i % 10);
        }
        assertEquals(MemoryState.SAMPLING, state());
        assertTrue(counter(LoopCounters.MEMORY_LOOKUPS) < 250);
        assertTrue(counter(LoopCounters.MEMORY_BYPASSES) < 128, "only before that was known");
    }

    @Test
    void shouldLookUpWhatIsKnownToComeAgainAlsoWhereNothingElseDoes() {
        earn();
        for (int i = 0; i < 20_000; i++) {
            ask(3_000_000 + i);
        }
        assertEquals(MemoryState.SAMPLING, state());
        int known = 0;
        for (int i = 0; i < 1_000; i++) {
            Answer answer =
                    memory.answerKnown(facts.input(9), Facts.shape(), features, () -> compute(9));
            known += answer.computed() ? 0 : 1;
            assertTrue(isRight(9));
        }
        assertEquals(990, known, 10);
    }

    /** Zipf-like: some come often, most seldom, and more of them than there is room for. */
    @Test
    void shouldGiveNoFalseHitInAMillionLookups() {
        SplittableRandom random = new SplittableRandom(6);
        long wrong = 0;
        for (int i = 0; i < 1_000_000; i++) {
            long number = (long) (60_000 * Math.pow(random.nextDouble(), 4));
            ask(number);
            boolean isSampled = i % 16 == 0;
            wrong += isSampled && !isRight(number) ? 1 : 0;
        }
        assertEquals(0, wrong);
        assertEquals(MemoryState.BYPASS, state());
        assertEquals(1_000_000, counter(LoopCounters.MEMORY_LOOKUPS));
        assertEquals(0, counter(LoopCounters.MEMORY_FALSE_HITS));
        assertTrue(counter(LoopCounters.MEMORY_BYPASSES) > 500_000);
        assertTrue(counter(LoopCounters.MEMORY_BYTES) <= LIMIT);
        assertEquals(List.of(), troubles);
    }
}
