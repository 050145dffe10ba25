package io.fluxfoam.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.student.checkpoint.CheckpointSaver;
import io.fluxfoam.student.checkpoint.CheckpointStore;
import io.fluxfoam.student.train.StepRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** The trainer's thread and a device on which nothing can be saved. */
@Timeout(120)
class TrainingLoopTest {
    @TempDir private Path directory;

    /** With enough to learn from; it tries to save after every step. */
    private TrainingLoop loop(Rig rig, Consumer<IOException> onTrouble) {
        rig.join("language", 1, 12, Alignment.NONE);
        rig.feed(64);
        return new TrainingLoop(
                rig.learner,
                rig.regions,
                rig.predictor,
                rig.trainer,
                rig.records,
                new CheckpointSaver(
                        new CheckpointStore(directory), "", rig.learner, 1_000_000, onTrouble));
    }

    private Path obstacle() throws IOException {
        return Files.createDirectories(
                directory.resolve(".student.checkpoint.tmp").resolve("full"));
    }

    private static void publish(Rig rig) {
        for (StepRecord record = rig.records.takeFilled(); record != null; ) {
            rig.records.giveBack(record);
            record = rig.records.takeFilled();
        }
    }

    @Test
    void shouldGoOnWhenACheckpointCannotBeSavedAndSaveTheNextOne() throws Exception {
        try (Rig rig = new Rig(false)) {
            LinkedBlockingQueue<IOException> troubles = new LinkedBlockingQueue<>();
            TrainingLoop loop = loop(rig, troubles::add);
            Path obstacle = obstacle();
            loop.start();
            while (rig.progress.failedSaves() < 3) {
                publish(rig);
            }
            long failedAt = rig.progress.step();
            assertTrue(troubles.take().getMessage().startsWith("checkpoint cannot be saved: "));
            assertEquals(0, rig.progress.savedStep());
            Files.delete(obstacle);
            Files.delete(obstacle.getParent());
            while (rig.progress.savedStep() <= failedAt) {
                publish(rig);
            }
            assertNull(loop.failure());
            end(rig, loop);
            long step = new CheckpointStore(directory).load(e -> {}).orElseThrow().step();
            assertEquals(rig.progress.savedStep(), step);
        }
    }

    @Test
    void shouldNotSaveWhileTheThreadStillLives() throws Exception {
        try (Rig rig = new Rig(false)) {
            CountDownLatch told = new CountDownLatch(1);
            CountDownLatch mayGoOn = new CountDownLatch(1);
            TrainingLoop loop =
                    loop(
                            rig,
                            trouble -> {
                                told.countDown();
                                awaitQuietly(mayGoOn);
                            });
            Path obstacle = obstacle();
            loop.start();
            while (told.getCount() > 0) {
                publish(rig);
            }
            Files.delete(obstacle);
            Files.delete(obstacle.getParent());
            loop.stop();
            loop.saveFinally();
            assertTrue(new CheckpointStore(directory).load(e -> {}).isEmpty());
            mayGoOn.countDown();
            end(rig, loop);
            loop.saveFinally();
            assertFalse(new CheckpointStore(directory).load(e -> {}).isEmpty());
        }
    }

    private static void end(Rig rig, TrainingLoop loop) throws InterruptedException {
        loop.stop();
        while (!loop.ended(10)) {
            publish(rig);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
