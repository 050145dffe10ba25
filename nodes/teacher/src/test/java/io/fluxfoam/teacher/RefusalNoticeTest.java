package io.fluxfoam.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fluxfoam.counters.Counter;
import io.fluxfoam.distill.LoopCounters;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.TeacherRefusal;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

@Timeout(120)
class RefusalNoticeTest {
    private static final String FIRST =
            "teacher-x: computes in vain, student refuses it: floats=9 of 4";
    private static final String SECOND = "teacher-x: computes in vain, student refuses it: no room";

    @TempDir Path directory;
    private final BlockingQueue<String> terminal = new LinkedBlockingQueue<>();

    /** Refuses teacher-x from the start. */
    private static final class Refusing implements NodeAgent {
        private Node node;
        private Counter refused;

        @Override
        public void onStart(Node newNode) {
            node = newNode;
            refused = node.counters().counter(LoopCounters.TEACHER_REFUSED.of("teacher-x"));
            refuse("floats=9 of 4");
        }

        private void refuse(String reason) {
            String text = new TeacherRefusal("teacher-x", reason).text();
            node.error(new IllegalArgumentException(text));
            refused.set(1);
        }

        @Override
        public int doWork() {
            return 0;
        }
    }

    /** Looks at every turn, as if it took a minute. */
    private final class Looking implements NodeAgent {
        private RefusalNotice notice;
        private long nowNs;

        @Override
        public void onStart(Node node) throws IOException {
            notice = new RefusalNotice(node, terminal::add);
        }

        @Override
        public int doWork() {
            nowNs += TimeUnit.MINUTES.toNanos(1);
            notice.look(nowNs);
            return 0;
        }
    }

    private NodeRunner launch(String name, String role, NodeAgent agent) throws IOException {
        NodeContext context =
                new NodeContext().foam(directory.resolve("foam")).name(name).role(role);
        return NodeRunner.launch(context, agent);
    }

    @Test
    void shouldSayEachReasonOnceAtTheTeachersTerminal() throws Exception {
        Refusing student = new Refusing();
        try (NodeRunner teacher = launch("teacher-x", Roles.TEACHER, new Looking());
                NodeRunner refusing = launch("student", Roles.STUDENT, student)) {
            assertEquals(FIRST, terminal.take());
            long afterFirst = System.currentTimeMillis();
            while (System.currentTimeMillis() == afterFirst) {
                Thread.onSpinWait(); // which reason is newer is known by the clock
            }
            student.refuse("no room");
            assertEquals(SECOND, terminal.take());
            for (NodeRunner runner : List.of(teacher, refusing)) {
                runner.stop();
                assertNull(runner.await());
            }
        }
        assertEquals(List.of(), List.copyOf(terminal), "once each");
    }
}
