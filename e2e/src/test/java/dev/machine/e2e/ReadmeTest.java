package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * README's commands: the test types every line after {@code $ } in a block marked {@code console
 * run}, in order, against a bare board at 192.168.1.4. Their output must be the one that README
 * shows; {@code …} stands for any text, and on a line of its own for any lines.
 */
@Tag("lab")
class ReadmeTest {
    @RegisterExtension
    static final Nodes NODES = Nodes.of("rack-1-node-4", "192.168.1.4", "--bare");

    private static final Machine USER = new Machine().with("SHELL", "/bin/bash");

    private record Typed(String command, List<String> shown) {}

    @AfterAll
    static void goAway() {
        USER.run("rm", "-y", "-f", "master");
        USER.close();
    }

    @Test
    void doesWhatReadmeShows() throws IOException {
        USER.file(
                "config.yaml",
                "engine-registry-mirror: ['%s']\naiyara:\n  ssh-user: root\n  ssh-key: %s\n"
                        .formatted(Lab.value("LAB_MIRROR"), Lab.value("LAB_KEY")));
        List<Typed> all = typed(Files.readAllLines(Lab.ROOT.resolve("README.md")));
        assertThat(all).hasSizeGreaterThanOrEqualTo(10);

        for (Typed one : all) {
            Output output = USER.shell(one.command() + " 2>&1").exits(0);
            assertThat(squeezed(output.out().lines().toList()))
                    .as(one.command() + "\n" + output.out())
                    .matches(pattern(one.shown()));
        }
    }

    private static List<Typed> typed(List<String> readme) {
        List<Typed> all = new ArrayList<>();
        boolean inside = false;
        for (String line : readme) {
            if (line.startsWith("```")) {
                inside = line.equals("```console run");
            } else if (inside && line.startsWith("$ ")) {
                all.add(new Typed(line.substring(2), new ArrayList<>()));
            } else if (inside) {
                all.getLast().shown().add(line);
            }
        }
        return all;
    }

    private static String squeezed(List<String> lines) {
        return lines.stream()
                .map(line -> line.strip().replaceAll("\\s+", " "))
                .filter(line -> !line.isEmpty())
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static Pattern pattern(List<String> shown) {
        StringBuilder regex = new StringBuilder();
        for (String line : squeezed(shown).lines().toList()) {
            if (line.equals("…")) {
                regex.append("(?:[^\n]*\n)*");
            } else {
                for (String text : line.split("…", -1)) {
                    regex.append(Pattern.quote(text)).append("[^\n]*?");
                }
                regex.append("\n");
            }
        }
        return Pattern.compile(regex.toString());
    }
}
