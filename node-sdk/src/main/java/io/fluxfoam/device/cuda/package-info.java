/**
 * Streams in a GPU's memory, through the CUDA driver API. The only package that knows JCuda's
 * types, and only behind a {@link io.fluxfoam.device.cuda.CudaProbe} that said READY: without a
 * driver none of JCuda's classes is ever touched.
 */
@NullMarked
package io.fluxfoam.device.cuda;

import org.jspecify.annotations.NullMarked;
