package dev.machine.provisioning.store;

import dev.machine.common.AtomicFiles;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of one machine, and which of the files in it are ours: whatever else is there was put
 * there by somebody else, who wants it back. Whoever writes a file of a new name into it adds that
 * name here.
 */
final class MachineFolder {
    static final String RECORD = "machine.json";

    /** What docker-machine 0.16 calls its record; its folders have server.pem and id_rsa, too. */
    private static final String OTHER_RECORD = "config.json";

    private static final Pattern OURS =
            Pattern.compile(
                    "machine\\.json|compiler\\.json|endpoint\\.[a-z0-9.-]+"
                            + "|(id|host)_ed25519(\\.pub|-cert\\.pub)?");
    private static final Set<String> OF_ENDPOINTS =
            Set.of(
                    CertificateFiles.ENDPOINT_SERVER,
                    CertificateFiles.ENDPOINT_SERVER_KEY,
                    CertificateFiles.ENDPOINT_CLIENT,
                    CertificateFiles.ENDPOINT_CLIENT_KEY);

    /** What {@link AtomicFiles} was writing when its process was killed. */
    private static final Pattern UNFINISHED = Pattern.compile("\\.(.+)\\.[0-9a-f]{1,16}");

    /** The name of the user's key in a record that may be damaged. */
    private static final Pattern KEY =
            Pattern.compile("\"ssh\"\\s*:\\s*\\{[^}]*\"key\"\\s*:\\s*\"([^\"/]+)\"");

    private final Path folder;

    /** The name in such a folder for a copy of the user's key, which may be called as he likes. */
    static String nameForKey(String fileName) {
        boolean taken =
                fileName.equals(OTHER_RECORD)
                        || OF_ENDPOINTS.contains(fileName)
                        || (OURS.matcher(fileName).matches() && !fileName.startsWith("id_"));
        return taken ? "ssh-" + fileName : fileName;
    }

    MachineFolder(Path folder) {
        this.folder = folder;
    }

    Path record() {
        return folder.resolve(RECORD);
    }

    /** Whether something is there, and no record of ours. */
    boolean isForeign() {
        if (Files.exists(record(), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (!Files.isDirectory(folder)) {
            return Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
        }
        return entries().stream().anyMatch(entry -> !isUnfinished(entry));
    }

    /** Whether docker-machine keeps a machine there. */
    boolean isDockerMachines() {
        return Files.exists(folder.resolve(OTHER_RECORD));
    }

    /** The names of what is not ours beside our record, sorted. */
    List<String> strangers() {
        Pattern key = userKey();
        return entries().stream()
                .filter(entry -> !isOurs(entry, key))
                .map(entry -> entry.getFileName().toString())
                .sorted()
                .toList();
    }

    /** Deletes what is ours, the record last, so that a removal cut short can be done again. */
    void deleteOurs() throws IOException {
        Pattern key = userKey();
        for (Path entry : entries()) {
            if (isOurs(entry, key) && !entry.equals(record())) {
                Files.deleteIfExists(entry);
            }
        }
        Files.deleteIfExists(record());
    }

    /** Deletes the copy of a key that the user named before another one, with its other halves. */
    void deleteKey(String name) throws IOException {
        if (!OURS.matcher(name).matches()) {
            for (String half : List.of("", ".pub", "-cert.pub")) {
                Files.deleteIfExists(folder.resolve(name + half));
            }
        }
    }

    private boolean isOurs(Path entry, Pattern key) {
        String name = entry.getFileName().toString();
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        return isUnfinished(entry)
                || OURS.matcher(name).matches()
                || (!isDockerMachines()
                        && (OF_ENDPOINTS.contains(name) || key.matcher(name).matches()));
    }

    private static boolean isUnfinished(Path entry) {
        Matcher name = UNFINISHED.matcher(entry.getFileName().toString());
        return name.matches()
                && (OURS.matcher(name.group(1)).matches() || OF_ENDPOINTS.contains(name.group(1)));
    }

    /** What the copy of a key that the user named is called, with its other halves. */
    private Pattern userKey() {
        return key().map(
                        name ->
                                Pattern.compile(
                                        "\\.?"
                                                + Pattern.quote(name)
                                                + "(\\.pub|-cert\\.pub|\\.[0-9a-f]{1,16})?"))
                .orElse(Pattern.compile("(?!)"));
    }

    private Optional<String> key() {
        try {
            String text = new String(AtomicFiles.read(record()), StandardCharsets.UTF_8);
            Matcher key = KEY.matcher(text);
            return key.find() ? Optional.of(key.group(1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private List<Path> entries() {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        } catch (IOException e) {
            throw new MachineException("cannot read " + folder + ": " + AtomicFiles.reason(e), e);
        }
    }
}
