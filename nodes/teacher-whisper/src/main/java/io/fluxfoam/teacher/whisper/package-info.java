/**
 * The sound teacher: a speech embedding every 80 ms, or the last hidden state of Whisper's encoder.
 */
package io.fluxfoam.teacher.whisper;
