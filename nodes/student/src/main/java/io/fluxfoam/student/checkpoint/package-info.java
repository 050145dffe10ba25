/** What outlives the student's process: the network, the scaling of its heads, how far it was. */
package io.fluxfoam.student.checkpoint;
