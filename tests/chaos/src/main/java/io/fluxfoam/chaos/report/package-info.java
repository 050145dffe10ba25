/** What a run found, as JSON, as text, as a plot, and the verdict. */
package io.fluxfoam.chaos.report;
