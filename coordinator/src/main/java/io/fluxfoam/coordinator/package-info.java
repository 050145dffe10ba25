/**
 * Watches a foam and shows it: the status page, the JSON, the metrics. It reads, and never writes.
 */
@NullMarked
package io.fluxfoam.coordinator;

import org.jspecify.annotations.NullMarked;
