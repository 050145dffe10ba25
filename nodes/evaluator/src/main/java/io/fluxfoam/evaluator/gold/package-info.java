/**
 * Deferred truth: what held-out frames say, a little later, of what evaluators said of teachers,
 * and how reliable each evaluator is by it. Knows nothing of streams or time.
 */
@NullMarked
package io.fluxfoam.evaluator.gold;

import org.jspecify.annotations.NullMarked;
