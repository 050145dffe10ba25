/**
 * The student's memory of moments: what belongs to one frame, joined by its number, and the targets
 * of each region.
 */
package io.fluxfoam.student.replay;
