/**
 * The vision teacher: it reads the text in a picture and publishes what its recognizer saw in each
 * column.
 */
package io.fluxfoam.teacher.vision;
