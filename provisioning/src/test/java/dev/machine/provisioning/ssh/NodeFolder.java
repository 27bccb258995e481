package dev.machine.provisioning.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A folder that stands for the root of a node. Our scripts run here for real, by this computer's
 * {@code sh}, with the folder's {@code /etc}, {@code /run}, {@code /opt}, {@code /var/lib} and
 * {@code /var/log} in place of this computer's, and with its {@code /bin} first in PATH.
 */
public final class NodeFolder {
    private final Path root;

    public NodeFolder(Path root) {
        this.root = root;
        try {
            for (String folder :
                    List.of(
                            "etc/docker",
                            "etc/default",
                            "etc/systemd/system",
                            "var/lib",
                            "var/log",
                            "run",
                            "opt")) {
                Files.createDirectories(root.resolve(folder));
            }
            Files.createDirectories(root.resolve("bin"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The path on this computer of a file of the node, absolute or not. */
    public Path path(String file) {
        return root.resolve(file.startsWith("/") ? file.substring(1) : file);
    }

    /** Whether a file is there, a link that leads nowhere included. */
    public boolean has(String file) {
        return Files.exists(path(file)) || Files.isSymbolicLink(path(file));
    }

    public String read(String file) {
        try {
            return Files.readString(path(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a file there, with its folders. */
    public NodeFolder put(String file, String content, String permissions) {
        try {
            Files.createDirectories(path(file).getParent());
            Files.writeString(path(file), content);
            mode(file, permissions);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes the permissions of a file or folder. */
    public void mode(String file, String permissions) {
        try {
            Files.setPosixFilePermissions(path(file), PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public NodeFolder put(String file, String content) {
        return put(file, content, "rw-r--r--");
    }

    public NodeFolder link(String file, String target) {
        try {
            Files.createDirectories(path(file).getParent());
            Files.createSymbolicLink(path(file), Path.of(target));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void remove(String file) {
        try {
            Files.deleteIfExists(path(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A program that scripts find before this computer's of the same name. */
    public NodeFolder program(String name, String shell) {
        return put("bin/" + name, "#!/bin/sh\n" + shell + "\n", "rwxr-xr-x");
    }

    /** As {@code ls -l} shows it: {@code rw-r--r--}. */
    public String permissions(String file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code chmod} takes it: {@code 644}. */
    public String mode(String file) {
        try {
            return Integer.toOctalString(
                    (Integer) Files.getAttribute(path(file), "unix:mode") & 07777);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives a file another owner, if whoever runs the tests may do that. */
    public NodeFolder owned(String file, int user, int group) {
        try {
            Files.setAttribute(path(file), "unix:gid", group);
            Files.setAttribute(path(file), "unix:uid", user);
        } catch (IOException e) {
            assertThat(e).as("only root may").hasMessageContaining("not permitted");
        }
        return this;
    }

    /** Every file below some folders, with owner, permissions and content, or where it leads. */
    public Map<String, String> files(String... folders) {
        Map<String, String> files = new TreeMap<>();
        for (String folder : folders) {
            try (Stream<Path> all = Files.walk(path(folder))) {
                for (Path file : all.toList()) {
                    String name = root.relativize(file).toString();
                    String what =
                            Files.isSymbolicLink(file)
                                    ? "-> " + Files.readSymbolicLink(file)
                                    : owner(file)
                                            + permissions(name)
                                            + (Files.isRegularFile(file) ? read(name) : "");
                    files.put(name, what);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    private static String owner(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid")
                + ":"
                + Files.getAttribute(file, "unix:gid")
                + " ";
    }

    public ScriptResult run(Script script) {
        return run(script, "", "");
    }

    /**
     * @param behind shell that the script contains
     * @param more shell that is inserted behind it, to redefine functions
     */
    public ScriptResult run(Script script, String behind, String more) {
        byte[] stream = script.stream();
        byte[] contents = Arrays.copyOfRange(stream, script.program().length, stream.length);
        String text =
                behind.isEmpty() ? script.text() : script.text().replace(behind, behind + more);
        String here =
                text.replaceAll("(?<![\\w/.}])/(etc|run|opt|var/lib|var/log)/", root + "/$1/")
                        .replaceFirst("PATH=", "PATH=" + root + "/bin:");
        try {
            Path err = Files.createTempFile(root, "err", "");
            Process process =
                    new ProcessBuilder("sh", "-c", here).redirectError(err.toFile()).start();
            try (var in = process.getOutputStream()) {
                in.write(contents);
            } catch (IOException e) {
                // A script that ended before it read everything closes its end of the pipe.
                assertThat(e).hasMessageContaining("pipe");
            }
            String out =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            String said = Files.readString(err);
            Files.delete(err);
            return new ScriptResult(process.exitValue(), out, said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
