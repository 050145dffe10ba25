package io.fluxfoam.student.net;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Which units a student has that may begin anew: the channels behind each layer of its trunks and
 * of the pooled core. A layer that nobody reads is left alone; what is behind the sight's residual
 * is made by both of its layers.
 *
 * <pre>
 *   made by             read by
 *   picture.1 .. 4      the next
 *   picture.5           picture.pool, core.window; regions on the picture; a voice
 *   picture.pool        fusion
 *   sight.1, 2          the next
 *   sight.3 + sight.4   sight.4; fusion, core.sight, core.whole; regions on the picture
 *   sound.1 .. 3        the next
 *   sound.4             sound.pool, core.sound; regions on the sound
 *   sound.pool          fusion
 *   fusion              all other regions
 * </pre>
 */
final class StudentUnits {
    private final ParameterGroup trunk;
    private final Supplier<Collection<Head>> heads;
    private final List<UnitRenewal.Units> all = new ArrayList<>();

    private StudentUnits(ParameterGroup trunk, Supplier<Collection<Head>> heads) {
        this.trunk = trunk;
        this.heads = heads;
    }

    /** Of this trunk; heads may come later. */
    static List<UnitRenewal.Units> of(ParameterGroup trunk, Supplier<Collection<Head>> heads) {
        StudentUnits units = new StudentUnits(trunk, heads);
        units.chain("picture.1", "picture.2", "picture.3", "picture.4", "picture.5");
        units.add("picture.5", norm("picture.5"), "picture.pool 0", "core.window 0");
        units.add("picture.pool", norm("picture.pool"), "fusion 0");
        units.chain("sight.1", "sight.2", "sight.3");
        List<String> both = new ArrayList<>(norm("sight.3"));
        both.addAll(norm("sight.4"));
        units.add(
                "sight.4",
                both,
                "sight.4 0",
                "fusion 1",
                "fusion 2",
                "core.sight 0",
                "core.whole 0",
                "core.whole 1");
        units.chain("sound.1", "sound.2", "sound.3", "sound.4");
        units.add("sound.4", norm("sound.4"), "sound.pool 0", "core.sound 0");
        units.add("sound.pool", norm("sound.pool"), "fusion 3");
        if (trunk.has("fusion")) {
            List<String> fusion = new ArrayList<>(List.of("fusion", "fusion.bias"));
            for (View view : View.values()) {
                fusion.addAll(normOnly(view.layer()));
            }
            units.add("fusion", fusion);
        }
        return units.all;
    }

    private void chain(String... layers) {
        for (int i = 0; i < layers.length - 1; i++) {
            add(layers[i], norm(layers[i]), layers[i + 1] + " 0");
        }
    }

    private static List<String> norm(String layer) {
        List<String> makers = new ArrayList<>(List.of(layer));
        makers.addAll(normOnly(layer));
        return makers;
    }

    private static List<String> normOnly(String layer) {
        return List.of(layer + ".gain", layer + ".shift", layer + ".mean", layer + ".variance");
    }

    private void add(String layer, List<String> makers, String... readers) {
        List<UnitRenewal.Reader> own = new ArrayList<>();
        for (String reader : readers) {
            String parameter = reader.substring(0, reader.indexOf(' '));
            int part = Integer.parseInt(reader.substring(reader.indexOf(' ') + 1));
            if (trunk.has(parameter)) {
                own.add(new UnitRenewal.Reader(trunk, parameter, part));
            }
        }
        if (own.isEmpty() && !layer.equals("fusion")) {
            return;
        }
        all.add(
                new UnitRenewal.Units(
                        layer,
                        trunk,
                        makers,
                        () -> {
                            List<UnitRenewal.Reader> now = new ArrayList<>(own);
                            heads.get().forEach(head -> now.addAll(head.readers(layer)));
                            return now;
                        }));
    }
}
