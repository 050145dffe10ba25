package io.fluxfoam.cli;

/** Ends the process of a node that has done what it was to do. */
final class NodeEnd {
    private NodeEnd() {}

    /** As SIGTERM would, from a thread that the node's stop need not wait for. */
    static void soon() {
        Thread.ofPlatform().daemon().name("foam-end").start(() -> System.exit(0));
    }
}
