package io.fluxfoam.bench.bridge;

import io.fluxfoam.bench.process.Workspace;

import java.io.IOException;
import java.nio.file.Path;

/** Makes the key that two bridges share. */
interface BridgeKeys {
    Path in(Workspace workspace) throws IOException;
}
