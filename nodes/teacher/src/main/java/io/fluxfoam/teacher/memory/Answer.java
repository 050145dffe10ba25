package io.fluxfoam.teacher.memory;

/**
 * How an input was answered.
 *
 * @param spoken whether there are features
 * @param computed whether they were computed; else they were known
 */
public record Answer(boolean spoken, boolean computed) {}
