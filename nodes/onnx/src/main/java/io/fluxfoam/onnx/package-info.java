/**
 * ONNX files as files: their messages, and the weights in them. Knows neither a runtime nor the
 * foam.
 */
@NullMarked
package io.fluxfoam.onnx;

import org.jspecify.annotations.NullMarked;
