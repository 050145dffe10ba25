/**
 * Where payload bytes live and what works on them: allocating, exporting and opening the memory of
 * streams, queues of work, and the fences that tell others when that work is done. The same for
 * {@code host} and {@code cuda:N}.
 */
@NullMarked
package io.fluxfoam.device;

import org.jspecify.annotations.NullMarked;
