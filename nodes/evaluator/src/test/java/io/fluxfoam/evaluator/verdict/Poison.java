package io.fluxfoam.evaluator.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Ways in which a teacher can go wrong. The code under test knows none of them. */
public enum Poison {
    NOISE {
        @Override
        float[] alter(Victim victim, float[] honest) {
            float[] noise = new float[honest.length];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (float) (victim.deviation() * victim.random.nextGaussian());
            }
            return noise;
        }
    },
    FROZEN {
        @Override
        float[] alter(Victim victim, float[] honest) {
            victim.frozen = victim.frozen == null ? victim.before.getLast() : victim.frozen;
            return victim.frozen;
        }
    },
    /** What it says belongs to some other frame. */
    PERMUTED {
        @Override
        float[] alter(Victim victim, float[] honest) {
            return victim.before.get(victim.random.nextInt(victim.before.size()));
        }
    },
    STALE_BY_ONE {
        @Override
        float[] alter(Victim victim, float[] honest) {
            return victim.before.getLast();
        }
    },
    /** Half a deviation farther off in every value within 200 frames, and on. */
    SLOW_DRIFT {
        @Override
        float[] alter(Victim victim, float[] honest) {
            float[] drifted = honest.clone();
            for (int i = 0; i < drifted.length; i++) {
                drifted[i] += (float) (victim.deviation() * .5 * victim.poisoned / 200);
            }
            return drifted;
        }
    },
    /** Values of another teacher, which happen to be of the same shape. */
    ANOTHERS {
        @Override
        float[] alter(Victim victim, float[] honest) {
            float[] other = new float[honest.length];
            for (int i = 0; i < other.length; i++) {
                other[i] = honest[(int) ((i * 31L + 7) % other.length)];
            }
            return other;
        }
    },
    SCALED {
        @Override
        float[] alter(Victim victim, float[] honest) {
            float[] scaled = honest.clone();
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] *= 1.5f;
            }
            return scaled;
        }
    },
    /** Right nine times of ten, else what belongs to some other frame. */
    SOMETIMES_WRONG {
        @Override
        float[] alter(Victim victim, float[] honest) {
            return victim.random.nextInt(10) == 0 ? PERMUTED.alter(victim, honest) : honest;
        }
    };

    abstract float[] alter(Victim victim, float[] honest);

    /** The teacher that goes wrong: what it said before, and how its values vary. */
    public static final class Victim {
        private static final int REMEMBERED = 300;

        private final Poison poison;
        private final Random random;
        private final List<float[]> before = new ArrayList<>();
        private float[] frozen;
        private double deviation;
        private int poisoned;

        public Victim(Poison poison, long seed) {
            this.poison = poison;
            random = new Random(seed);
        }

        Poison poison() {
            return poison;
        }

        private double deviation() {
            if (deviation == 0) {
                double sum = 0;
                double square = 0;
                long count = 0;
                for (float[] values : before) {
                    for (float value : values) {
                        sum += value;
                        square += value * value;
                        count++;
                    }
                }
                deviation = Math.sqrt(square / count - Math.pow(sum / count, 2));
            }
            return deviation;
        }

        /** What it says of the next frame. */
        public float[] say(float[] honest, boolean isPoisoned) {
            poisoned += isPoisoned ? 1 : 0;
            float[] said = isPoisoned ? poison.alter(this, honest) : honest;
            before.add(honest);
            if (before.size() > REMEMBERED) {
                before.removeFirst();
            }
            return said;
        }
    }
}
