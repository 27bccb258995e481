package dev.machine.cli.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code KEY=VALUE} options. */
public final class KeyValues {
    private KeyValues() {}

    /** Parses the values; of two values of one key the later one wins. */
    public static Map<String, String> parse(String option, List<String> texts) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals <= 0) {
                throw Invocation.usage(option + " takes KEY=VALUE, not \"" + text + "\"");
            }
            values.put(text.substring(0, equals), text.substring(equals + 1));
        }
        return values;
    }
}
