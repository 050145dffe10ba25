package io.fluxfoam.bench.start;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A role's start in the names of the JSON, milliseconds; null if it was not seen.
 *
 * @param execToManifestMillis until the manifest is published
 * @param execToFirstCommitMillis until the first tensor is committed
 */
@JsonPropertyOrder({"execToManifestMillis", "execToFirstCommitMillis"})
record RoleStart(Double execToManifestMillis, Double execToFirstCommitMillis) {}
