package dev.machine.cli;

import dev.machine.cli.output.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** A console in memory. */
final class TestConsole {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final Map<String, String> environment = new HashMap<>();
    private String input = "";

    TestConsole with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    TestConsole typing(String text) {
        input = text;
        return this;
    }

    Console console() {
        return new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                "machine",
                false);
    }

    String answer() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String told() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
