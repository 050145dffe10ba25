package io.fluxfoam.coordinator;

import io.fluxfoam.coordinator.status.FoamStatus;
import io.fluxfoam.distill.Roles;
import io.fluxfoam.distill.SensorCard;
import io.fluxfoam.manifest.Manifest;
import io.fluxfoam.node.PeerView;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What the sensor's manifest says that it shows. Of a sensor that has left, what its last one said.
 * The duty-cycle thread {@linkplain #follow follows} the peers, any thread may ask.
 */
final class DeclaredSources {
    private volatile List<String> sources = List.of();

    /** Takes over what the sensor's manifest says as of now. */
    void follow(Collection<PeerView> peers) {
        for (PeerView peer : peers) {
            peer.manifest()
                    .filter(manifest -> manifest.role().equals(Roles.SENSOR))
                    .map(DeclaredSources::of)
                    .filter(declared -> !declared.isEmpty())
                    .ifPresent(declared -> sources = declared);
        }
    }

    private static List<String> of(Manifest sensor) {
        List<String> declared = new ArrayList<>();
        Optional<String> next = SensorCard.source(sensor, 0);
        while (next.isPresent()) {
            declared.add(next.get());
            next = SensorCard.source(sensor, declared.size());
        }
        return declared;
    }

    /** The status with what is known. */
    FoamStatus addTo(FoamStatus status) {
        return status.withSources(sources);
    }
}
