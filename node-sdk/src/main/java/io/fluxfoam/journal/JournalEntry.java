package io.fluxfoam.journal;

/**
 * One fact of a journal.
 *
 * @param wallMillis when it was written, milliseconds since 1970
 * @param node who wrote it
 * @param incarnation which start of that node wrote it
 * @param kind what it is about
 * @param facts the fact itself: a JSON object on one line
 */
public record JournalEntry(
        long wallMillis, String node, long incarnation, String kind, String facts) {
    /** The whole entry as a JSON object on one line. */
    public String json() {
        StringBuilder json = new StringBuilder(64 + facts.length());
        json.append("{\"wallMillis\":").append(wallMillis).append(",\"node\":");
        JsonLine.quote(node, json);
        json.append(",\"incarnation\":").append(incarnation).append(",\"kind\":");
        JsonLine.quote(kind, json);
        return json.append(",\"facts\":").append(facts).append('}').toString();
    }
}
