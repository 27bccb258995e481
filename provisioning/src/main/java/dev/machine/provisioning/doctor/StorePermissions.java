package dev.machine.provisioning.doctor;

import static java.util.stream.Collectors.joining;

import dev.machine.common.AtomicFiles;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Checks who but the owner may read or write the store. */
final class StorePermissions {
    private static final Set<PosixFilePermission> OTHERS_PERMISSIONS =
            EnumSet.complementOf(
                    EnumSet.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE));

    private static final Set<PosixFilePermission> OTHERS_MAY_ENTER =
            EnumSet.of(PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);

    private static final int MAX_NAMED_FILES = 3;

    private final Store store;

    StorePermissions(Store store) {
        this.store = store;
    }

    List<Finding> findings() {
        List<Path> foreign = store.foreign().stream().map(store::machine).toList();
        try (Stream<Path> all = Files.walk(store.base(), 4)) {
            List<Path> ours =
                    all.filter(file -> foreign.stream().noneMatch(file::startsWith)).toList();
            List<Finding> findings = new ArrayList<>();
            readable(ours, findings);
            writable(ours, foreign.isEmpty(), findings);
            return findings;
        } catch (IOException e) {
            throw new MachineException(
                    "cannot look at " + store.base() + ": " + AtomicFiles.reason(e), e);
        }
    }

    /**
     * Only the owner may read keys, and enter their folders, in which a later version may put more.
     */
    private void readable(List<Path> ours, List<Finding> findings) throws IOException {
        for (Path file : ours.stream().filter(this::secret).toList()) {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (mode.stream().anyMatch(OTHERS_PERMISSIONS::contains)) {
                findings.add(
                        Finding.error(
                                "",
                                "permissions",
                                "%s is open to others (%s)"
                                        .formatted(file, PosixFilePermissions.toString(mode)),
                                "chmod go= " + file));
            }
        }
    }

    /**
     * A user who may write into the store can add nodes to a swarm, or replace one by its host key.
     * A folder that others may not enter protects its content.
     *
     * @param alone whether no other program has files in the store
     */
    private void writable(List<Path> ours, boolean alone, List<Finding> findings)
            throws IOException {
        if (Files.getPosixFilePermissions(store.base()).stream()
                .noneMatch(OTHERS_MAY_ENTER::contains)) {
            return;
        }
        List<Path> open = new ArrayList<>();
        List<String> named = new ArrayList<>();
        for (Path file : ours.stream().filter(it -> !Files.isSymbolicLink(it)).toList()) {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (mode.contains(PosixFilePermission.GROUP_WRITE)
                    || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
                open.add(file);
                if (named.size() < MAX_NAMED_FILES) {
                    named.add(file + " (" + PosixFilePermissions.toString(mode) + ")");
                }
            }
        }
        if (!open.isEmpty()) {
            int more = open.size() - named.size();
            findings.add(
                    Finding.error(
                            "",
                            "permissions",
                            "others may write %s%s"
                                    .formatted(
                                            String.join(", ", named),
                                            more == 0 ? "" : " and " + more + " more"),
                            alone
                                    ? "chmod -R go-w " + store.base()
                                    : "chmod go-w "
                                            + open.stream()
                                                    .map(Path::toString)
                                                    .collect(joining(" "))));
        }
    }

    private boolean secret(Path file) {
        String name = file.getFileName().toString();
        if (Files.isDirectory(file)) {
            return file.equals(store.certs()) || depthInMachines(file) == 1;
        }
        return Files.isRegularFile(file)
                && !name.endsWith(".pub")
                && (name.endsWith("key.pem")
                        || name.startsWith("id_")
                        || name.startsWith("host_")
                        || isKey(file));
    }

    /** 1 for a machine's folder, 2 for a file in it. */
    private int depthInMachines(Path file) {
        Path inside = store.base().relativize(file);
        return inside.startsWith("machines") ? inside.getNameCount() - 1 : 0;
    }

    /** The copy of a user's key can have any name, so its first line decides. */
    private boolean isKey(Path file) {
        if (depthInMachines(file) != 2) {
            return false;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().filter(line -> line.contains("PRIVATE KEY-----")).isPresent();
        } catch (IOException | UncheckedIOException e) {
            // It is not a text, or not readable for its owner, so it is no key that others could
            // use.
            return false;
        }
    }
}
