package dev.machine.cli.output;

import dev.machine.common.Printable;
import java.util.List;

/**
 * Aligned columns as docker-machine printed them (Go's text/tabwriter: at least five wide, three
 * blanks between), but without blanks at the end of a line. Control characters become escapes (see
 * {@link Printable}).
 */
public final class Table {
    private static final int MIN_COLUMN_WIDTH = 5;
    private static final int PADDING = 3;

    private Table() {}

    /** Renders lines; all must have the same number of cells. */
    public static String render(List<List<String>> lines) {
        List<List<String>> shown =
                lines.stream().map(line -> line.stream().map(Printable::line).toList()).toList();
        int columns = lines.isEmpty() ? 0 : lines.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> line : shown) {
            for (int i = 0; i < columns; i++) {
                widths[i] =
                        Math.max(
                                widths[i],
                                Math.max(MIN_COLUMN_WIDTH, length(line.get(i)) + PADDING));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : shown) {
            StringBuilder row = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = line.get(i);
                row.append(cell).repeat(' ', widths[i] - length(cell));
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
