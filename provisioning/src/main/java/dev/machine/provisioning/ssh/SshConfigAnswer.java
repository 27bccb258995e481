package dev.machine.provisioning.ssh;

import dev.machine.driver.JumpHost;
import dev.machine.provisioning.ssh.SshConfigTokens.NotUnderstood;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The output of {@code ssh -G}: one keyword in lower case and its value on each line.
 *
 * @param unset the value that means "not set"
 * @param notes is told what is not understood and therefore ignored
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
                        jumpHost(said),
                        first(said, "remotecommand"));
        notUsed(said);
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
                first(said, "proxycommand").filter(it -> !it.equals("none")),
                files(said, "UserKnownHostsFile", tokens),
                files(said, "GlobalKnownHostsFile", tokens),
                first(said, "hostkeyalias"));
    }

    /** The jump host as {@code user@host:port}; the first of several. */
    private static String jumpHost(Map<String, List<String>> said) {
        return first(said, "proxyjump")
                .filter(it -> !it.equals("none"))
                .map(it -> it.split(",", 2)[0])
                .map(it -> JumpHost.parse(it).map(JumpHost::host).orElse(it))
                .orElse("");
    }

    /** Reports settings for this host that affect trust and are not supported here. */
    private void notUsed(Map<String, List<String>> said) {
        first(said, "stricthostkeychecking")
                .filter("true"::equals)
                .ifPresent(
                        yes ->
                                notes.accept(
                                        "StrictHostKeyChecking yes of ~/.ssh/config is not used for %s: give --ssh-host-key strict"
                                                .formatted(host)));
        for (String keyword : List.of("RevokedHostKeys", "KnownHostsCommand")) {
            first(said, keyword.toLowerCase(Locale.ROOT))
                    .filter(it -> !it.equals("none"))
                    .ifPresent(
                            it ->
                                    notes.accept(
                                            "%s %s of ~/.ssh/config is not used for %s"
                                                    .formatted(keyword, it, host)));
        }
    }

    /**
     * Several files on one line. ssh makes the names absolute and prints no quotation marks, so a
     * blank that is not followed by a slash belongs to a name.
     */
    private Optional<List<Path>> files(
            Map<String, List<String>> said, String keyword, SshConfigTokens tokens) {
        return first(said, keyword.toLowerCase(Locale.ROOT))
                .filter(it -> !it.equals("/" + unset))
                .map(
                        it ->
                                Stream.of(it.split(" (?=[/~])"))
                                        .filter(file -> !file.equals("none"))
                                        .flatMap(file -> file(keyword, file, tokens).stream())
                                        .toList());
    }

    /** OpenSSH before 8.4 prints a tilde as it is. */
    private Optional<Path> file(String keyword, String text, SshConfigTokens tokens) {
        return path(keyword, text.startsWith("~") ? text : text.replace("%", "%%"), tokens);
    }

    private static Optional<String> first(Map<String, List<String>> said, String key) {
        return said.getOrDefault(key, List.of()).stream().findFirst();
    }

    /** The default agent is used anyway. */
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
