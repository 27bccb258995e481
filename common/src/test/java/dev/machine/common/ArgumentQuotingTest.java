package dev.machine.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arguments through real shells; a shell that is not installed is a failure, not a skip. */
@Timeout(120)
class ArgumentQuotingTest {
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
    private static final String[] PIECES = {
        "'",
        "''",
        "\"",
        "`",
        "\\",
        "\\\\",
        "\\'",
        "$",
        "$(",
        ")",
        "${",
        "}",
        "$((1))",
        "$HOME",
        "$'\\n'",
        "!",
        "!!",
        "#",
        "~",
        "~root",
        "*",
        "?",
        "[a-z]",
        "{a,b}",
        ";",
        "&",
        "&&",
        "|",
        "||",
        "<",
        ">",
        "<<EOF",
        ">(x)",
        "\n",
        "\r",
        "\r\n",
        "\t",
        " ",
        "  ",
        "\u0007",
        "\u001b[31m",
        "\u007f",
        "-",
        "--",
        "-n",
        "-e",
        "=",
        "%s",
        "%n",
        "a",
        "B",
        "0",
        "é",
        "ß",
        "日本",
        "😀",
        "\u202e",
        "\ufeff",
        "\u00a0",
        "\u2028",
        "$(touch /pwned)",
        "`id`",
        "; id",
        "' ; id #",
    };

    /** One command line for each way in which a remote side may run what we send. */
    static List<List<String>> shells() {
        return List.of(
                List.of("dash", "-c"),
                List.of("bash", "-c"),
                List.of("bash", "--posix", "-c"),
                List.of("busybox", "sh", "-c"));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void everyArgumentArrivesByteForByte(List<String> shell) throws Exception {
        Random random = new Random(SEED);
        for (int round = 0; round < 25; round++) {
            check(shell, arguments(random, 40), "fuzz.seed=" + SEED + " round " + round);
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void everyCharacterAloneArrives(List<String> shell) throws Exception {
        List<String> arguments = new ArrayList<>(Arrays.asList(PIECES));
        for (char c = 1; c < 0x180; c++) {
            arguments.add(String.valueOf(c));
        }
        arguments.add("");
        check(shell, arguments, "all characters");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aVeryLongArgumentArrives(List<String> shell) throws Exception {
        // Linux takes 128 KiB as one argument, and the whole line is one argument of "sh -c".
        check(shell, List.of("'".repeat(30_000), "a b".repeat(2_000)), "long");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aQuotedWordInsideAQuotedLineArrives(List<String> shell) throws Exception {
        Random random = new Random(SEED);
        List<String> arguments = arguments(random, 20);
        String inner = ArgumentQuoting.commandLine(printer(arguments));
        String outer = ArgumentQuoting.commandLine(List.of("sh", "-c", inner));
        assertThat(run(shell, outer)).as("fuzz.seed=%d", SEED).isEqualTo(expected(arguments));
    }

    @Test
    void refusesNul() {
        assertThatThrownBy(() -> ArgumentQuoting.quote("a\0b"))
                .isInstanceOf(MachineException.class);
    }

    private static void check(List<String> shell, List<String> arguments, String what)
            throws Exception {
        byte[] output = run(shell, ArgumentQuoting.commandLine(printer(arguments)));
        assertThat(output).as(what).isEqualTo(expected(arguments));
    }

    /** printf ends each argument with NUL, which no argument can contain. */
    private static List<String> printer(List<String> arguments) {
        List<String> vector = new ArrayList<>(List.of("printf", "%s\\0"));
        vector.addAll(arguments);
        return vector;
    }

    private static byte[] expected(List<String> arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String argument : arguments) {
            bytes.writeBytes(argument.getBytes(StandardCharsets.UTF_8));
            bytes.write(0);
        }
        return bytes.toByteArray();
    }

    private static List<String> arguments(Random random, int count) {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder argument = new StringBuilder();
            int length = random.nextInt(12);
            for (int j = 0; j < length; j++) {
                argument.append(PIECES[random.nextInt(PIECES.length)]);
            }
            arguments.add(argument.toString());
        }
        return arguments;
    }

    /**
     * Runs a line as bytes in UTF-8, whatever this JVM's own encoding of arguments is: a first
     * shell reads it from its input and hands it on, as sshd does.
     */
    private static byte[] run(List<String> shell, String line) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "/bin/sh",
                                "-c",
                                "line=$(cat; echo x); exec \"$@\" \"${line%x}\"",
                                "sh"));
        command.addAll(shell);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture<byte[]> output =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return process.getInputStream().readAllBytes();
                            } catch (java.io.IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        });
        try (var input = process.getOutputStream()) {
            input.write(line.getBytes(StandardCharsets.UTF_8));
        }
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        byte[] bytes = output.get(10, TimeUnit.SECONDS);
        assertThat(process.exitValue()).as(new String(bytes, StandardCharsets.UTF_8)).isZero();
        return bytes;
    }
}
