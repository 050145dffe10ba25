package io.fluxfoam.coordinator;

import io.fluxfoam.coordinator.StatusServer.Document;
import io.fluxfoam.coordinator.status.CoordinatorCounters;
import io.fluxfoam.coordinator.status.Json;
import io.fluxfoam.coordinator.status.PageAddress;
import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.counters.Counter;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Map;

/**
 * Looks at the foam and serves what it saw: every two seconds for the curves and events, and when
 * somebody asks, so that a foam that nobody watches costs next to nothing. It reads files only:
 * nobody waits for it, nobody knows whether it is there.
 */
final class CoordinatorNode implements NodeAgent {
    private static final long LOOK_EVERY_NS = 2_000_000_000L;

    private final PageAddress address;
    private final int port;
    private final AccessToken token;
    private final FoamHistory history = new FoamHistory();
    private final DeclaredReads reads = new DeclaredReads();
    private final DeclaredSources sources = new DeclaredSources();
    private Node node;
    private StatusProbe probe;
    private FoamWatch watch;
    private Counter boundPort;
    private volatile @Nullable StatusServer server;
    private long nextLookNs = Long.MIN_VALUE;

    CoordinatorNode(PageAddress address, int port, AccessToken token) {
        this.address = address;
        this.port = port;
        this.token = token;
    }

    @Override
    public void onStart(Node self) throws IOException {
        node = self;
        probe = new StatusProbe(FoamDirectory.open(node.foam()), node::error);
        watch =
                new FoamWatch(
                        probe,
                        history,
                        reads,
                        sources,
                        node.counters().counter(CoordinatorCounters.LOOKS));
        boundPort = node.counters().counter(CoordinatorCounters.HTTP_PORT);
    }

    @Override
    public void onLoad() throws IOException {
        watch.look();
        FoamDirectory foam = FoamDirectory.open(node.foam());
        PrometheusText metrics =
                new PrometheusText(
                        probe::facts,
                        () -> watch.fresh().nodes(),
                        nodeNow -> ProcessUsage.of(foam, nodeNow));
        HeatmapWatch heatmap = new HeatmapWatch(foam, () -> watch.fresh().nodes(), node::error);
        VoiceWatch voice = new VoiceWatch(foam, () -> watch.fresh().nodes(), node::error);
        server =
                StatusServer.listen(
                        address,
                        port,
                        token,
                        Map.of(
                                "/", Document.page(StatusPage.load()),
                                "/api/status", Document.json(() -> Json.compact(watch.fresh())),
                                "/api/heatmap", Document.json(() -> Json.compact(heatmap.fresh())),
                                "/api/voice", Document.json(() -> Json.compact(voice.fresh())),
                                "/api/voice/samples", Document.bytes(voice::samples),
                                "/api/history", Document.json(() -> Json.compact(history.view())),
                                "/metrics",
                                        Document.text(
                                                PrometheusText.CONTENT_TYPE, metrics::scrape)),
                        node::error);
        boundPort.set(server.port());
        if (!address.loopback() && !token.isRequired()) {
            System.err.println(
                    "coordinator: everyone who can reach "
                            + address.authority(server.port())
                            + " can read the status of this foam");
        }
    }

    @Override
    public int doWork() throws IOException {
        reads.follow(node.peers());
        sources.follow(node.peers());
        long nowNs = System.nanoTime();
        if (nowNs < nextLookNs) {
            return 0;
        }
        nextLookNs = nowNs + LOOK_EVERY_NS;
        watch.look();
        return 0; // there is nothing more to do before the next look
    }

    @Override
    public void onStop() {
        if (server != null) {
            server.close();
        }
    }
}
