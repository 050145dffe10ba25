/**
 * Who a node is and which streams it broadcasts, as an immutable file that its peers read. The only
 * package with types of Chronicle Map; JSON is read by Jackson's streaming core.
 */
@NullMarked
package io.fluxfoam.manifest;

import org.jspecify.annotations.NullMarked;
