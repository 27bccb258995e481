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
 * The folder of one machine, and which files in it machine wrote. Other files belong to the user
 * and are never deleted. A new kind of file must be added here.
 */
final class MachineFolder {
    static final String RECORD = "machine.json";

    /** The record of docker-machine 0.16, whose folders also hold server.pem and id_rsa. */
    private static final String DOCKER_MACHINE_RECORD = "config.json";

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

    /** A temporary file of {@link AtomicFiles}, left by a killed process. */
    private static final Pattern UNFINISHED = Pattern.compile("\\.(.+)\\.[0-9a-f]{1,16}");

    /** The name of the user's key in a record that may be damaged. */
    private static final Pattern KEY =
            Pattern.compile("\"ssh\"\\s*:\\s*\\{[^}]*\"key\"\\s*:\\s*\"([^\"/]+)\"");

    private final Path folder;

    /** The file name for the copy of a user's key; it may not be that of another file of ours. */
    static String nameForKey(String fileName) {
        boolean taken =
                fileName.equals(DOCKER_MACHINE_RECORD)
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

    /** Whether the folder exists without a record of ours. */
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
        return Files.exists(folder.resolve(DOCKER_MACHINE_RECORD));
    }

    /** The names of files that are not ours, sorted. */
    List<String> strangers() {
        Pattern key = userKey();
        return entries().stream()
                .filter(entry -> !isOurs(entry, key))
                .map(entry -> entry.getFileName().toString())
                .sorted()
                .toList();
    }

    /** Deletes our files, the record last, so that an interrupted removal can be repeated. */
    void deleteOurs() throws IOException {
        Pattern key = userKey();
        for (Path entry : entries()) {
            if (isOurs(entry, key) && !entry.equals(record())) {
                Files.deleteIfExists(entry);
            }
        }
        Files.deleteIfExists(record());
    }

    /** Deletes the copy of a replaced key with its public key and certificate. */
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

    /**
     * Matches the copy of the user's key, its public key, its certificate and their temporary
     * files.
     */
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
