package dev.machine.provisioning.lifecycle;

import dev.machine.common.AtomicFiles;
import dev.machine.common.MachineException;
import dev.machine.driver.MachineKeys;
import dev.machine.provisioning.ssh.SshKeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The key pairs of a new machine, in its folder. The private host key is kept only until the
 * machine has it.
 *
 * @param folder of the machine; made with the first key
 */
record StoredKeys(String machine, Path folder) implements MachineKeys {
    private static final String LOGIN = "id_ed25519";
    private static final String HOST = "host_ed25519";

    @Override
    public Login login() {
        Path key = folder.resolve(LOGIN);
        AtomicFiles.privateDirectory(folder);
        return new Login(key, SshKeyPair.kept(key, "machine " + machine));
    }

    @Override
    public Host host() {
        Path key = folder.resolve(HOST);
        AtomicFiles.privateDirectory(folder);
        String[] words = SshKeyPair.kept(key, machine).split(" ", 3);
        return new Host(AtomicFiles.text(key), words[0] + " " + words[1]);
    }

    /** Deletes the host key, which only the machine may have. */
    void handOver() {
        for (String file : new String[] {HOST, HOST + ".pub"}) {
            try {
                Files.deleteIfExists(folder.resolve(file));
            } catch (IOException e) {
                throw new MachineException(
                        "cannot delete %s: %s"
                                .formatted(folder.resolve(file), AtomicFiles.reason(e)),
                        e);
            }
        }
    }
}
