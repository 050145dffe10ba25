package io.fluxfoam.stream;

import java.util.Arrays;

/** What comes after a point with a result; open addressing. */
final class Successors {
    private int[] points = new int[1 << 10];
    private long[] results = new long[1 << 10];
    private int[] nexts = new int[1 << 10];
    private int size;

    Successors() {
        Arrays.fill(nexts, -1);
    }

    private int find(int point, long result) {
        int mask = nexts.length - 1;
        int at = (int) (Interleavings.mix(point, result) >>> 20) & mask;
        while (nexts[at] >= 0 && (points[at] != point || results[at] != result)) {
            at = at + 1 & mask;
        }
        return at;
    }

    int get(int point, long result) {
        return nexts[find(point, result)];
    }

    void put(int point, long result, int next) {
        if (++size * 4 > nexts.length) {
            int[] oldPoints = points;
            long[] oldResults = results;
            int[] oldNexts = nexts;
            points = new int[2 * oldPoints.length];
            results = new long[points.length];
            nexts = new int[points.length];
            Arrays.fill(nexts, -1);
            for (int i = 0; i < oldNexts.length; i++) {
                if (oldNexts[i] >= 0) {
                    set(oldPoints[i], oldResults[i], oldNexts[i]);
                }
            }
        }
        set(point, result, next);
    }

    private void set(int point, long result, int next) {
        int at = find(point, result);
        points[at] = point;
        results[at] = result;
        nexts[at] = next;
    }
}
