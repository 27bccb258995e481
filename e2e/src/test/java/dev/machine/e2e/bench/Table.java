package dev.machine.e2e.bench;

import java.util.Locale;

/** Prints figures as they come, each with its goal. */
final class Table {
    private static final String ROW = "%-58s | %-30s | %-22s | %s%n";

    Table() {
        System.out.printf(ROW, "work", "figure", "goal", "");
    }

    void row(String work, String figure, String goal, String remark) {
        System.out.printf(ROW, work, figure, goal, remark);
    }

    /** A figure that must not be more than its goal. */
    void most(String work, double figure, double goal, String unit) {
        row(work, number(figure) + unit, "<= " + number(goal) + unit, mark(figure <= goal));
    }

    static String mark(boolean reached) {
        return reached ? "reached" : "MISSED";
    }

    static String number(double figure) {
        String pattern = figure >= 100 ? "%.0f" : figure >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, pattern, figure);
    }
}
