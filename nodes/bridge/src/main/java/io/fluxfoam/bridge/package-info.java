/** The bridge: nodes of another box as mirrors here. docs/BRIDGE.md says how. */
package io.fluxfoam.bridge;
