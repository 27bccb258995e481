package dev.machine.provisioning.node;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns the output of apt and dpkg into one sentence that names the cause, and a hint. Their
 * messages are those of the C locale, which apt.sh sets.
 */
final class InstallFailure {
    private static final int LOCKED = 75;
    private static final String SOURCES = "the node's /etc/apt/sources.list";

    /**
     * The sentence and the hint for the user.
     *
     * @param missing whether it is that no source has the package
     */
    record Said(String sentence, String hint, boolean missing) {
        Said(String sentence, String hint) {
            this(sentence, hint, false);
        }
    }

    /** A line that identifies a failure, and what it means. */
    private record Known(
            Pattern line,
            Function<MatchResult, String> sentence,
            Function<MatchResult, String> hint) {
        Optional<MatchResult> in(String log) {
            return line.matcher(log).results().reduce((first, second) -> second);
        }

        Said said(MatchResult match) {
            return new Said(sentence.apply(match), hint.apply(match));
        }
    }

    /** The first match decides, because a full disk also makes downloads fail. */
    private static final List<Known> KNOWN =
            List.of(
                    known(
                            "^.*(?:No space left on device|You don't have enough free space in \\S+).*$",
                            line -> "the node's disk is full: " + line.group().strip(),
                            line -> "make room there (df -h shows where)"),
                    known(
                            "^E: The package (\\S+) needs to be reinstalled, but I can't find an archive",
                            line ->
                                    "the package %s is half installed on the node, and no source has it"
                                            .formatted(line.group(1)),
                            line ->
                                    "repair it there, or remove it: dpkg --remove --force-remove-reinstreq "
                                            + line.group(1)),
                    known(
                            "^E: (.*)\\n(?:.*\\n)*?E: The list of sources could not be read\\.$",
                            line -> "apt cannot read the node's package sources: " + line.group(1),
                            line -> "fix that file there"));

    /** An archive could not be downloaded; no other source has it. */
    private static final Known ARCHIVE =
            known(
                    "^E: Failed to fetch ((https?://[^/\\s]+)\\S*)\\s+(.*)$",
                    InstallFailure::unfetched,
                    line -> "see that it is up and whole, or name another in " + SOURCES);

    private static final Pattern MISSING =
            Pattern.compile(
                    "^E: (?:Unable to locate package (\\S+)|Package '(\\S+)' has no installation candidate"
                            + "|Version '\\S+' for '(\\S+)' was not found)",
                    Pattern.MULTILINE);

    /** Sources that did not work. */
    private static final List<Known> SOURCE_FAILURES =
            List.of(
                    known(
                            "^[EW]: (?:GPG error: (\\S+).*?: (.*)|The repository '(\\S+).*' is not signed\\.)$",
                            line ->
                                    "the package repository %s is not signed by a key the node trusts%s"
                                            .formatted(
                                                    Optional.ofNullable(line.group(1))
                                                            .orElse(line.group(3)),
                                                    Optional.ofNullable(line.group(2))
                                                            .map(why -> ": " + why)
                                                            .orElse("")),
                            line -> "give its key with --engine-install-key, or fix " + SOURCES),
                    known(
                            "^[EW]: Failed to fetch ((https?://[^/\\s]+)\\S*)\\s+(.*)$",
                            InstallFailure::unfetched,
                            line -> "see that it is up and whole, or name another in " + SOURCES),
                    known(
                            "^[EW]: The repository '(\\S+).*' does (?:not|no longer) have a Release file\\.$",
                            line ->
                                    "the package repository %s has no Release file"
                                            .formatted(line.group(1)),
                            line -> "fix or remove its line in " + SOURCES));

    private static final Pattern HOST = Pattern.compile("https?://[^/\\s]+");

    private static final Pattern ANSWERED =
            Pattern.compile("^(?:Hit|Get):\\d+ ", Pattern.MULTILINE);

    /** apt.sh prints this before each call of apt-get. */
    private static final String CALL = "machine: apt-get ";

    private InstallFailure() {}

    private static Known known(
            String line,
            Function<MatchResult, String> sentence,
            Function<MatchResult, String> hint) {
        return new Known(Pattern.compile(line, Pattern.MULTILINE), sentence, hint);
    }

    /**
     * Explains a failed run of install.sh.
     *
     * @param status its exit status
     * @param log the end of what it printed
     */
    static MachineException of(
            String machine, List<String> packages, Duration lockWait, int status, String log) {
        String goesOn = "; `machine provision " + machine + "` then goes on from here";
        if (status == LOCKED) {
            return new MachineException(
                    "a package lock of the node was not free within %d s: %s"
                            .formatted(lockWait.toSeconds(), lastLine(log)),
                    "let that process finish, or end it" + goesOn,
                    ExitCode.ERROR);
        }
        Optional<Said> said = known(log);
        if (said.isPresent()) {
            return new MachineException(
                    said.get().sentence(), said.get().hint() + goesOn, ExitCode.ERROR);
        }
        return new MachineException(
                "apt could not install %s: %s".formatted(String.join(", ", packages), errors(log)),
                "see " + Apt.LOG + " on the node" + goesOn,
                ExitCode.ERROR);
    }

    /**
     * Explains the log; empty if it has no known line. The last call of apt-get decides; what
     * earlier calls said of sources matters only if that call misses a package.
     */
    static Optional<Said> known(String log) {
        String last = log.substring(Math.max(0, log.lastIndexOf("\n" + CALL)));
        for (Known known : KNOWN) {
            Optional<MatchResult> line = known.in(last);
            if (line.isPresent()) {
                return Optional.of(known.said(line.get()));
            }
        }
        Optional<MatchResult> missing =
                MISSING.matcher(last).results().reduce((first, second) -> second);
        if (missing.isPresent()) {
            MatchResult names = missing.get();
            String name =
                    Optional.ofNullable(names.group(1))
                            .or(() -> Optional.ofNullable(names.group(2)))
                            .orElseGet(() -> names.group(3));
            return Optional.of(missing(name, log));
        }
        return ARCHIVE.in(last)
                .map(ARCHIVE::said)
                .or(() -> failedSources(last).stream().findFirst());
    }

    /** One for each source, because apt prints several lines about one source. */
    private static List<Said> failedSources(String log) {
        Map<String, Said> failed = new LinkedHashMap<>();
        for (Known known : SOURCE_FAILURES) {
            known.line()
                    .matcher(log)
                    .results()
                    .forEach(match -> failed.putIfAbsent(source(match), known.said(match)));
        }
        return List.copyOf(failed.values());
    }

    private static String source(MatchResult match) {
        for (int group = 1; group <= match.groupCount(); group++) {
            Matcher host = HOST.matcher(Optional.ofNullable(match.group(group)).orElse(""));
            if (host.lookingAt()) {
                return host.group();
            }
        }
        return match.group();
    }

    /** Explains why no source has a package: a source that failed may have it. */
    static Said missing(String name, String log) {
        List<Said> failed = failedSources(log);
        if (failed.isEmpty()) {
            return new Said(
                    "none of the node's package sources has " + name,
                    "name one that has it in " + SOURCES,
                    true);
        }
        if (!ANSWERED.matcher(log).find()) {
            return failed.getFirst();
        }
        return new Said(
                "none of the node's package sources that answer has %s, and %s"
                        .formatted(
                                name,
                                failed.stream()
                                        .map(Said::sentence)
                                        .collect(Collectors.joining(", and "))),
                failed.getFirst().hint(),
                true);
    }

    private static String unfetched(MatchResult line) {
        return "the package mirror %s did not give %s: %s"
                .formatted(line.group(2), fileOf(line.group(1)), line.group(3));
    }

    /** apt's and dpkg's own errors. */
    static String errors(String log) {
        String errors =
                log.lines()
                        .filter(line -> line.matches("(E:|dpkg: error|dpkg-deb: error).*"))
                        .distinct()
                        .collect(Collectors.joining("; "));
        return errors.isEmpty() ? lastLine(log) : errors;
    }

    private static String lastLine(String log) {
        String text = log.strip();
        return text.substring(text.lastIndexOf('\n') + 1);
    }

    private static String fileOf(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }
}
