package io.fluxfoam.node;

import java.util.List;

/**
 * The pause of a duty cycle between two turns without work. Belongs to the duty-cycle thread; every
 * pause is bounded and allocates nothing.
 */
interface Idle extends AutoCloseable {
    /** An idle of this mode. */
    static Idle of(IdleMode mode, WakeSignal wakeSignal, long maxIdleNs) {
        return mode == IdleMode.SLEEP
                ? new IdleSleep(wakeSignal, maxIdleNs)
                : new IdlePolling(mode, maxIdleNs);
    }

    /**
     * To be called before the turn's work, with the streams whose commits shall end a pause after
     * it.
     */
    void listen(List<Subscription> subscriptions);

    /**
     * To be called after a turn without work.
     *
     * @param deadlineNs when the node has something to do though nobody calls it
     */
    void idle(List<Subscription> subscriptions, long deadlineNs);

    /** To be called after a turn with work. */
    void reset();

    @Override
    void close();
}
