package io.fluxfoam.coordinator.status;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where the status page is served, and by which names it may be asked for.
 *
 * <p>A page from elsewhere can let a name of its own mean this address and so read the answers in
 * its visitor's browser; what it cannot choose is that name. So on a loopback address only these
 * are served: {@code localhost}, every loopback address in figures, the name that was given to
 * listen on, and the machine's own.
 *
 * @param host name or address as it was given
 * @param address that it stands for
 */
public record PageAddress(String host, InetAddress address) {
    private static final Path OWN_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final String LOCALHOST = "localhost";

    /**
     * The address of a name, or of figures with or without the brackets of IPv6.
     *
     * @throws IOException if nothing of that name is known
     */
    public static PageAddress of(String host) throws IOException {
        if (host.isBlank()) { // which the JDK takes for loopback
            throw new IllegalArgumentException("--host=" + host + " is no address");
        }
        return new PageAddress(host, InetAddress.getByName(host));
    }

    /** Whether only this machine can reach it. */
    public boolean loopback() {
        return address.isLoopbackAddress();
    }

    /** As an address is written in a line or before a path. */
    public String authority(int port) {
        boolean bare = host.contains(":") && !host.startsWith("[");
        return (bare ? "[" + host + "]" : host) + ":" + port;
    }

    /** What to give to a browser on this machine. */
    public String url(int port) {
        PageAddress near = this;
        if (address.isAnyLocalAddress()) {
            near = new PageAddress(address.getAddress().length == 4 ? "127.0.0.1" : "::1", address);
        }
        return "http://" + near.authority(port).replace("%", "%25") + "/";
    }

    /**
     * Whether a request is meant for this page.
     *
     * @param hostHeader its header Host; null if it has none
     */
    public boolean admits(@Nullable String hostHeader) {
        if (!loopback()) {
            return true; // nobody can know by which names others reach it
        }
        if (hostHeader == null) {
            return false;
        }
        String name = plain(hostHeader.replaceFirst(":\\d*$", ""));
        return name.equals(LOCALHOST)
                || name.equals(plain(host))
                || isLoopback(name)
                || name.equals(ownName());
    }

    /** A name without what does not tell it from another: letters' case, the dot of the root. */
    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static boolean isLoopback(String name) {
        try {
            return InetAddress.ofLiteral(name).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false; // a name, and nobody is asked what it means
        }
    }

    /** From the kernel: the JDK's way would ask the network what it means. */
    private static String ownName() {
        try {
            String name = plain(Files.readString(OWN_NAME).strip());
            return name.isEmpty() ? LOCALHOST : name;
        } catch (IOException e) {
            return LOCALHOST;
        }
    }
}
