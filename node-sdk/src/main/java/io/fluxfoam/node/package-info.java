/** What a node author uses: the agent, the node that runs it, and its peers. */
package io.fluxfoam.node;
