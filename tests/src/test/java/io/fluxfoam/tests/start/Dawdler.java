package io.fluxfoam.tests.start;

import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** A node that never comes to an end of its start, and says when it is there. */
@Command(name = "dawdler")
public final class Dawdler implements NodeAgent, Callable<Integer> {
    enum Place {
        ARGUMENTS,
        CHECK,
        LOAD,
        BROKEN_LIBRARY
    }

    @Mixin private NodeOptions options;

    @Option(names = "--in")
    private Place place;

    /** A library that does not load. */
    @SuppressWarnings("restricted")
    private static final class Library {
        static {
            System.load("/nowhere/libfoam.so");
        }

        private Library() {}

        static void call() {}
    }

    private static void dawdle() throws InterruptedException {
        System.out.println("dawdling");
        new CountDownLatch(1).await();
    }

    @Override
    public Integer call() throws Exception {
        if (place == Place.CHECK) {
            NodeMain.onlyCheck();
        }
        if (place == Place.CHECK || place == Place.ARGUMENTS) {
            dawdle();
        }
        return NodeMain.run(options.context("dawdler", "dawdler"), this);
    }

    @Override
    public void onStart(Node node) {}

    @Override
    public void onLoad() throws InterruptedException {
        if (place == Place.BROKEN_LIBRARY) {
            Library.call();
        }
        dawdle();
    }

    @Override
    public int doWork() {
        return 0;
    }

    @Override
    public void onStop() {
        System.out.println("stopped while it loaded");
    }

    public static void main(String[] args) {
        NodeMain.ahead("dawdler-ahead", Dawdler::breakAhead);
        NodeMain.main(new Dawdler(), args);
    }

    /** As libraries are loaded ahead: what fails first is then told nobody. */
    private static void breakAhead() {
        Library.call();
    }
}
