package dev.machine.provisioning.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs scripts as a node would: a shell that is told how many bytes to read. */
class ScriptTest {
    @TempDir private Path folder;

    @Test
    void handsArgumentsOverAsData() throws Exception {
        String hostile = "a'b\"c$(touch " + folder + "/canary)`id`\\\n;&|*?[x] ü";

        Ran ran =
                run(
                        new Script().run("printf '%s' {}", hostile).stream(),
                        new Script().run("printf '%s' {}", hostile));

        assertThat(ran.out()).isEqualTo(hostile);
        assertThat(folder.resolve("canary")).doesNotExist();
    }

    @Test
    void writesFilesWithTheirExactBytes() throws Exception {
        byte[] content = new byte[70_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) i;
        }
        Path file = folder.resolve("deep/er/file");
        Script script =
                new Script()
                        .write(file.toString(), content, "0400")
                        .write(folder + "/two", new byte[0], "0644");

        Ran ran = run(script.stream(), script);

        assertThat(ran.status()).isZero();
        assertThat(file).hasBinaryContent(content);
        assertThat(Files.getPosixFilePermissions(file)).hasToString("[OWNER_READ]");
        assertThat(folder.resolve("two")).isEmptyFile();
    }

    @Test
    void leavesTheOldFileWhenTheContentIsCutShort() throws Exception {
        Path file = folder.resolve("file");
        Files.writeString(file, "old");
        Script script =
                new Script()
                        .write(
                                file.toString(),
                                "new content".getBytes(StandardCharsets.UTF_8),
                                "0644");
        byte[] stream = script.stream();

        Ran ran = run(java.util.Arrays.copyOf(stream, stream.length - 3), script);

        assertThat(ran.status()).isEqualTo(74);
        assertThat(file).hasContent("old");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void writesWhereALinkLeadsAndKeepsModeOwnerAndLink() throws Exception {
        Path real = Files.createDirectory(folder.resolve("srv")).resolve("daemon.json");
        Files.writeString(real, "old");
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("srv/daemon.json"));
        Path twin =
                Files.createLink(folder.resolve("twin"), Files.createFile(folder.resolve("one")));
        Script script =
                new Script()
                        .write(link.toString(), "new".getBytes(StandardCharsets.UTF_8), "0644")
                        .write(twin.toString(), "both".getBytes(StandardCharsets.UTF_8), "0600");

        Ran ran = run(script.stream(), script);

        assertThat(ran.status()).isZero();
        assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("srv/daemon.json"));
        assertThat(real).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                .isEqualTo("rw-------");
        assertThat(folder.resolve("one")).hasContent("both");
    }

    @Test
    void aSecretIsNarrowWhateverWasThere() throws Exception {
        Path key = folder.resolve("key");
        Files.writeString(key, "theirs");
        Files.createLink(folder.resolve("twin"), key);
        Script script =
                new Script()
                        .writeSecret(
                                key.toString(), "ours".getBytes(StandardCharsets.UTF_8), "0400");

        assertThat(run(script.stream(), script).status()).isZero();
        assertThat(key).hasContent("ours");
        assertThat(Files.getPosixFilePermissions(key)).hasToString("[OWNER_READ]");
    }

    @Test
    void refusesALinkThatLeadsNowhere() throws Exception {
        for (String target : List.of("gone", "circle")) {
            Path link =
                    Files.createSymbolicLink(
                            folder.resolve(target.replace("gone", "dead")), Path.of(target));
            Script script =
                    new Script()
                            .write(link.toString(), "x".getBytes(StandardCharsets.UTF_8), "0644");
            assertThat(run(script.stream(), script).status()).isEqualTo(Script.UNWRITTEN);
            assertThat(Files.isSymbolicLink(link)).isTrue();
        }
        assertThat(folder.resolve("gone")).doesNotExist();
    }

    @Test
    void refusesAPlaceWithoutAnArgument() {
        assertThatThrownBy(() -> new Script().run("echo {} {}", "one"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private record Ran(int status, String out) {}

    private static Ran run(byte[] stream, Script script) throws Exception {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        "sh",
                                        "-c",
                                        "eval \"$(head -c " + script.program().length + ")\""))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (var in = process.getOutputStream()) {
            in.write(stream);
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out);
    }
}
