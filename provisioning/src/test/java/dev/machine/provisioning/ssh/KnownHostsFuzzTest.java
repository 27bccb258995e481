package dev.machine.provisioning.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.HostKeys.HostKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.interfaces.EdECPublicKey;
import java.util.List;

/** The known_hosts of the store, whoever wrote into it: a pin comes and goes, the others stay. */
class KnownHostsFuzzTest {
    private static final Path FILE = Path.of("target", "fuzz-known_hosts");
    private static final PublicKey STRANGER = stranger();

    @FuzzTest(maxDuration = "5s")
    void keepsOtherPins(byte[] content) throws IOException {
        Files.write(FILE, content);
        HostKeys keys = new HostKeys(FILE);
        try {
            List<HostKey> pinned = keys.pinned("192.0.2.4", 22);
            assertThat(keys.changed("192.0.2.4", HostKey.of(STRANGER), pinned, "").sentence())
                    .contains("has changed");
            keys.pin("192.0.2.5", 2222, HostKey.of(STRANGER));
            assertThat(keys.pinned("192.0.2.5", 2222)).contains(HostKey.of(STRANGER));
            keys.forget("192.0.2.5", 2222);
            assertThat(keys.pinned("192.0.2.5", 2222)).isEmpty();
            assertThat(keys.pinned("192.0.2.4", 22)).isEqualTo(pinned);
        } catch (MachineException e) {
            assertThat(e.sentence()).contains(FILE.toString());
        }
    }

    private static PublicKey stranger() {
        try {
            return (EdECPublicKey)
                    java.security.KeyPairGenerator.getInstance("Ed25519")
                            .generateKeyPair()
                            .getPublic();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
