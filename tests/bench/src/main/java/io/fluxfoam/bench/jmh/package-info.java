/** JMH benches of single operations: {@code bench jmh}. */
package io.fluxfoam.bench.jmh;
