package dev.machine.provisioning.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.ssh.HostKeys.HostKey;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostKeysTest {
    private static final HostKey KEY = new HostKey("ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAIA==");

    @TempDir private Path folder;

    @Test
    void remembersAKeyAnAddressAndAPort() {
        HostKeys keys = new HostKeys(folder.resolve("known_hosts"));

        keys.pin("192.168.1.4", 22, KEY);

        assertThat(keys.pinned("192.168.1.4", 22)).containsExactly(KEY);
        assertThat(keys.pinned("192.168.1.4", 2222)).isEmpty();
        assertThat(keys.pinned("192.168.1.40", 22)).isEmpty();
    }

    @Test
    void writesWhatOpenSshReads() throws Exception {
        HostKeys keys = new HostKeys(folder.resolve("known_hosts"));

        keys.pin("192.168.1.4", 22, KEY);
        keys.pin("rack.example", 2222, KEY);

        assertThat(Files.readAllLines(folder.resolve("known_hosts")))
                .containsExactly(
                        "192.168.1.4 ssh-ed25519 " + KEY.base64(),
                        "[rack.example]:2222 ssh-ed25519 " + KEY.base64());
    }

    @Test
    void forgetsOneAddressOnly() {
        HostKeys keys = new HostKeys(folder.resolve("known_hosts"));
        keys.pin("192.168.1.4", 22, KEY);
        keys.pin("192.168.1.40", 22, KEY);

        keys.forget("192.168.1.4", 22);

        assertThat(keys.pinned("192.168.1.4", 22)).isEmpty();
        assertThat(keys.pinned("192.168.1.40", 22)).containsExactly(KEY);
    }
}
