package io.fluxfoam.tests.toy;

import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** Never comes back from its first turn, which it tells. */
@Command(name = "hanger")
public final class Hanger implements NodeAgent, Callable<Integer> {
    @Mixin private NodeOptions options;

    @Override
    public void onStart(Node started) {}

    @Override
    public int doWork() throws InterruptedException {
        System.err.println("hanging");
        new CountDownLatch(1).await();
        return 1;
    }

    @Override
    public Integer call() throws Exception {
        return NodeMain.run(options.context("hanger", "hanger"), this);
    }

    public static void main(String[] args) {
        NodeMain.main(new Hanger(), args);
    }
}
