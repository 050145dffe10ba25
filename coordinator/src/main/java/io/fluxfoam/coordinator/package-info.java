/**
 * Watches a foam and shows it: the status page, the JSON, the metrics. It reads, and never writes.
 */
package io.fluxfoam.coordinator;
