package io.fluxfoam.bench.start;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A role's start in the names of the JSON, milliseconds, each the median of its starts; null if it
 * was not seen. The evaluator broadcasts nothing, so it has no first commit.
 *
 * @param execToManifestMillis until the manifest is published
 * @param execToFirstCommitMillis until the first tensor is committed
 * @param execToJoinedMillis until the name is taken: the launcher, the JVM, the command line
 * @param execToStreamMillis until the first stream is there, its memory allocated
 * @param execToFirstReadsMillis until it has had a tensor of every living peer's stream that it
 *     subscribes to; null if it subscribes to none
 * @param cpuToFirstCommitMillis CPU until the first commit
 * @param timesBareJvm first commit in starts of a bare JVM, the median of those between this role's
 *     starts
 */
@JsonPropertyOrder({
    "execToManifestMillis",
    "execToFirstCommitMillis",
    "execToJoinedMillis",
    "execToStreamMillis",
    "execToFirstReadsMillis",
    "cpuToFirstCommitMillis",
    "timesBareJvm"
})
record RoleStart(
        Double execToManifestMillis,
        Double execToFirstCommitMillis,
        Double execToJoinedMillis,
        Double execToStreamMillis,
        Double execToFirstReadsMillis,
        Double cpuToFirstCommitMillis,
        Double timesBareJvm) {}
