/** Faults as they happen: begun by the injector, turned until they are over. */
package io.fluxfoam.chaos.fault;
