/**
 * What every teacher shares: the model runtime (the only package that touches ONNX Runtime), model
 * files checked by their digests, the loop that turns a sensor's frames into features, and a
 * teacher for any ONNX model.
 */
package io.fluxfoam.teacher;
