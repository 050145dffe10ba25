/** The language teacher: the meaning of a sentence as one vector. */
package io.fluxfoam.teacher.llm;
