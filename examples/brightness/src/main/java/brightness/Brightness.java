package brightness;

import io.fluxfoam.launch.NodeMain;
import io.fluxfoam.launch.NodeOptions;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.Subscription;
import io.fluxfoam.stream.*;
import io.fluxfoam.tensor.DType;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.Callable;

/** A node of its own: reads the sensor's pictures in place and publishes how bright each is. */
@Command(name = "brightness", mixinStandardHelpOptions = true)
public final class Brightness implements NodeAgent, Callable<Integer> {
    @Mixin private NodeOptions options;
    private Subscription pictures;
    private StreamWriter brightness;

    @Override
    public void onStart(Node node) throws Exception {
        pictures = node.subscribe("sensor/picture", ReadMode.LATEST);
        brightness = node.publish(StreamSpec.of("brightness", DType.F32, 1));
    }

    @Override
    public int doWork() {
        try (Lease picture = pictures.poll()) { // the sensor's own bytes, ours until close
            if (picture == null) {
                return 0; // nothing new: the node sleeps until there is
            }
            try (Claim claim = brightness.claim()) {
                claim.payload().set(ValueLayout.JAVA_FLOAT, 0, mean(picture.payload()));
                claim.commit(picture.frameNumber(), picture.captureNs());
            }
            return 1;
        }
    }

    private static float mean(MemorySegment pixels) {
        long sum = 0;
        for (long i = 0; i < pixels.byteSize(); i++) {
            sum += pixels.get(ValueLayout.JAVA_BYTE, i) & 0xff;
        }
        return (float) sum / pixels.byteSize();
    }

    @Override
    public Integer call() throws Exception {
        return NodeMain.run(options.context("brightness", "demo"), this);
    }

    public static void main(String[] args) {
        NodeMain.main(new Brightness(), args);
    }
}
