/**
 * The foam under test: its nodes' processes, how one is started again, and what has to be undone
 * when chaos ends.
 */
package io.fluxfoam.chaos.process;
