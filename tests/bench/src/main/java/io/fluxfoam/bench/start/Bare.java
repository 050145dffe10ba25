package io.fluxfoam.bench.start;

/** The least that a Java process can do; the measure of every other start. */
final class Bare {
    private Bare() {}

    public static void main(String[] args) {
        System.out.println("started");
    }
}
