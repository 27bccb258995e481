package dev.machine.ssh;

import dev.machine.ssh.SshConfigTokens.NotUnderstood;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What {@code ssh -G} printed: a keyword in small letters and its value a line.
 *
 * @param unset what stands where nobody said anything
 * @param notes told what is not understood and so is left out
 */
record SshConfigAnswer(
        Path home,
        Function<String, Optional<String>> variable,
        String host,
        String unset,
        Consumer<String> notes) {

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
        OptionalInt port =
                first(said, "port")
                        .filter(it -> it.matches("[0-9]{1,5}"))
                        .map(Integer::parseInt)
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty());
        Optional<String> user = first(said, "user").filter(it -> !it.equals(unset));
        SshConfigTokens tokens =
                new SshConfigTokens(
                        home,
                        variable,
                        host,
                        hostName.orElse(host),
                        first(said, "hostkeyalias").orElse(host),
                        port.orElse(22),
                        user.orElse("root"),
                        first(said, "proxyjump").filter(it -> !it.equals("none")).orElse(""));
        return new HostSettings(
                hostName,
                port,
                user,
                said.getOrDefault("identityfile", List.of()).stream()
                        .filter(it -> !it.equals("none") && !it.equals("/" + unset))
                        .flatMap(it -> path("IdentityFile", it, tokens).stream())
                        .filter(SshConfigAnswer::isThere)
                        .toList(),
                said.getOrDefault("certificatefile", List.of()).stream()
                        .flatMap(it -> path("CertificateFile", it, tokens).stream())
                        .filter(Files::isRegularFile)
                        .toList(),
                first(said, "identitiesonly").filter("yes"::equals).isPresent(),
                first(said, "identityagent").flatMap(it -> agent(it, tokens)),
                first(said, "proxyjump")
                        .filter(it -> !it.equals("none"))
                        .flatMap(it -> text("ProxyJump", it, tokens)),
                first(said, "proxycommand").filter(it -> !it.equals("none")));
    }

    private static Optional<String> first(Map<String, List<String>> said, String key) {
        return said.getOrDefault(key, List.of()).stream().findFirst();
    }

    /** The usual agent is the one that is asked anyway. */
    private Optional<String> agent(String value, SshConfigTokens tokens) {
        if (value.equals("SSH_AUTH_SOCK")) {
            return Optional.empty();
        }
        if (value.equals("none")) {
            return Optional.of(value);
        }
        boolean isVariable = value.startsWith("$") && !value.startsWith("${");
        return path("IdentityAgent", isVariable ? "${" + value.substring(1) + "}" : value, tokens)
                .map(Path::toString);
    }

    private Optional<Path> path(String keyword, String text, SshConfigTokens tokens) {
        try {
            return Optional.of(tokens.path(text));
        } catch (NotUnderstood e) {
            leftOut(keyword, text, e);
            return Optional.empty();
        }
    }

    private Optional<String> text(String keyword, String text, SshConfigTokens tokens) {
        try {
            return Optional.of(tokens.text(text));
        } catch (NotUnderstood e) {
            leftOut(keyword, text, e);
            return Optional.of(text);
        }
    }

    private void leftOut(String keyword, String text, NotUnderstood why) {
        notes.accept(
                "%s %s of ~/.ssh/config is not used for %s: %s"
                        .formatted(keyword, text, host, why.reason()));
    }

    private static boolean isThere(Path file) {
        return Files.isRegularFile(file) || Files.isRegularFile(KeyFile.beside(file, ".pub"));
    }
}
