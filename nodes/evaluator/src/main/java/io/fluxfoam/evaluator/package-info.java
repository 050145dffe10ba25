/**
 * The evaluator node: judges the student on HOLDOUT frames alone and audits that it never trained
 * on one. The classes beside {@link io.fluxfoam.evaluator.EvaluatorNode} are plain logic without a
 * foam.
 */
package io.fluxfoam.evaluator;
