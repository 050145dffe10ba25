/** The voice teacher: how a sentence sounds when it is read aloud. */
package io.fluxfoam.teacher.voice;
