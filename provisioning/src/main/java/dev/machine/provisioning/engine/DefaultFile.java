package dev.machine.provisioning.engine;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code DOCKER_OPTS} in {@code /etc/default/docker}: a shell assignment that Debian's unit and
 * init script read.
 *
 * @param content the whole file
 * @param start the beginning of the assignment
 * @param end its end
 * @param words the options
 */
record DefaultFile(String content, int start, int end, List<String> words) {
    private static final Pattern ASSIGNMENT =
            Pattern.compile(
                    "^[ \\t]*(?:export[ \\t]+)?DOCKER_OPTS=(?:\"([^\"]*)\"|'([^']*)'|(\\S*))[ \\t]*(?:#.*)?$",
                    Pattern.MULTILINE);
    private static final Pattern ANY =
            Pattern.compile("^[^#\\n]*\\bDOCKER_OPTS\\b", Pattern.MULTILINE);

    /**
     * Reads the one assignment.
     *
     * @return empty if there is none, or it is empty
     * @throws dev.machine.common.MachineException if only a shell could evaluate it
     */
    static Optional<DefaultFile> of(Optional<String> file) {
        if (file.isEmpty() || !ANY.matcher(file.get()).find()) {
            return Optional.empty();
        }
        Matcher line = ASSIGNMENT.matcher(file.get());
        if (!line.find() || ANY.matcher(file.get()).results().count() > 1) {
            throw DaemonFlags.refusal(
                    EngineFiles.DEFAULT, "DOCKER_OPTS is set in more than one simple line");
        }
        String value = "";
        for (int group = 1; group <= 3; group++) {
            value = Optional.ofNullable(line.group(group)).orElse(value);
        }
        if (value.matches("(?s).*[$`\\\\].*")) {
            throw DaemonFlags.refusal(
                    EngineFiles.DEFAULT, "DOCKER_OPTS needs a shell to be understood: " + value);
        }
        List<String> words = List.of(value.strip().split("\\s+"));
        return value.isBlank()
                ? Optional.empty()
                : Optional.of(new DefaultFile(file.get(), line.start(), line.end(), words));
    }

    /** The file with only these options left. */
    String with(List<String> rest) {
        return content.substring(0, start)
                + "# machine moved options from here into "
                + EngineFiles.DAEMON_JSON
                + "\nDOCKER_OPTS=\""
                + String.join(" ", rest)
                + "\""
                + content.substring(end);
    }
}
