package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import dev.machine.swarm.discovery.PemFiles;
import dev.machine.swarm.testing.TestPki;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {
    @TempDir Path folder;
    @TempDir Path other;
    private final AtomicLong time = new AtomicLong(1_000_000_000L);

    @Test
    void takesWhatTheFilesHoldNow() throws Exception {
        TestPki pki = new TestPki(folder);
        TlsFiles tls = new TlsFiles(new PemFiles(pki.ca(), pki.cert(), pki.key()));
        SSLContext first = tls.get();
        assertThat(tls.get()).isSameAs(first);
        TestPki next = new TestPki(other);
        put(next.key(), pki.key());
        put(next.cert(), pki.cert());
        assertThat(tls.get()).isNotSameAs(first);
        assertThat(tls.get()).isSameAs(tls.get());
    }

    @Test
    void keepsWhatItHadWhereTheFilesAreBroken() throws Exception {
        TestPki pki = new TestPki(folder);
        TlsFiles tls = new TlsFiles(new PemFiles(pki.ca(), pki.cert(), pki.key()));
        SSLContext first = tls.get();
        Path broken = Files.writeString(other.resolve("broken"), "not PEM");
        put(broken, pki.cert());
        assertThat(tls.get()).isSameAs(first);
        Files.delete(pki.cert());
        assertThat(tls.get()).isSameAs(first);
        put(new TestPki(other).cert(), pki.cert());
        put(other.resolve("key.pem"), pki.key());
        assertThat(tls.get()).isNotSameAs(first);
    }

    @Test
    void refusesBrokenFilesAtTheStart() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken"), "not PEM");
        assertThatThrownBy(() -> new TlsFiles(new PemFiles(broken, broken, broken)))
                .isInstanceOf(MachineException.class);
    }

    private void put(Path from, Path to) throws Exception {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(to, FileTime.fromMillis(time.addAndGet(1000)));
    }
}
