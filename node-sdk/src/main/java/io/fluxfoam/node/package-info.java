/** What a node author uses: the agent, the node that runs it, and its peers. */
@NullMarked
package io.fluxfoam.node;

import org.jspecify.annotations.NullMarked;
