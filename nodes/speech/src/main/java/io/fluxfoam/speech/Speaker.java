package io.fluxfoam.speech;

import com.sun.speech.freetts.FreeTTSSpeakable;
import com.sun.speech.freetts.OutputQueue;
import com.sun.speech.freetts.ProcessException;
import com.sun.speech.freetts.Utterance;
import com.sun.speech.freetts.Voice;
import com.sun.speech.freetts.en.us.cmu_us_kal.KevinVoiceDirectory;
import com.sun.speech.freetts.relp.AudioOutput;

import java.util.Locale;

/**
 * Speaks text with the FreeTTS diphone voice kevin16, in memory, on the caller's thread: its usual
 * output thread is replaced by {@link InlineOutput}, so that nothing here waits for another thread.
 * What is spoken depends on text, pitch and rate alone. Not thread-safe.
 */
public final class Speaker {
    private static final String VOICE = "kevin16";

    private final SampleBuffer samples = new SampleBuffer();
    private final Voice voice;

    /** Loads the voice, which takes some 200 ms. */
    public Speaker() {
        voice = find();
        voice.setOutputQueue(new InlineOutput());
        voice.setAudioPlayer(samples);
        voice.allocate();
        if (!voice.isLoaded()) {
            throw new IllegalStateException("FreeTTS voice " + VOICE + " did not load");
        }
    }

    /**
     * Speaks a text.
     *
     * @param pitchHz mean pitch
     * @param wordsPerMinute speaking rate
     * @return the samples in [-1, 1), 16 kHz mono
     * @throws IllegalStateException if there is nothing in it that could be spoken
     */
    public float[] samples(String text, float pitchHz, float wordsPerMinute) {
        samples.clear();
        voice.setPitch(pitchHz);
        voice.setRate(wordsPerMinute);
        if (!voice.speak(text) || samples.count() == 0) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "FreeTTS could not speak \"%s\" at pitchHz=%s wordsPerMinute=%s",
                            text,
                            pitchHz,
                            wordsPerMinute));
        }
        float[] copy = new float[samples.count()];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = samples.get(i);
        }
        return copy;
    }

    private static Voice find() {
        for (Voice voice : new KevinVoiceDirectory().getVoices()) {
            if (voice.getName().equals(VOICE)) {
                return voice;
            }
        }
        throw new IllegalStateException("FreeTTS has no voice " + VOICE);
    }

    /** Turns each utterance into samples at once instead of handing it to a thread. */
    private static final class InlineOutput extends OutputQueue {
        private final AudioOutput output = new AudioOutput();

        @Override
        public synchronized void post(Utterance utterance) {
            FreeTTSSpeakable speakable = utterance.getSpeakable();
            speakable.started();
            try {
                output.processUtterance(utterance);
            } catch (ProcessException e) {
                speakable.cancelled();
                return;
            }
            if (utterance.isLast()) {
                speakable.completed();
            }
        }
    }
}
