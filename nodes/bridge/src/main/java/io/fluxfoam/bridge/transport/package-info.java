/** How tensors travel: in chunks over Aeron, whose types stay here. */
package io.fluxfoam.bridge.transport;
