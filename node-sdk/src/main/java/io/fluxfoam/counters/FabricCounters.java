package io.fluxfoam.counters;

import static io.fluxfoam.counters.Unit.BYTES;
import static io.fluxfoam.counters.Unit.COUNT;

import java.util.List;

/**
 * The counters that the fabric keeps in every node. {@code {stream}} is {@code NODE/STREAM} for
 * what a node reads, and the name of the node's own stream for what it publishes.
 */
public final class FabricCounters {
    public static final CounterSpec ERRORS =
            CounterSpec.growing(
                    "errors", COUNT, "foam_errors_total", "Errors that the node recorded.");

    public static final CounterSpec READ_LEASES =
            CounterSpec.growing(
                    "read.{stream}.leases",
                    COUNT,
                    "foam_read_leases_total",
                    "Commits of the stream that the node has leased.");

    public static final CounterSpec READ_MISSED =
            CounterSpec.growing(
                    "read.{stream}.missed",
                    COUNT,
                    "foam_read_missed_total",
                    "Commits of the stream that went by unread.");

    public static final CounterSpec READ_BEHIND =
            CounterSpec.varying(
                    "read.{stream}.behind",
                    COUNT,
                    "foam_read_behind_commits",
                    "Commits of the stream that came after the last one that the node leased.");

    public static final CounterSpec READ_TORN =
            CounterSpec.growing(
                    "read.{stream}.torn",
                    COUNT,
                    "foam_read_torn_total",
                    "Commits of the stream whose bytes did not have their checksum.");

    public static final CounterSpec READ_JOINS =
            CounterSpec.growing(
                    "read.{stream}.joins",
                    COUNT,
                    "foam_read_joins_total",
                    "Incarnations of the stream's writer that the node has joined.");

    public static final CounterSpec READ_COPIED_BYTES =
            CounterSpec.growing(
                    "read.{stream}.copiedBytes",
                    BYTES,
                    "foam_read_copied_bytes_total",
                    "Bytes of the stream that had to be copied to another device to be read.");

    public static final CounterSpec PUBLISH_COPIED_BYTES =
            CounterSpec.growing(
                    "publish.{stream}.copiedBytes",
                    BYTES,
                    "foam_publish_copied_bytes_total",
                    "Bytes of the stream that had to be copied to its device to be published.");

    public static final CounterSpec PEER_DEAD_INCARNATION =
            CounterSpec.varying(
                    "peer.{peer}.deadIncarnation",
                    COUNT,
                    "foam_peer_dead_incarnation",
                    "Newest incarnation of the peer that the node saw end without a goodbye.");

    public static final List<CounterSpec> ALL =
            List.of(
                    ERRORS,
                    READ_LEASES,
                    READ_MISSED,
                    READ_BEHIND,
                    READ_TORN,
                    READ_JOINS,
                    READ_COPIED_BYTES,
                    PUBLISH_COPIED_BYTES,
                    PEER_DEAD_INCARNATION);

    private FabricCounters() {}
}
