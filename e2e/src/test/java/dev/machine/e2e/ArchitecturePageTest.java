package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/architecture.md: what it names is there, and every package is named. */
class ArchitecturePageTest {
    private static final Pattern PACKAGE = Pattern.compile("`(dev\\.machine[a-z.]*)`");
    private static final Pattern CLASS =
            Pattern.compile("`([A-Z][a-z]+[A-Za-z]*)(?:\\.[a-z]\\w*)?`");

    @Test
    void namesEveryPackageAndNoneThatIsGone() throws IOException {
        assertThat(named(PACKAGE)).isEqualTo(Sources.main().packages());
    }

    @Test
    void namesOnlyClassesThatExist() throws IOException {
        Set<String> named = named(CLASS);
        assertThat(named).hasSizeGreaterThan(40);
        named.removeAll(Sources.main().byClass().keySet());
        named.removeAll(Sources.tests().byClass().keySet());
        assertThat(named).isEmpty();
    }

    private static Set<String> named(Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(Lab.ROOT.resolve("docs/architecture.md")))
                .results()
                .map(it -> it.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
