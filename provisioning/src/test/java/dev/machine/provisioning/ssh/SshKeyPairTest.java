package dev.machine.provisioning.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.common.AtomicFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.schmizz.sshj.DefaultSecurityProviderConfig;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SshKeyPairTest {
    @TempDir Path folder;

    @Test
    void writesAKeyThatOpenSshAndSshjRead() throws Exception {
        SshKeyPair pair = SshKeyPair.generate("machine rack-1-node-4");
        Path file = folder.resolve("id_ed25519");
        AtomicFiles.write(file, pair.privateKey(), AtomicFiles.PRIVATE);

        String[] line = pair.authorizedKey().split(" ", 3);
        assertThat(line[0]).isEqualTo("ssh-ed25519");
        assertThat(line[2]).isEqualTo("machine rack-1-node-4");

        Process keygen =
                new ProcessBuilder("ssh-keygen", "-y", "-P", "", "-f", file.toString())
                        .redirectErrorStream(true)
                        .start();
        String read = new String(keygen.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keygen.waitFor()).as(read).isZero();
        assertThat(read).startsWith(line[0] + " " + line[1]);

        try (SSHClient client = new SSHClient(new DefaultSecurityProviderConfig())) {
            KeyProvider provider = client.loadKeys(file.toString());
            assertThat(provider.getPrivate()).isNotNull();
            assertThat(HostKeys.HostKey.of(provider.getPublic()).base64()).isEqualTo(line[1]);
        }
    }

    @Test
    void makesAnotherPairEachTimeAndShowsNoPrivateKey() {
        SshKeyPair pair = SshKeyPair.generate("x");
        assertThat(SshKeyPair.generate("x").authorizedKey()).isNotEqualTo(pair.authorizedKey());
        assertThat(pair.toString()).doesNotContain("PRIVATE");
    }
}
