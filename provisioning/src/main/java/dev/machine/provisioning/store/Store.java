package dev.machine.provisioning.store;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.PidLock;
import dev.machine.common.Printable;
import dev.machine.driver.MachineName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folder in which {@code machine} remembers everything between two runs: {@code machines/},
 * {@code certs/}, {@code swarm/}, {@code locks/}, {@code known_hosts}, {@code config.yaml}, {@code
 * images.yaml}. Nothing is created before something is written, so that commands that only read
 * change nothing. Directories have mode 0700, files 0600, and every file is whole or absent.
 *
 * <p>Use one object per folder and process: locks of the operating system belong to the process,
 * and the mutexes before them to this object.
 *
 * <p>Every error is a {@link MachineException} that names the file; a missing machine is exit code
 * 5.
 */
public final class Store {
    /** The lock of an endpoint, in the folder of its master: its process holds it. */
    public static final String ENDPOINT_LOCK = "endpoint.lock";

    /** No machine can have this name, because names start with a letter or a digit. */
    private static final String SHARED = ".store";

    private final Path base;
    private final MachineFolders folders;
    private final Locks locks;

    /**
     * Opens the store in a folder that need not exist yet.
     *
     * @throws MachineException (exit code 2) if its path has a character that a shell changes:
     *     {@code machine config} prints paths for {@code docker $(machine config x)}; or bytes that
     *     are not UTF-8, which would name another folder
     */
    public Store(Path base) {
        this.base = base.toAbsolutePath().normalize();
        String problem = PlainPath.problem(this.base.toString());
        if (problem != null) {
            throw new MachineException(
                    "the storage path \"%s\" contains %s"
                            .formatted(Printable.line(this.base.toString()), problem),
                    "choose another folder with --storage-path or MACHINE_STORAGE_PATH: in docker"
                            + " $(machine config NAME) the shell needs plain ones",
                    ExitCode.USAGE);
        }
        this.folders = new MachineFolders(this.base.resolve("machines"));
        this.locks = new Locks(this.base.resolve("locks"));
    }

    /** The folder of the store, absolute. */
    public Path base() {
        return base;
    }

    /** The folder of the CA and of the user's client certificate: DOCKER_CERT_PATH. */
    public Path certs() {
        return base.resolve("certs");
    }

    /** The folder of one machine; it need not exist. */
    public Path machine(String name) {
        return folders.path(name);
    }

    /** The lock that the endpoint of a master holds while it runs. */
    public PidLock endpointLock(String name) {
        return new PidLock(machine(name).resolve(ENDPOINT_LOCK));
    }

    /** The file of a machine's copy of a key of the user. */
    public Path keyCopy(String name, Path key) {
        return machine(name).resolve(MachineFolder.nameForKey(key.getFileName().toString()));
    }

    /** Deletes the copy of a user's key that has been replaced; the machine's own key stays. */
    public void forgetKey(String name, String copy) {
        try {
            folders.folder(name).deleteKey(copy);
        } catch (IOException e) {
            throw new MachineException(
                    "cannot delete the former key of " + name + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** The folder that an endpoint of a cluster watches. */
    public Path members(String cluster) {
        return base.resolve("swarm").resolve(new MachineName(cluster).value());
    }

    /** The file that makes a node a member of a cluster. */
    public Path memberFile(String cluster, String name) {
        return members(cluster).resolve(new MachineName(name).value() + ".yaml");
    }

    /** The pinned host keys of all nodes. */
    public Path knownHosts() {
        return base.resolve("known_hosts");
    }

    /** The user's defaults, see {@link Defaults}. */
    public Path config() {
        return base.resolve("config.yaml");
    }

    /** Which image runs on which architecture: the user's table and rules. */
    public Path images() {
        return base.resolve("images.yaml");
    }

    /** The names of all machines that have a record, even a broken one, in natural order. */
    public List<String> names() {
        return folders.names(folder -> Files.exists(folder.record()));
    }

    /** Whether there is a record of this name, readable or not. */
    public boolean exists(String name) {
        return Files.exists(recordFile(name));
    }

    /** A machine of the store: its record, or why it cannot be read. */
    public sealed interface Entry {
        String name();
    }

    /** A machine whose record can be read. */
    public record Sound(MachineRecord machine) implements Entry {
        @Override
        public String name() {
            return machine.name();
        }
    }

    /** A machine whose record is damaged or from a newer version. */
    public record Broken(String name, MachineException error) implements Entry {}

    /** All machines in natural order; a damaged record becomes a broken entry. */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (String name : names()) {
            try {
                find(name).map(Sound::new).ifPresent(entries::add);
            } catch (MachineException e) {
                entries.add(new Broken(name, e));
            }
        }
        return List.copyOf(entries);
    }

    /** The machines whose records can be read. */
    public List<MachineRecord> machines() {
        return entries().stream()
                .filter(Sound.class::isInstance)
                .map(entry -> ((Sound) entry).machine())
                .toList();
    }

    /**
     * The record of a machine; empty if there is none.
     *
     * @throws MachineException if the record is damaged or from a newer version
     */
    public Optional<MachineRecord> find(String name) {
        return RecordFile.read(recordFile(name), name);
    }

    /**
     * The record of a machine.
     *
     * @throws MachineException exit code 5 if there is no such machine
     */
    public MachineRecord load(String name) {
        return find(name).orElseThrow(() -> notFound(name));
    }

    /** Writes a record. Keys of the file that this version does not know are kept. */
    public void save(MachineRecord machine) {
        Path file = recordFile(machine.name());
        AtomicFiles.privateDirectory(machine(machine.name()));
        try {
            RecordFile.write(file, machine);
        } catch (MachineException e) {
            // A removal frees space, so it goes on; if it is interrupted, it starts again from the
            // old record.
            if (machine.phase() != MachineRecord.Phase.REMOVING || !AtomicFiles.noRoom(e)) {
                throw e;
            }
        }
    }

    /**
     * Forgets a machine: deletes its folder with all that is ours in it. It is gone at once, even
     * if this process is killed while the files are being deleted; the next removal deletes the
     * rest. Does nothing if the machine is not there; a folder without a record of ours is not
     * touched.
     *
     * @return the names of what others have put into the folder, which then stays with them
     */
    public List<String> delete(String name) {
        return folders.delete(name);
    }

    /** The folders in {@code machines/} that hold no record of ours, by name. */
    public List<String> foreign() {
        return folders.names(MachineFolder::isForeign);
    }

    /**
     * The machines that docker-machine keeps in this folder, by name. If there are any, the CA is
     * docker-machine's as well.
     */
    public List<String> dockerMachines() {
        return folders.names(MachineFolder::isDockerMachines);
    }

    /**
     * Refuses to make a machine where machine would overwrite files of others, before anything is
     * written: in the machine's own folder, in place of its member file, or anywhere in a store of
     * docker-machine, which uses the same file names.
     *
     * @param cluster of which it is to be a member; empty for none
     * @throws MachineException exit code 3
     */
    public void refuseForeign(String name, Optional<String> cluster) {
        ForeignFiles.refuse(this, name, cluster);
    }

    /**
     * Takes the lock of one machine, or fails at once and names the process that has it. The lock
     * ends with {@link MachineLock#close} or with the process.
     */
    public MachineLock lock(String name) {
        return lock(name, Duration.ZERO);
    }

    /** Takes the lock of one machine as soon as it is free, or fails after this time. */
    public MachineLock lock(String name, Duration patience) {
        return locks.take(new MachineName(name).value(), name, patience);
    }

    /**
     * Takes the lock of the files that all machines share: the CA, {@code known_hosts}. Hold it
     * only while writing; a thread cannot take it twice.
     */
    public MachineLock lockStore(Duration patience) {
        return locks.take(SHARED, "the store " + base, patience);
    }

    /**
     * Makes a new folder in the store that only this user can enter.
     *
     * @param prefix of its name, beginning with a dot
     */
    public Path newFolder(String prefix) {
        AtomicFiles.privateDirectory(base);
        try {
            return Files.createTempDirectory(base, prefix);
        } catch (IOException e) {
            throw new MachineException(
                    "cannot make a folder in " + base + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** Deletes such a folder if it exists. */
    public void drop(Path folder) {
        try {
            Trees.delete(folder);
        } catch (IOException e) {
            throw new MachineException("cannot delete " + folder + ": " + AtomicFiles.reason(e), e);
        }
    }

    private Path recordFile(String name) {
        return folders.folder(name).record();
    }

    /** The error for a missing machine, exit code 5. */
    public MachineException notFound(String name) {
        boolean foreign = folders.folder(name).isForeign();
        return new MachineException(
                "Machine \"" + name + "\" does not exist",
                foreign
                        ? machine(name)
                                + " was not written by machine and is left alone; name another store with"
                                + " MACHINE_STORAGE_PATH"
                        : "Use \"machine ls\" to list machines. Use \"machine create\" to add a new"
                                + " one.",
                ExitCode.NOT_FOUND);
    }
}
