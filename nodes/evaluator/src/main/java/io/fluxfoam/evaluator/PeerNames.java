package io.fluxfoam.evaluator;

import io.fluxfoam.distill.LoopNodes;

/**
 * Whom to evaluate.
 *
 * @param sensor node that publishes {@code caption} and {@code candidates}
 * @param student node that is judged
 * @param language teacher that publishes the embeddings of the candidates, and whose region means
 *     the sentence
 */
record PeerNames(String sensor, String student, String language) {
    /** The names of the default loop. */
    static final PeerNames DEFAULT =
            new PeerNames(LoopNodes.SENSOR, LoopNodes.STUDENT, LoopNodes.TEACHER_LLM);
}
