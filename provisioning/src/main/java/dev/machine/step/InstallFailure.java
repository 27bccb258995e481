package dev.machine.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What apt and dpkg said, as one sentence that names who is to blame, and what to do. Their words
 * are those of the C locale, which install.sh sets.
 */
final class InstallFailure {
    private static final int LOCKED = 75;
    private static final String SOURCES = "the node's /etc/apt/sources.list";

    /** What a person is told. */
    record Said(String sentence, String hint) {}

    /** A line by which a failure is known, and what it means. */
    private record Known(
            Pattern line,
            Function<MatchResult, String> sentence,
            Function<MatchResult, String> hint) {
        Optional<MatchResult> in(String log) {
            return line.matcher(log).results().reduce((first, second) -> second);
        }
    }

    /** The first that is found decides: a full disk makes fetching fail too, not the other way. */
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
                                    "mend it there, or remove it: dpkg --remove --force-remove-reinstreq "
                                            + line.group(1)),
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
                            line -> "give its key with --engine-install-key, or mend " + SOURCES),
                    known(
                            "^[EW]: Failed to fetch ((https?://[^/\\s]+)\\S*)\\s+(.*)$",
                            line ->
                                    "the package mirror %s did not give %s: %s"
                                            .formatted(
                                                    line.group(2),
                                                    fileOf(line.group(1)),
                                                    line.group(3)),
                            line -> "see that it is up and whole, or name another in " + SOURCES),
                    known(
                            "^E: (?:Unable to locate package (\\S+)|Package '(\\S+)' has no installation candidate)",
                            line ->
                                    "none of the node's package sources has "
                                            + Optional.ofNullable(line.group(1))
                                                    .orElse(line.group(2)),
                            line -> "name one that has it in " + SOURCES));

    private InstallFailure() {}

    private static Known known(
            String line,
            Function<MatchResult, String> sentence,
            Function<MatchResult, String> hint) {
        return new Known(Pattern.compile(line, Pattern.MULTILINE), sentence, hint);
    }

    /**
     * Tells of a failed run of install.sh.
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

    /** What the log means; empty if nothing in it is known. */
    static Optional<Said> known(String log) {
        for (Known known : KNOWN) {
            Optional<MatchResult> line = known.in(log);
            if (line.isPresent()) {
                return Optional.of(
                        new Said(
                                known.sentence().apply(line.get()),
                                known.hint().apply(line.get())));
            }
        }
        return Optional.empty();
    }

    private static String errors(String log) {
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
