package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/security.md: every test and every class that it names exists. */
class SecurityPageTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+Test)?(?:#(\\w+))?`");

    /** {@code swarm.http.Admission}, or a class of it. */
    private static final Pattern MAIN_CLASS =
            Pattern.compile("`(?:[a-z]+\\.)+([A-Z]\\w+)(?:\\.[A-Z]\\w+)?`");

    /** A script, a bench for example, that is run by hand. */
    private static final Pattern SCRIPT = Pattern.compile("`([a-z0-9-]+(?:/[a-z0-9-]+)+)`");

    @Test
    void namesTestsThatExist() throws IOException {
        Map<String, String> sources = Sources.tests().byClass();
        List<String> missing = new ArrayList<>();
        int rows = 0;
        for (String line : Files.readAllLines(Lab.ROOT.resolve("docs/security.md"))) {
            String[] cells = line.split("\\|");
            if (cells.length != 4 || cells[3].isBlank() || cells[3].contains("---")) {
                continue;
            }
            rows++;
            missing.addAll(missing(cells[3], sources));
        }
        assertThat(missing).isEmpty();
        assertThat(rows).isGreaterThan(20);
    }

    @Test
    void namesClassesThatExist() throws IOException {
        Set<String> classes = Sources.main().byClass().keySet();
        List<String> named =
                MAIN_CLASS
                        .matcher(Files.readString(Lab.ROOT.resolve("docs/security.md")))
                        .results()
                        .map(match -> match.group(1))
                        .toList();
        assertThat(named).hasSizeGreaterThan(10);
        assertThat(classes).containsAll(named);
    }

    /** A test without a class is of the class that was named before it in its row. */
    private static List<String> missing(String cell, Map<String, String> sources) {
        List<String> missing = new ArrayList<>();
        String type = "";
        Matcher named = NAMED.matcher(cell);
        while (named.find()) {
            type = named.group(1) == null ? type : named.group(1);
            String source = sources.getOrDefault(type, "");
            String method = named.group(2);
            if (source.isEmpty() || (method != null && !has(source, method))) {
                missing.add(named.group());
            }
        }
        Matcher script = SCRIPT.matcher(cell);
        boolean runs = script.find() && Files.isExecutable(Lab.ROOT.resolve(script.group(1)));
        if (type.isEmpty() && !runs && !cell.strip().equals("test")) {
            missing.add("no test in: " + cell);
        }
        return missing;
    }

    /** A method, or one of ArchUnit's rules, which are fields. */
    private static boolean has(String source, String test) {
        return source.contains("void " + test + "(") || source.contains(" " + test + " =");
    }
}
