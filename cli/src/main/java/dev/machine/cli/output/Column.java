package dev.machine.cli.output;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One column of a list, for all forms in which the list can be printed.
 *
 * @param title heading of the table; empty if the table does not show the column
 * @param field name in templates, as {@code {{.Name}}}; empty if templates do not have it
 * @param key name in JSON and YAML, which must not change; empty if they do not show it
 * @param text what the table and templates show of a row
 * @param value what JSON and YAML show of a row
 */
public record Column<T>(
        String title,
        String field,
        String key,
        Function<T, @Nullable Object> text,
        Function<T, @Nullable Object> value) {

    /** A column that shows the same in every form. */
    public static <T> Column<T> of(
            String title, String field, String key, Function<T, @Nullable Object> getter) {
        return new Column<>(title, field, key, getter, getter);
    }

    /** A column of the table and of templates. */
    public static <T> Column<T> ofTable(
            String title, String field, Function<T, @Nullable Object> getter) {
        return new Column<>(title, field, "", getter, getter);
    }

    /** A column that only templates know. */
    public static <T> Column<T> ofTemplates(String field, Function<T, @Nullable Object> getter) {
        return ofTable("", field, getter);
    }

    /** A column that only JSON and YAML show. */
    public static <T> Column<T> ofJson(String key, Function<T, @Nullable Object> getter) {
        return new Column<>("", "", key, getter, getter);
    }
}
