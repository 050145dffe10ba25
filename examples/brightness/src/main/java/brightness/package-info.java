/** A node outside Flux Foam's own tree: it knows the SDK and nothing else. */
package brightness;
