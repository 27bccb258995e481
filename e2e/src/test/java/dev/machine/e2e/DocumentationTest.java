package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The pages for users: every link to a file or a heading of this repository works. */
class DocumentationTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    @Test
    void linksLeadToFilesAndHeadingsThatExist() throws IOException {
        List<Path> pages = new ArrayList<>();
        pages.add(Lab.ROOT.resolve("README.md"));
        pages.add(Lab.ROOT.resolve("CHANGELOG.md"));
        pages.add(Lab.ROOT.resolve("lab/README.md"));
        try (Stream<Path> docs = Files.list(Lab.ROOT.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }

        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : pages) {
            for (MatchResult link : LINK.matcher(Files.readString(page)).results().toList()) {
                links++;
                if (!works(page, link.group(1), link.group(2))) {
                    broken.add(Lab.ROOT.relativize(page) + ": " + link.group());
                }
            }
        }

        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(20);
    }

    private static boolean works(Path page, String file, @Nullable String anchor)
            throws IOException {
        Path target = file.isEmpty() ? page : page.resolveSibling(file);
        return Files.exists(target) && (anchor == null || anchors(target).contains(anchor));
    }

    /** As GitHub makes them: small letters, no punctuation, a hyphen for a space. */
    private static List<String> anchors(Path page) throws IOException {
        return HEADING.matcher(Files.readString(page))
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
                .map(text -> text.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
                .toList();
    }
}
