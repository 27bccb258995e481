package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A command that was refused before it changed anything: every file of the node's disk has the same
 * content, mode and owner as before. Logs are no files of interest.
 */
record Refusal(String fault, Output output) {
    private static final String FILES =
            """
            cd "$LAB_STATE/nodes/%s/upper" &&
            find . \\( -path ./var/log -o -path ./run -o -path ./tmp -o -path ./var/lib/systemd \\) -prune \
                -o -type f -printf '%%p %%m %%U ' -exec sha256sum {} \\; -o -printf '%%p %%y %%m %%U %%l\\n' | sort
            """;

    /** Runs a command that must end with exit code 3 and leave the node as it was. */
    static Refusal of(String fault, String node, Supplier<Output> command) {
        String before = files(node);
        Output output = command.get();
        output.exits(3);
        assertThat(files(node)).as("files of %s", node).isEqualTo(before).contains("etc/hostname");
        return new Refusal(fault, output);
    }

    /** What the node's disk has that its image had not. */
    private static String files(String node) {
        return Lab.hub(FILES.formatted(node)).ok();
    }

    String said() {
        return output.err();
    }

    /** A command out of what was said: the pattern's group. */
    String cure(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(said());
        assertThat(matcher.find()).as(said()).isTrue();
        return matcher.group(1);
    }

    /** A line of the table of faults: what happened, and how the run after the cure ended. */
    void print(String cure, Output rerun) {
        String findings =
                said().lines()
                        .dropWhile(line -> !line.startsWith("validate facts: "))
                        .takeWhile(line -> !line.equals("nothing was changed on the node"))
                        .collect(Collectors.joining(" / "));
        System.out.printf(
                "fault: | %s | exit %d | %s | files unchanged | %s | exit %d |%n",
                fault, output.status(), findings, cure, rerun.status());
    }
}
