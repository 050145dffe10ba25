package io.fluxfoam.distill;

import static io.fluxfoam.counters.Unit.BYTES;
import static io.fluxfoam.counters.Unit.COUNT;
import static io.fluxfoam.counters.Unit.MILLIS;
import static io.fluxfoam.counters.Unit.NANOS;
import static io.fluxfoam.counters.Unit.PER_SECOND;
import static io.fluxfoam.counters.Unit.RATIO;

import io.fluxfoam.counters.CounterSpec;
import io.fluxfoam.counters.Unit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The counters of the loop's nodes. What student and evaluator go on with from their state is none
 * that only grows: after a kill they go on from what they last saved.
 */
public final class LoopCounters {
    /** Held-out sentences that are unseen combinations of seen words. */
    public static final String SEEN_WORDS = "seenWords";

    /** Held-out sentences with an unseen word. */
    public static final String UNSEEN_WORDS = "unseenWords";

    /** Those of {@link #SEEN_WORDS}, from the picture alone. */
    public static final String PICTURE_ONLY = "pictureOnly";

    private static final List<CounterSpec> DECLARED = new ArrayList<>();

    public static final CounterSpec FRAMES =
            growing(
                    "frames",
                    COUNT,
                    "foam_frames_total",
                    "Frames that a sensor has published, or a teacher the features of.");

    public static final CounterSpec HELD_OUT_FRAMES =
            growing(
                    "heldOutFrames",
                    COUNT,
                    "foam_sensor_held_out_frames_total",
                    "Frames among those published that nobody may train on.");

    public static final CounterSpec SKIPPED_FRAMES =
            growing(
                    "skippedFrames",
                    COUNT,
                    "foam_sensor_skipped_frames_total",
                    "Frames that the sensor left out, since it was late.");

    public static final CounterSpec SKIPPED_ITEMS =
            growing(
                    "skippedItems",
                    COUNT,
                    "foam_sensor_skipped_items_total",
                    "Items of a source, or places in one, that could not be read.");

    public static final CounterSpec NEXT_COUNTER =
            varying(
                    "nextCounter",
                    COUNT,
                    "foam_sensor_next_frame",
                    "Counter of the frame that the sensor publishes next, over all its lives.");

    public static final CounterSpec READ_MILLIS =
            varying(
                    "readMillis",
                    MILLIS,
                    "foam_sensor_read_seconds",
                    "Time that the source took for the newest frame.");

    public static final CounterSpec DECLINED =
            growing(
                    "declined",
                    COUNT,
                    "foam_teacher_declined_frames_total",
                    "Frames that the teacher has looked at and had nothing to say of.");

    public static final CounterSpec INFER_MILLIS =
            varying(
                    "inferMillis",
                    MILLIS,
                    "foam_teacher_inference_seconds",
                    "Time that the teacher takes for a frame, smoothed over eight.");

    public static final CounterSpec INFER_CPU_MILLIS =
            varying(
                    "inferCpuMillis",
                    MILLIS,
                    "foam_teacher_inference_cpu_seconds",
                    "CPU time that the teacher takes for a frame, smoothed over eight.");

    public static final CounterSpec CANDIDATES =
            growing(
                    "candidates",
                    COUNT,
                    "foam_teacher_candidate_lists_total",
                    "Lists of candidate sentences that the teacher has published the meanings of.");

    public static final CounterSpec CUT_UTTERANCES =
            growing(
                    "cutUtterances",
                    COUNT,
                    "foam_teacher_cut_utterances_total",
                    "Captions that the voice teacher had no time to read to their end.");

    public static final CounterSpec MEMORY_STATE =
            varying(
                    "memory.{epoch}.state",
                    COUNT,
                    "foam_teacher_memory_state",
                    "What the memory does: 0 off, 1 shadow, 2 bypass, 3 sampling, 4 closed.");

    public static final CounterSpec MEMORY_LOOKUPS =
            growing(
                    "memory.{epoch}.lookups",
                    COUNT,
                    "foam_teacher_memory_lookups_total",
                    "Inputs that the teacher's memory was asked for.");

    public static final CounterSpec MEMORY_HITS =
            growing(
                    "memory.{epoch}.hits",
                    COUNT,
                    "foam_teacher_memory_hits_total",
                    "Inputs among them that it knew.");

    public static final CounterSpec MEMORY_BYPASSES =
            growing(
                    "memory.{epoch}.bypasses",
                    COUNT,
                    "foam_teacher_memory_bypasses_total",
                    "Inputs that it answered, so that the teacher did not compute.");

    public static final CounterSpec MEMORY_CHECKS =
            growing(
                    "memory.{epoch}.checks",
                    COUNT,
                    "foam_teacher_memory_checks_total",
                    "Times that what it knew was compared with what the teacher computed.");

    public static final CounterSpec MEMORY_FALSE_HITS =
            growing(
                    "memory.{epoch}.falseHits",
                    COUNT,
                    "foam_teacher_memory_false_hits_total",
                    "Times among them that it was something else.");

    public static final CounterSpec MEMORY_LOOKUP_NANOS =
            growing(
                    "memory.{epoch}.lookupNanos",
                    NANOS,
                    "foam_teacher_memory_lookup_seconds_total",
                    "Time that the memory took: fingerprints, look-ups, stores.");

    public static final CounterSpec MEMORY_INFERENCES =
            growing(
                    "memory.{epoch}.inferences",
                    COUNT,
                    "foam_teacher_memory_inferences_total",
                    "Inputs that the teacher computed.");

    public static final CounterSpec MEMORY_INFERENCE_NANOS =
            growing(
                    "memory.{epoch}.inferenceNanos",
                    NANOS,
                    "foam_teacher_memory_inference_seconds_total",
                    "Time that the teacher computed.");

    public static final CounterSpec MEMORY_BYTES =
            varying(
                    "memory.{epoch}.bytes",
                    BYTES,
                    "foam_teacher_memory_bytes",
                    "Bytes of the memory's files.");

    public static final CounterSpec STEP =
            varying(
                    "step",
                    COUNT,
                    "foam_student_step",
                    "Step of the training, over all lives of the student.");

    public static final CounterSpec SAVED_STEP =
            varying(
                    "savedStep",
                    COUNT,
                    "foam_student_saved_step",
                    "Step of the newest durable checkpoint.");

    public static final CounterSpec LOSS =
            varying("loss", COUNT, "foam_student_loss", "Loss of the newest steps.");

    public static final CounterSpec STEPS_PER_SECOND =
            varying(
                    "stepsPerSecond",
                    PER_SECOND,
                    "foam_student_steps_per_second",
                    "Steps of the training.");

    public static final CounterSpec SAMPLES_PER_SECOND =
            varying(
                    "samplesPerSecond",
                    PER_SECOND,
                    "foam_student_samples_per_second",
                    "Moments trained on, fresh and replayed.");

    public static final CounterSpec MOMENTS_PER_SECOND =
            varying(
                    "momentsPerSecond",
                    PER_SECOND,
                    "foam_student_moments_per_second",
                    "Fresh moments that enter the replay.");

    public static final CounterSpec PARAMETERS =
            varying(
                    "parameters",
                    COUNT,
                    "foam_student_parameters",
                    "Parameters of the student's network.");

    public static final CounterSpec WIDTH =
            varying(
                    "width",
                    RATIO,
                    "foam_student_width_ratio",
                    "Channels of the hidden layers, as a share of the packaged student's.");

    public static final CounterSpec GROWTH_TRIAL =
            varying(
                    "growthTrial",
                    COUNT,
                    "foam_student_growth_trial",
                    "1 while a wider student learns beside this one.");

    public static final CounterSpec GROWTHS =
            growing(
                    "growths",
                    COUNT,
                    "foam_student_growths_total",
                    "Times that the student became wider.");

    public static final CounterSpec REFUSED_GROWTHS =
            growing(
                    "refusedGrowths",
                    COUNT,
                    "foam_student_refused_growths_total",
                    "Times that a wider student was no better.");

    public static final CounterSpec RENEWED_UNITS =
            growing(
                    "renewedUnits",
                    COUNT,
                    "foam_student_renewed_units_total",
                    "Units of the student's network that began anew; there with --renewal.");

    public static final CounterSpec DEAD_UNITS =
            varying(
                    "deadUnits",
                    COUNT,
                    "foam_student_dead_units",
                    "Units that say less than 1% of what their layer's do in the mean; with --renewal.");

    public static final CounterSpec COPIED_BYTES =
            growing(
                    "copiedBytes",
                    BYTES,
                    "foam_copied_bytes_total",
                    "Payload bytes that the student or the evaluator copied to work on them.");

    public static final CounterSpec FUSED_ON_GPU =
            growing(
                    "fusedOnGpu",
                    COUNT,
                    "foam_student_gpu_fused_tensors_total",
                    "Tensors that a GPU has standardised into the replay.");

    public static final CounterSpec INCOMPLETE_MOMENTS =
            growing(
                    "incompleteMoments",
                    COUNT,
                    "foam_student_incomplete_moments_total",
                    "Moments that were given up, since picture or sound did not come.");

    public static final CounterSpec REFUSED_TENSORS =
            growing(
                    "refusedTensors",
                    COUNT,
                    "foam_student_refused_tensors_total",
                    "Tensors that made no sense.");

    public static final CounterSpec REFUSED_STEPS =
            growing(
                    "refusedSteps",
                    COUNT,
                    "foam_student_refused_steps_total",
                    "Steps that were not taken, since loss or gradient was no number.");

    public static final CounterSpec FAILED_SAVES =
            growing(
                    "failedSaves",
                    COUNT,
                    "foam_student_failed_saves_total",
                    "Checkpoints that could not be written.");

    public static final CounterSpec LATE_TARGETS =
            growing(
                    "lateTargets",
                    COUNT,
                    "foam_student_late_targets_total",
                    "Teachers' tensors that came when their moment was no longer kept.");

    public static final CounterSpec DROPPED_PREDICTIONS =
            growing(
                    "droppedPredictions",
                    COUNT,
                    "foam_student_dropped_predictions_total",
                    "Frames that were not predicted, since the trainer was behind.");

    public static final CounterSpec UTTERANCES =
            growing(
                    "utterances",
                    COUNT,
                    "foam_student_utterances_total",
                    "Held-out frames that the student has said aloud.");

    public static final CounterSpec UTTERANCE_CPU_MILLIS =
            varying(
                    "utteranceCpuMillis",
                    MILLIS,
                    "foam_student_utterance_cpu_seconds",
                    "CPU time that samples of the newest utterance took.");

    public static final CounterSpec TEACHER_PRESENT =
            varying(
                    "teacher.{teacher}.present",
                    COUNT,
                    "foam_student_teacher_present",
                    "1 while the teacher's tensors arrive and its region is unmasked.");

    public static final CounterSpec TEACHER_WEIGHT =
            varying(
                    "teacher.{teacher}.weight",
                    COUNT,
                    "foam_student_teacher_weight",
                    "Weight of the teacher's region in the loss.");

    public static final CounterSpec TEACHER_REFUSED =
            varying(
                    "teacher.{teacher}.refused",
                    COUNT,
                    "foam_student_teacher_refused",
                    "1 while the student takes nothing of the teacher; its error log says why.");

    public static final CounterSpec CENTRED_COSINE =
            varying(
                    "teacher.{teacher}.centredCosine",
                    RATIO,
                    "foam_evaluator_centred_cosine_ratio",
                    "Cosine of prediction and teacher on held-out frames, both less the mean.");

    public static final CounterSpec UNEXPLAINED_VARIANCE =
            varying(
                    "teacher.{teacher}.unexplainedVariance",
                    RATIO,
                    "foam_evaluator_unexplained_variance_ratio",
                    "Squared error over the teacher's variance on held-out frames.");

    public static final CounterSpec CONSTANT_PREDICTOR =
            varying(
                    "teacher.{teacher}.constantPredictor",
                    RATIO,
                    "foam_evaluator_constant_predictor_ratio",
                    "The unexplained variance of always predicting the mean.");

    public static final CounterSpec TEACHER_STATE =
            varying(
                    "teacher.{teacher}.state",
                    COUNT,
                    "foam_evaluator_teacher_state",
                    "State of the teacher: 0 warm-up, 1 active, 2 suspect, 3 quarantined, 4 retired.");

    public static final CounterSpec TEACHER_CAUSE =
            varying(
                    "teacher.{teacher}.cause",
                    COUNT,
                    "foam_evaluator_teacher_cause",
                    "What the teacher's state rests on, as docs/VERDICTS.md numbers it.");

    public static final CounterSpec TEACHER_EVIDENCE =
            varying(
                    "teacher.{teacher}.evidence",
                    RATIO,
                    "foam_evaluator_teacher_evidence_ratio",
                    "How sure a lasting change of the teacher is; at 1 it is settled.");

    public static final CounterSpec JUDGE_RELIABILITY =
            varying(
                    "judge.{judge}.reliability",
                    RATIO,
                    "foam_evaluator_judge_reliability_ratio",
                    "How often the word of this evaluator or that has turned out right, as this one"
                            + " measured it.");

    public static final CounterSpec FAILED_FRAMES =
            growing(
                    "teacher.{teacher}.failedFrames",
                    COUNT,
                    "foam_evaluator_failed_frames_total",
                    "Frames of the teacher that the evaluator found not fit to be learned.");

    public static final CounterSpec TEACHER_WITHDRAWN =
            growing(
                    "teacher.{teacher}.withdrawn",
                    COUNT,
                    "foam_student_withdrawn_targets_total",
                    "Targets of the teacher that the student has given up or not taken, since an evaluator"
                            + " found them not fit.");

    public static final CounterSpec HELD_OUT_EVALUATED =
            varying(
                    "heldOut.frames",
                    COUNT,
                    "foam_evaluator_held_out_frames",
                    "Held-out frames evaluated.");

    public static final CounterSpec TOP1 =
            ofSentences(
                    "{set}.top1",
                    RATIO,
                    "foam_evaluator_top1_ratio",
                    "Held-out frames of the set whose own sentence was the nearest of all.");

    public static final CounterSpec SET_CANDIDATES =
            ofSentences(
                    "{set}.candidates",
                    COUNT,
                    "foam_evaluator_candidates",
                    "Sentences of the set that a frame's own is told from.");

    public static final CounterSpec CHANCE =
            ofSentences(
                    "{set}.chance",
                    RATIO,
                    "foam_evaluator_chance_ratio",
                    "What guessing gives on the set.");

    public static final CounterSpec SET_FRAMES =
            ofSentences(
                    "{set}.frames",
                    COUNT,
                    "foam_evaluator_set_frames",
                    "Held-out frames that the ratio of the set covers.");

    public static final CounterSpec HELD_OUT_SET_BOTH =
            varying(
                    "set.{set}.both",
                    RATIO,
                    "foam_evaluator_set_both_ratio",
                    "Held-out frames of the set told right among its captions, from both senses.");

    public static final CounterSpec HELD_OUT_SET_PICTURE =
            varying(
                    "set.{set}.picture",
                    RATIO,
                    "foam_evaluator_set_picture_ratio",
                    "Held-out frames of the set told right from the picture alone.");

    public static final CounterSpec HELD_OUT_SET_SOUND =
            varying(
                    "set.{set}.sound",
                    RATIO,
                    "foam_evaluator_set_sound_ratio",
                    "Held-out frames of the set told right from the sound alone.");

    public static final CounterSpec HELD_OUT_SET_CANDIDATES =
            varying(
                    "set.{set}.candidates",
                    COUNT,
                    "foam_evaluator_set_candidates",
                    "Captions of the set; 0 if the sensor no longer has it.");

    public static final CounterSpec HELD_OUT_SET_CHANCE =
            varying(
                    "set.{set}.chance",
                    RATIO,
                    "foam_evaluator_set_chance_ratio",
                    "What guessing, or always saying the mean, gives on the set.");

    public static final CounterSpec HELD_OUT_SET_FRAMES =
            varying(
                    "set.{set}.frames",
                    COUNT,
                    "foam_evaluator_set_covered_frames",
                    "Held-out frames that the ratios of the set cover.");

    public static final CounterSpec HELD_OUT_SET_NEIGHBOUR_GREY =
            varying(
                    "set.{set}.neighbourGrey",
                    RATIO,
                    "foam_evaluator_set_neighbour_grey_ratio",
                    "What the nearest trained picture gives on the set, in 32x32 grey pixels.");

    public static final CounterSpec HELD_OUT_SET_NEIGHBOUR_COLOUR =
            varying(
                    "set.{set}.neighbourColour",
                    RATIO,
                    "foam_evaluator_set_neighbour_colour_ratio",
                    "What the nearest trained picture gives on the set, in 32x32 colour pixels.");

    public static final CounterSpec HELD_OUT_SET_SPOKEN =
            varying(
                    "set.{set}.spoken",
                    RATIO,
                    "foam_evaluator_set_spoken_ratio",
                    "Utterances of the set heard as their own caption among the set's.");

    public static final CounterSpec HELD_OUT_SET_SPOKEN_OF_ALL =
            varying(
                    "set.{set}.spokenOfAll",
                    RATIO,
                    "foam_evaluator_set_spoken_of_all_ratio",
                    "Utterances of the set heard as their own caption among all that were read.");

    public static final CounterSpec HELD_OUT_SET_SPOKEN_EXACTLY =
            varying(
                    "set.{set}.spokenExactly",
                    RATIO,
                    "foam_evaluator_set_spoken_exactly_ratio",
                    "Utterances of the set heard as their own caption among all that differ in one word.");

    public static final CounterSpec HELD_OUT_SET_EAR =
            varying(
                    "set.{set}.ear",
                    COUNT,
                    "foam_evaluator_set_ear",
                    "Who heard the utterances of the set: 0 the spectrogram, 1 the speech teacher's model.");

    public static final CounterSpec HELD_OUT_SET_SPOKEN_ERROR =
            varying(
                    "set.{set}.spokenError",
                    RATIO,
                    "foam_evaluator_set_spoken_error_ratio",
                    "Squared error of the spectrograms of the set's utterances, as a share of the variance.");

    public static final CounterSpec HELD_OUT_SET_PARROT_SPOKEN =
            varying(
                    "set.{set}.parrotSpoken",
                    RATIO,
                    "foam_evaluator_set_parrot_spoken_ratio",
                    "What the nearest trained caption's utterance gives among the set's captions.");

    public static final CounterSpec HELD_OUT_SET_PARROT_ERROR =
            varying(
                    "set.{set}.parrotError",
                    RATIO,
                    "foam_evaluator_set_parrot_error_ratio",
                    "Squared error of the nearest trained caption's utterance.");

    public static final CounterSpec HEARD_UTTERANCES =
            growing(
                    "heardUtterances",
                    COUNT,
                    "foam_ear_utterances_total",
                    "Utterances of the student that the ear has listened to.");

    public static final CounterSpec SILENT_UTTERANCES =
            growing(
                    "silentUtterances",
                    COUNT,
                    "foam_ear_silent_utterances_total",
                    "Utterances among those in which nobody was heard to speak.");

    public static final CounterSpec KNOWN_SENTENCES =
            varying(
                    "knownSentences",
                    COUNT,
                    "foam_ear_known_sentences",
                    "Sentences of which the ear knows how they sound.");

    public static final CounterSpec HEARING_CPU_MILLIS =
            varying(
                    "hearingCpuMillis",
                    MILLIS,
                    "foam_ear_hearing_cpu_seconds",
                    "CPU time that the ear took for the newest utterance.");

    public static final CounterSpec TRAINED_FRAMES_AUDITED =
            varying(
                    "trainedFramesAudited",
                    COUNT,
                    "foam_evaluator_trained_frames_audited",
                    "Frames of the student's batches that were checked for held-out ones.");

    public static final CounterSpec TRAINED_FRAMES_MISSED =
            varying(
                    "trainedFramesMissed",
                    COUNT,
                    "foam_evaluator_trained_frames_missed",
                    "Frames of the student's batches that were overwritten before the audit.");

    public static final CounterSpec TRAINED_ON_HOLDOUT =
            varying(
                    "trainedOnHoldout",
                    COUNT,
                    "foam_evaluator_trained_on_holdout",
                    "Held-out frames that the student trained on: 0, or something is wrong.");

    public static final List<CounterSpec> ALL = Collections.unmodifiableList(DECLARED);

    private LoopCounters() {}

    private static CounterSpec growing(String label, Unit unit, String metric, String help) {
        return declared(CounterSpec.growing(label, unit, metric, help));
    }

    private static CounterSpec varying(String label, Unit unit, String metric, String help) {
        return declared(CounterSpec.varying(label, unit, metric, help));
    }

    private static CounterSpec ofSentences(String label, Unit unit, String metric, String help) {
        return declared(
                CounterSpec.varying(label, unit, metric, help)
                        .among(SEEN_WORDS, UNSEEN_WORDS, PICTURE_ONLY));
    }

    private static CounterSpec declared(CounterSpec counter) {
        DECLARED.add(counter);
        return counter;
    }
}
