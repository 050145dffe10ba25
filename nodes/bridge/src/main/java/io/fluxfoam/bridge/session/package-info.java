/** Who may enter: the key, the handshake, and the sealed messages of a session. */
package io.fluxfoam.bridge.session;
