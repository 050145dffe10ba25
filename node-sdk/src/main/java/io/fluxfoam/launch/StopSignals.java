package io.fluxfoam.launch;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The signals that ask a process to stop, heard without ending the JVM. The JVM's own way, shutdown
 * hooks, runs those of the libraries beside ours: ONNX Runtime's frees what its other threads
 * compute with (its issue 31352), and no class whose library wants a hook can be loaded any more.
 */
final class StopSignals {
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private StopSignals() {}

    /**
     * From now on they are told here, each on a thread of its own, with its number. One that is not
     * ours to hear, as under {@code nohup} or {@code -Xrs}, stays as it is.
     */
    static void hear(IntConsumer told) {
        try {
            // By name: javac warns of each mention of sun.misc, in a way that cannot be suppressed.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            for (Map.Entry<String, Integer> entry : NUMBERS.entrySet()) {
                int number = entry.getValue();
                Object hearer =
                        Proxy.newProxyInstance(
                                StopSignals.class.getClassLoader(),
                                new Class<?>[] {handler},
                                (proxy, method, arguments) -> {
                                    told.accept(number);
                                    return null;
                                });
                hear(signal, handler, entry.getKey(), hearer);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("every JDK has sun.misc.Signal", e);
        }
    }

    private static void hear(Class<?> signal, Class<?> handler, String name, Object hearer)
            throws ReflectiveOperationException {
        try {
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), hearer);
        } catch (InvocationTargetException e) {
            if (!(e.getCause()
                    instanceof
                    IllegalArgumentException)) { // taken by the JVM's user or not known to it
                throw e;
            }
        }
    }
}
