package dev.machine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** docs/architecture.md: what it names is there, and every package is named. */
class ArchitecturePageTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern PACKAGE = Pattern.compile("`(dev\\.machine[a-z.]*)`");
    private static final Pattern CLASS =
            Pattern.compile("`([A-Z][a-z]+[A-Za-z]*)(?:\\.[a-z]\\w*)?`");

    private static final Set<String> PACKAGES = new TreeSet<>();
    private static final Set<String> CLASSES = new TreeSet<>();
    private static String page = "";

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(ROOT.resolve("docs/architecture.md"));
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                add(module.resolve("src/main/java"), true);
                add(module.resolve("src/test/java"), false);
            }
        }
    }

    private static void add(Path sources, boolean main) throws IOException {
        if (!Files.isDirectory(sources)) {
            return;
        }
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
                CLASSES.add(file.getFileName().toString().replace(".java", ""));
                if (main) {
                    PACKAGES.add(sources.relativize(file.getParent()).toString().replace('/', '.'));
                }
            }
        }
    }

    @Test
    void namesEveryPackageAndNoneThatIsGone() {
        assertThat(named(PACKAGE)).isEqualTo(PACKAGES);
    }

    @Test
    void namesOnlyClassesThatExist() {
        Set<String> named = named(CLASS);
        assertThat(named).hasSizeGreaterThan(40);
        named.removeAll(CLASSES);
        assertThat(named).isEmpty();
    }

    private static Set<String> named(Pattern pattern) {
        return pattern.matcher(page)
                .results()
                .map(it -> it.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
