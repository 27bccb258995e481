package dev.machine.swarm.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberFolderTest {
    private static final String TLS = "tls: {ca: ../certs/ca.pem, cert: c.pem, key: /k.pem}\n";

    @TempDir Path folder;

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    @Test
    void readsMembersWithPathsRelativeToTheirFile() throws Exception {
        write(
                "a.yaml",
                "schema: 1\nname: a\naddress: '[fe80::1]:2376'\nplatform: linux/arm/v7\nnew: kept\n"
                        + TLS);
        Members members = new MemberFolder(folder).read();
        Member a = members.members().get("a");
        assertThat(members.errors()).isEmpty();
        assertThat(a.host()).isEqualTo("fe80::1");
        assertThat(a.address()).isEqualTo("[fe80::1]:2376");
        assertThat(a.platform()).isEqualTo("linux/arm/v7");
        assertThat(a.ca()).isEqualTo(folder.getParent().resolve("certs/ca.pem"));
        assertThat(a.key()).isEqualTo(Path.of("/k.pem"));
    }

    @Test
    void ignoresHiddenAndOtherFilesAndAMissingFolder() throws Exception {
        write(".a.yaml", "nonsense: [");
        write("a.txt", "nonsense: [");
        assertThat(new MemberFolder(folder).read().members()).isEmpty();
        assertThat(new MemberFolder(folder).read().errors()).isEmpty();
        assertThat(new MemberFolder(folder.resolve("none")).read().members()).isEmpty();
    }

    /** Reading a pipe that nobody writes to would block the endpoint for ever. */
    @Test
    @Timeout(20)
    void namesAPipeAmongTheFilesAndReadsTheOthers() throws Exception {
        write("a.yaml", "schema: 1\nname: a\naddress: h:1\n" + TLS);
        assertThat(
                        new ProcessBuilder("mkfifo", folder.resolve("b.yaml").toString())
                                .start()
                                .waitFor())
                .isZero();
        write("c.yaml", "#".repeat(2 << 20));

        Members members = new MemberFolder(folder).read();

        assertThat(members.members()).containsOnlyKeys("a");
        assertThat(members.errors().get("b")).contains("b.yaml: it is not a regular file");
        assertThat(members.errors().get("c")).contains("it is longer than 1024 kB");
    }

    @Test
    void aBadFileKeepsItsLastGoodVersionUntilItIsRemoved() throws Exception {
        MemberFolder members = new MemberFolder(folder);
        write("a.yaml", "schema: 1\nname: a\naddress: h:1\n" + TLS);
        assertThat(members.read().members()).containsKey("a");
        write("a.yaml", "schema: [");
        assertThat(members.read().members()).containsKey("a");
        assertThat(members.read().errors().get("a")).contains("a.yaml is not YAML");
        write("a.yaml", "schema: 1\nname: a\naddress: h:22\n" + TLS);
        assertThat(members.read().members().get("a").port()).isEqualTo(22);
        assertThat(members.read().errors()).isEmpty();
        Files.delete(folder.resolve("a.yaml"));
        assertThat(members.read().members()).isEmpty();
    }

    @Test
    void twoFilesOfOneNameAreAnError() throws Exception {
        write("a.yaml", "schema: 1\nname: a\naddress: h:1\n" + TLS);
        write("b.yaml", "schema: 1\nname: a\naddress: h:2\n" + TLS);
        Members members = new MemberFolder(folder).read();
        assertThat(members.members().get("a").port()).isEqualTo(1);
        assertThat(members.errors().get("b")).contains("has the name a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "schema: 2|newer machine",
                "name: a|no \"schema: 1\"",
                "schema: 1\\nname: a\\nvia: ssh|(via)",
                "schema: 1\\nname: a/b\\naddress: h:1|bad name",
                "schema: 1\\nname: a\\naddress: h|not host:port",
                "schema: 1\\nname: a\\naddress: h:70000|not host:port",
                "schema: 1\\nname: a\\naddress: h:1|has no ca",
                "just text|is not a YAML map",
            })
    void saysInOneSentenceWhatIsWrong(String text, String sentence) throws Exception {
        write("x.yaml", text.replace("\\n", "\n") + "\n");
        Members members = new MemberFolder(folder).read();
        assertThat(members.members()).isEmpty();
        assertThat(members.errors().get("x")).contains("x.yaml").contains(sentence);
    }
}
