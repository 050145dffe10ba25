package io.fluxfoam.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Plain text in columns as wide as their widest cell. A column whose title begins with a space is
 * aligned to the right.
 */
final class Table {
    private final List<String[]> rows = new ArrayList<>();

    Table(String... titles) {
        rows.add(titles);
    }

    /** Adds a row; a null cell is shown as a dash. */
    void row(Object... cells) {
        String[] row = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            row[i] = cells[i] == null ? "-" : cells[i].toString();
        }
        rows.add(row);
    }

    @Override
    public String toString() {
        String[] titles = rows.getFirst();
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                boolean right = titles[i].startsWith(" ");
                String padding = " ".repeat(width(i) - row[i].strip().length());
                line.append(right ? padding + row[i].strip() : row[i].strip() + padding)
                        .append("  ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row[column].strip().length()).max().orElse(0);
    }
}
