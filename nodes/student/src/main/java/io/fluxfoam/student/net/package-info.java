/**
 * The student's network on libtorch. All of {@code org.bytedeco} stays in this package; what the
 * network learns lives in {@link io.fluxfoam.student.net.ParameterGroup plain memory} that libtorch
 * only looks at. Not thread-safe: one thread makes the network, trains it and asks it.
 */
package io.fluxfoam.student.net;
