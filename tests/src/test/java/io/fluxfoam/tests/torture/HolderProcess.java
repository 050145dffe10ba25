package io.fluxfoam.tests.torture;

import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * A node that leases and gives back on command. Arguments: foam, name, NODE/STREAM. Commands:
 * {@code lease} answers with the sequence, whether all bytes are its own, and how many were missed
 * so far; {@code close} with the sequence and whether all bytes were still the same; {@code next}
 * with the sequence after it and how many were missed in all.
 */
final class HolderProcess implements NodeAgent {
    private final String target;
    private final BlockingQueue<String> commands = new ArrayBlockingQueue<>(1);
    private Node node;
    private Subscription stream;
    private Lease lease;

    private HolderProcess(String target) {
        this.target = target;
    }

    public static void main(String[] args) throws Exception {
        HolderProcess holder = new HolderProcess(args[2]);
        NodeContext context = new NodeContext().foam(Path.of(args[0])).name(args[1]).role("holder");
        NodeRunner runner = NodeRunner.launch(context, holder);
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            holder.commands.put(line);
            runner.node().wake();
        }
        Runtime.getRuntime().halt(1);
    }

    @Override
    public void onStart(Node started) {
        node = started;
        stream = node.subscribe(target, ReadMode.IN_ORDER);
    }

    @Override
    public int doWork() {
        String command = commands.peek();
        String answer = command == null ? null : answer(command);
        if (answer == null) {
            return 0;
        }
        System.out.println(answer);
        commands.remove();
        return 1;
    }

    private String answer(String command) {
        if (command.equals("close")) {
            String answer = lease.sequence() + " " + isWhole();
            lease.close();
            return answer;
        }
        lease = stream.poll();
        if (lease == null) {
            return null;
        }
        if (command.equals("lease")) {
            return lease.sequence() + " " + isWhole() + " " + stream.missed();
        }
        String answer = lease.sequence() + " " + stream.missed();
        lease.close();
        return answer;
    }

    private boolean isWhole() {
        return lease.isIntact() && Tensors.isWhole(lease.payload(), lease.sequence());
    }
}
