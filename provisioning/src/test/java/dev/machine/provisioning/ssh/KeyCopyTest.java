package dev.machine.provisioning.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenSSH takes what we copied, whatever happened to the key on its way here. */
class KeyCopyTest {
    private static final Map<String, java.util.function.UnaryOperator<String>> ACCIDENTS =
            Map.of(
                    "crlf", text -> text.replace("\n", "\r\n"),
                    "no-end", String::stripTrailing,
                    "bom", text -> "\ufeff" + text,
                    "indented", text -> text.indent(4),
                    "blank-lines", text -> "\n\n" + text + "\n\n",
                    "classic-mac", text -> text.replace("\n", "\r"));

    @TempDir private Path folder;
    private OpenSsh openSsh;

    @BeforeEach
    void start() {
        openSsh = new OpenSsh(folder);
    }

    @AfterEach
    void stop() {
        openSsh.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ed25519,RFC4716,crlf",
        "ed25519,RFC4716,no-end",
        "ed25519,RFC4716,bom",
        "rsa,RFC4716,indented",
        "ed25519,RFC4716,blank-lines",
        "ed25519,RFC4716,classic-mac",
        "rsa,PEM,crlf",
        "rsa,PEM,no-end",
        "rsa,PEM,bom",
        "ecdsa,PKCS8,indented"
    })
    void openSshTakesTheCopy(String type, String form, String accident) throws Exception {
        Path key = openSsh.key("id", type, "", "-m", form);
        Files.writeString(key, ACCIDENTS.get(accident).apply(Files.readString(key)));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        Path copy = folder.resolve("copy");

        KeyCopy.write(key, copy);

        String[] expected = Files.readString(folder.resolve("id.pub")).split(" ");
        assertThat(openSsh.publicHalf(copy)).startsWith(expected[0] + " " + expected[1]);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
        assertThat(LocalKey.open(KeyFile.read(key), null).publicKey().base64())
                .isEqualTo(expected[1]);
    }

    @Test
    void anEncryptedKeyIsCopiedWithoutItsPassphrase() throws Exception {
        Path key = openSsh.key("id", "ed25519", "horse battery");
        Path copy = folder.resolve("copy");

        KeyCopy.write(key, copy);

        assertThat(copy).hasSameTextualContentAs(key);
    }

    @Test
    void whatOpenSshRefusesIsRefused() throws IOException {
        Path key = folder.resolve("id");
        String putty =
                "PuTTY-User-Key-File-2: ssh-ed25519\nEncryption: none\nComment: x\n"
                        + "Public-Lines: 1\nAAAA\nPrivate-Lines: 1\nAAAA\nPrivate-MAC: 00\n";
        String cut = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n";
        for (String text : new String[] {putty, cut}) {
            Files.writeString(key, text, StandardCharsets.US_ASCII);

            assertThatThrownBy(() -> KeyCopy.write(key, folder.resolve("copy")))
                    .isInstanceOfSatisfying(
                            MachineException.class,
                            e -> {
                                assertThat(e.exitCode()).isEqualTo(ExitCode.PRE_CREATE_CHECK);
                                assertThat(e.sentence()).contains("OpenSSH does not take");
                            });
            assertThat(folder.resolve("copy")).doesNotExist();
        }
    }
}
