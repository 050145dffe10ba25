/** What a bridge between boxes carries, beside what it stands on. */
package io.fluxfoam.bench.bridge;
