/**
 * What a teacher has computed, so that it need not compute it again. Fingerprint, index, file,
 * store: where it is; trust: how far it is believed; payoff: whether it is worth its while. Knows
 * nothing of teachers, and is used by one thread at a time.
 */
@NullMarked
package io.fluxfoam.teacher.memory;

import org.jspecify.annotations.NullMarked;
