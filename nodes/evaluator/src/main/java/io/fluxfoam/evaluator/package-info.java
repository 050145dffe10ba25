/**
 * The evaluator node: judges the student on HOLDOUT frames alone and audits that it never trained
 * on one. The classes beside {@link io.fluxfoam.evaluator.EvaluatorNode} are plain logic without a
 * foam.
 */
@NullMarked
package io.fluxfoam.evaluator;

import org.jspecify.annotations.NullMarked;
