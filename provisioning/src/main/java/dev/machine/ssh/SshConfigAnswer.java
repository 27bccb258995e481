package dev.machine.ssh;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code ssh -G} printed: a keyword in small letters and its value a line.
 *
 * @param unset what stands where nobody said anything
 */
record SshConfigAnswer(Path home, String host, String unset) {
    HostSettings read(List<String> lines) {
        Map<String, List<String>> said = new LinkedHashMap<>();
        for (String line : lines) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                said.computeIfAbsent(line.substring(0, blank), key -> new ArrayList<>())
                        .add(line.substring(blank + 1).strip());
            }
        }
        Optional<String> hostName = first(said, "hostname").filter(it -> !it.equals(host));
        return new HostSettings(
                hostName,
                first(said, "port")
                        .map(Integer::parseInt)
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty()),
                first(said, "user").filter(it -> !it.equals(unset)),
                said.getOrDefault("identityfile", List.of()).stream()
                        .filter(it -> !it.equals("none") && !it.equals("/" + unset))
                        .flatMap(it -> path(it, hostName.orElse(host)).stream())
                        .filter(SshConfigAnswer::isThere)
                        .toList(),
                first(said, "identitiesonly").filter("yes"::equals).isPresent(),
                first(said, "identityagent").flatMap(this::agent),
                first(said, "proxyjump").filter(it -> !it.equals("none")),
                first(said, "proxycommand").filter(it -> !it.equals("none")));
    }

    private static Optional<String> first(Map<String, List<String>> said, String key) {
        return said.getOrDefault(key, List.of()).stream().findFirst();
    }

    /** The usual agent is the one that is asked anyway; of a variable only ssh knows the value. */
    private Optional<String> agent(String value) {
        if (value.equals("SSH_AUTH_SOCK") || value.startsWith("$")) {
            return Optional.empty();
        }
        return value.equals("none") ? Optional.of(value) : path(value, host).map(Path::toString);
    }

    /** Of the tokens (ssh_config(5)) those that do not depend on the login. */
    private Optional<Path> path(String text, String address) {
        String full =
                text.replaceFirst("^~(?=/)", home.toString().replace("$", "\\$"))
                        .replace("%d", home.toString())
                        .replace("%h", address)
                        .replace("%n", host);
        try {
            return full.contains("%") ? Optional.empty() : Optional.of(Path.of(full));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static boolean isThere(Path file) {
        return Files.isRegularFile(file)
                || Files.isRegularFile(file.resolveSibling(file.getFileName() + ".pub"));
    }
}
