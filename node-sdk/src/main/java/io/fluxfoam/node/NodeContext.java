package io.fluxfoam.node;

import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.Names;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * Configuration of a node. Setters and getters share their names; {@link #conclude} checks all of
 * it once.
 */
public final class NodeContext {
    private static final long MAX_IDLE_LIMIT_NS = 500_000_000L;

    private Path foam = FoamDirectory.defaultPath();
    private @Nullable Path durable;
    private String name = "";
    private String role = "";
    private String device = "host";
    private List<String> command = List.of();
    private long leastIncarnation = 1;
    private boolean standby;
    private IdleMode idleMode = IdleMode.SLEEP;
    private long maxIdleNs = 10_000_000L;

    /** Directory of the foam; {@code $FOAM_DIR} or {@code /dev/shm/foam-UID} if it is not set. */
    public NodeContext foam(Path directory) {
        foam = directory;
        return this;
    }

    /** Directory of the foam. */
    public Path foam() {
        return foam;
    }

    /**
     * Directory for what must outlive the foam; the foam itself if it is not set. Several nodes may
     * share it.
     */
    public NodeContext durable(Path directory) {
        durable = directory;
        return this;
    }

    /** Directory of this node for what must outlive the process. */
    public Path state() {
        return (durable == null ? foam : durable).resolve("state").resolve(name);
    }

    /** Directory of this node's journal. */
    public Path journal() {
        return (durable == null ? foam : durable).resolve("journal").resolve(name);
    }

    /** Name of the node, unique in its foam. */
    public NodeContext name(String nodeName) {
        name = nodeName;
        return this;
    }

    public String name() {
        return name;
    }

    /** What the node is: {@code teacher}, {@code student}, or a word of its author's. */
    public NodeContext role(String nodeRole) {
        role = nodeRole;
        return this;
    }

    /** What the node is. */
    public String role() {
        return role;
    }

    /**
     * Where the node's own streams keep their payloads: {@code host}, {@code cuda:N} or {@code
     * auto}.
     */
    public NodeContext device(String deviceName) {
        device = deviceName;
        return this;
    }

    /** Where the node's own streams keep their payloads. */
    public String device() {
        return device;
    }

    /** Command line that starts this node again; written into the mark file. */
    public NodeContext command(List<String> arguments) {
        command = List.copyOf(arguments);
        return this;
    }

    /** Command line that starts this node again. */
    public List<String> command() {
        return command;
    }

    /** Number that the node's incarnation has at least: for one that plays a recorded one. */
    public NodeContext leastIncarnation(long number) {
        leastIncarnation = number;
        return this;
    }

    /** Number that the node's incarnation has at least. */
    public long leastIncarnation() {
        return leastIncarnation;
    }

    /** Whether the process waits for its name if somebody has it, and is ready by then. */
    public NodeContext standby(boolean waits) {
        standby = waits;
        return this;
    }

    /** Whether the process waits for its name if somebody has it. */
    public boolean standby() {
        return standby;
    }

    /** How an idle duty cycle waits; {@link IdleMode#SLEEP} if it is not set. */
    public NodeContext idleMode(IdleMode mode) {
        idleMode = mode;
        return this;
    }

    /** How an idle duty cycle waits. */
    public IdleMode idleMode() {
        return idleMode;
    }

    /**
     * Longest sleep of an idle duty cycle, nanoseconds, at most until the next look at the peers 50
     * ms after the last one; after a second or so without work the node is quiet and sleeps up to
     * 400 ms. What it reads wakes it at once, always.
     */
    public NodeContext maxIdleNs(long nanoseconds) {
        maxIdleNs = nanoseconds;
        return this;
    }

    /** Longest sleep of an idle duty cycle, nanoseconds. */
    public long maxIdleNs() {
        return maxIdleNs;
    }

    /**
     * Checks everything, relations included.
     *
     * @throws IllegalArgumentException with the offending values
     */
    public NodeContext conclude() {
        Names.checkNode(name);
        Names.check("role", role);
        Device.resolve(device);
        if (maxIdleNs < 1 || maxIdleNs > MAX_IDLE_LIMIT_NS) {
            throw new IllegalArgumentException(
                    "maxIdleNs=" + maxIdleNs + " not in 1.." + MAX_IDLE_LIMIT_NS);
        }
        return this;
    }
}
