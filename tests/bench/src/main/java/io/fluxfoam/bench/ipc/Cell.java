package io.fluxfoam.bench.ipc;

import io.fluxfoam.bench.transport.TransportKind;
import io.fluxfoam.bench.transport.Wait;

/** What one row of the result is about. */
record Cell(TransportKind transport, Wait waiting, Pattern pattern, long payloadBytes) {}
