package io.fluxfoam.coordinator.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** The JSON that scripts rely on, letter by letter. */
class FoamStatusTest {
    private static final RetrievalStatus SET = new RetrievalStatus(0.95, 60L, 1.0 / 64, 120L);

    private static final List<String> KITES = List.of("emoji:", "file:kites");
    private static final SetStatus NAMED =
            new SetStatus(
                    "style", "world 1", 64L, 1.0 / 64, .5, .25, null, 200L, "style", .125, null, 1,
                    .75, .5, .25, "speech", .3, .75, .6);

    @Test
    void shouldWriteTheContractInItsOrder() {
        StreamStatus stream =
                new StreamStatus(
                        "picture",
                        "u8",
                        List.of(96L, 320L, 3L),
                        16L,
                        480L,
                        8.5,
                        2L,
                        List.of("teacher-llm"));
        NodeStatus node =
                new NodeStatus(
                                "sensor",
                                "sensor",
                                41L,
                                2L,
                                "ALIVE",
                                3.5,
                                1L,
                                1L,
                                "host",
                                List.of(stream),
                                0L,
                                4096L,
                                "python",
                                null,
                                null,
                                null)
                        .withReads(List.of("clock/ticks", "*/features"));
        TeacherStatus teacher =
                new TeacherStatus(true, 1.0, 0.75, 0.5, 1.0, null, "active", "as usual");
        StudentStatus student =
                new StudentStatus(
                        900L,
                        0.25,
                        4.5,
                        72.0,
                        5.5,
                        1_200_000L,
                        0.5,
                        12L,
                        3L,
                        0L,
                        Map.of("teacher-llm", teacher));
        HeldOutStatus heldOut =
                new HeldOutStatus(
                        200L,
                        SET,
                        SET,
                        SET,
                        14_400L,
                        0L,
                        0L,
                        List.of(NAMED, NAMED.withSource(KITES)));

        String set = "{\"top1\":0.95,\"candidates\":60,\"chance\":0.015625,\"frames\":120}";
        assertEquals(
                "{\"foam\":\"foam-1000\",\"uptimeSeconds\":12.5,\"nodes\":[{\"name\":\"sensor\",\"role\":\"sensor\","
                        + "\"pid\":41,\"incarnation\":2,\"state\":\"ALIVE\",\"heartbeatAgeMillis\":3.5,\"restarts\":1,\"standbys\":1,"
                        + "\"device\":\"host\",\"streams\":[{\"name\":\"picture\",\"dtype\":\"u8\","
                        + "\"shape\":[96,320,3],\"slots\":16,\"sequence\":480,\"ratePerSecond\":8.5,\"readers\":2,\"readBy\":[\"teacher-llm\"]}],"
                        + "\"errors\":0,\"copiedBytes\":4096,\"language\":\"python\",\"reads\":[\"clock/ticks\",\"*/features\"],\"origin\":null,\"link\":null}],\"student\":{\"step\":900,\"loss\":0.25,\"stepsPerSecond\":4.5,"
                        + "\"samplesPerSecond\":72.0,\"momentsPerSecond\":5.5,\"parameters\":1200000,\"width\":0.5,"
                        + "\"renewedUnits\":12,\"deadUnits\":3,"
                        + "\"copiedBytes\":0,\"teachers\":{\"teacher-llm\":{\"present\":true,\"weight\":1.0,"
                        + "\"centredCosine\":0.75,\"unexplainedVariance\":0.5,\"constantPredictor\":1.0,\"refused\":null,"
                        + "\"state\":\"active\",\"verdict\":\"as usual\"}}},"
                        + "\"heldOut\":{\"frames\":200,\"seenWords\":"
                        + set
                        + ",\"unseenWords\":"
                        + set
                        + ",\"pictureOnly\":"
                        + set
                        + ",\"trainedFramesAudited\":14400,\"trainedFramesMissed\":0,"
                        + "\"trainedOnHoldout\":0,\"sets\":["
                        + named("world 1")
                        + ","
                        + named("file:kites")
                        + "]}}",
                Json.compact(new FoamStatus("foam-1000", 12.5, List.of(node), student, heldOut)));
    }

    @Test
    void shouldWriteEveryMissingFigureAsNull() {
        String none = "{\"top1\":null,\"candidates\":null,\"chance\":null,\"frames\":null}";
        assertEquals(
                "{\"foam\":\"f\",\"uptimeSeconds\":null,\"nodes\":[],\"student\":{\"step\":null,\"loss\":null,"
                        + "\"stepsPerSecond\":null,\"samplesPerSecond\":null,\"momentsPerSecond\":null,"
                        + "\"parameters\":null,\"width\":null,"
                        + "\"renewedUnits\":null,\"deadUnits\":null,\"copiedBytes\":null,\"teachers\":{}},\"heldOut\":{\"frames\":null,"
                        + "\"seenWords\":"
                        + none
                        + ",\"unseenWords\":"
                        + none
                        + ",\"pictureOnly\":"
                        + none
                        + ",\"trainedFramesAudited\":null,\"trainedFramesMissed\":null,\"trainedOnHoldout\":null,\"sets\":[]}}",
                Json.compact(
                        new FoamStatus(
                                "f",
                                Double.NaN,
                                List.of(),
                                StudentStatus.UNKNOWN,
                                HeldOutStatus.UNKNOWN)));
    }

    @Test
    void shouldWriteNumbersThatAreNotFiniteAsNull() {
        assertEquals(
                "{\"top1\":null,\"candidates\":60,\"chance\":null,\"frames\":0}",
                Json.compact(new RetrievalStatus(Double.NaN, 60L, Double.POSITIVE_INFINITY, 0L)));
    }

    private static String named(String source) {
        return "{\"name\":\"style\",\"source\":\""
                + source
                + "\",\"candidates\":64,\"chance\":0.015625,\"both\":0.5,\"picture\":0.25,"
                + "\"sound\":null,\"frames\":200,\"kind\":\"style\",\"neighbourGrey\":0.125,"
                + "\"neighbourColour\":null,\"world\":1,"
                + "\"spoken\":0.75,\"spokenOfAll\":0.5,\"spokenExactly\":0.25,\"ear\":\"speech\",\"spokenError\":0.3,\"parrotSpoken\":0.75,\"parrotError\":0.6}";
    }
}
