/** What a tensor is: element type, shape, and the number of the frame that it was computed from. */
@NullMarked
package io.fluxfoam.tensor;

import org.jspecify.annotations.NullMarked;
