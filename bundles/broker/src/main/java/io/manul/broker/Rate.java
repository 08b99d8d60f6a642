package io.manul.broker;

/** A bucket that fills with time. The event loop's thread only. */
final class Rate {

    private final int perSecond;
    private final int burst;
    private double left;
    private long at;

    Rate(int perSecond, int burst, long nowMillis) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.left = burst;
        this.at = nowMillis;
    }

    /** False when there was not enough; then nothing is taken. */
    boolean take(int amount, long nowMillis) {
        left = Math.min(burst, left + (nowMillis - at) * perSecond / 1000.0);
        at = nowMillis;
        if (left < amount) {
            return false;
        }
        left -= amount;
        return true;
    }
}
