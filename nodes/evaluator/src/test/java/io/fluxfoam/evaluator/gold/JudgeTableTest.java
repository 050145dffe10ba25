package io.fluxfoam.evaluator.gold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.JudgeReliability;
import io.fluxfoam.distill.TeacherState;
import io.fluxfoam.distill.TeacherVerdict;
import io.fluxfoam.distill.VerdictCause;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

class JudgeTableTest {
    private static final int DIM = 12;
    private static final List<String> TEACHERS = List.of("a", "b", "c");

    private final Random random = new Random(1);
    private final JudgeTable table = new JudgeTable();

    private static TeacherVerdict word(String teacher, double weight) {
        TeacherState state = weight == 1 ? TeacherState.ACTIVE : TeacherState.QUARANTINED;
        return new TeacherVerdict(
                teacher,
                "1",
                state,
                weight,
                VerdictCause.NOTHING,
                0,
                TeacherVerdict.NONE,
                List.of());
    }

    private void say(String judge, double... weights) {
        table.said(
                judge,
                Stream.iterate(0, i -> i + 1)
                        .limit(weights.length)
                        .map(i -> word(TEACHERS.get(i), weights[i]))
                        .toList());
    }

    /** Held-out frames of all teachers; what those say who are named belongs to other frames. */
    private void frames(int count, String... wrong) {
        for (int frame = 0; frame < count; frame++) {
            for (String teacher : TEACHERS) {
                float[] truth = tensor();
                float[] predicted = truth.clone();
                for (int d = 0; d < DIM; d++) {
                    predicted[d] += (float) (.4 * random.nextGaussian());
                }
                boolean isWrong = Arrays.asList(wrong).contains(teacher);
                table.heldOut(teacher, DIM, predicted, isWrong ? tensor() : truth);
            }
        }
    }

    private float[] tensor() {
        float[] values = new float[DIM];
        for (int d = 0; d < DIM; d++) {
            values[d] = (float) random.nextGaussian();
        }
        return values;
    }

    private double reliability(String judge, String teacher) {
        return table.reliabilities().stream()
                .filter(one -> one.judge().equals(judge) && one.teacher().equals(teacher))
                .mapToDouble(JudgeReliability::reliability)
                .findFirst()
                .orElse(JudgeReliability.UNKNOWN);
    }

    @Test
    void shouldFindOutWhoIsRightAboutHonestTeachers() {
        say("right", 1, 1, 1);
        say("blames-a", 0, 1, 1);
        frames(400);
        assertTrue(reliability("right", "a") > .9, table.reliabilities().toString());
        assertTrue(reliability("blames-a", "a") < .3, table.reliabilities().toString());
        assertTrue(reliability("blames-a", "b") > .8, "on the others it is right");
        assertTrue(table.overall().get("right") > table.overall().get("blames-a"));
    }

    @Test
    void shouldFindOutWhoSawThatATeacherWentWrong() {
        say("sees", 1, 1, 1);
        say("blind", 1, 1, 1);
        frames(200);
        say("sees", 0, 1, 1);
        frames(400, "a");
        assertTrue(reliability("sees", "a") > .9, table.reliabilities().toString());
        assertTrue(reliability("blind", "a") < .5, table.reliabilities().toString());
    }

    @Test
    void shouldLearnNothingOfAnybodyWhenTheWorldHasChanged() {
        say("evaluator", 1, 1, 1);
        frames(200);
        frames(16, "a", "b", "c"); // by then the blocks before it are settled
        List<JudgeReliability> before = table.reliabilities();
        frames(64, "a", "b", "c");
        assertEquals(before, table.reliabilities());
    }

    @Test
    void shouldNotCountWordsOfOneThatDoesNotKnowYet() {
        table.said(
                "new",
                List.of(
                        new TeacherVerdict(
                                "a",
                                "1",
                                TeacherState.WARM_UP,
                                1,
                                VerdictCause.NOTHING,
                                0,
                                TeacherVerdict.NONE,
                                List.of())));
        frames(300);
        assertEquals(List.of(), table.reliabilities());
        assertEquals(JudgeReliability.UNKNOWN, table.overall().get("new"));
    }

    @Test
    void shouldNotMeasureWhoIsSilent() {
        say("speaking", 1, 1, 1);
        say("dead", 1, 1, 1);
        frames(200);
        table.silenceAllBut(Set.of("speaking"));
        frames(16); // what was said before is settled
        double before = reliability("dead", "a");
        double ofOther = reliability("speaking", "a");
        frames(100);
        assertEquals(before, reliability("dead", "a"));
        assertTrue(reliability("speaking", "a") > ofOther);
    }

    @Test
    void shouldKeepWhatIsKnown() throws IOException {
        say("evaluator", 1, 0, 1);
        frames(300);
        byte[] bytes = bytes(table);
        JudgeTable read = read(bytes);
        assertEquals(table.reliabilities(), read.reliabilities());
        assertEquals(table.overall(), read.overall());
        assertThrows(IOException.class, () -> read(Arrays.copyOf(bytes, bytes.length - 1)));
        bytes[0] = 1; // millions of evaluators
        assertThrows(IOException.class, () -> read(bytes));
    }

    private static byte[] bytes(JudgeTable table) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.writeTo(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static JudgeTable read(byte[] bytes) throws IOException {
        return JudgeTable.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)));
    }
}
