/** What a tensor is: element type, shape, and the number of the frame that it was computed from. */
package io.fluxfoam.tensor;
