/**
 * What chaos looks at: verified reads, leaks, who detected a death, how fast the loop goes and how
 * well it has learned.
 */
package io.fluxfoam.chaos.check;
