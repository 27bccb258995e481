package dev.machine.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.AtomicFiles;
import dev.machine.common.JsonFault;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.CertificateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The docker CLI's store of contexts, in the form of docker 19.03 to 29: {@code
 * contexts/meta/ID/meta.json} and {@code contexts/tls/ID/docker/*.pem}, where ID is the SHA-256 of
 * the name. A key of ours in the metadata marks the contexts that machine wrote; docker keeps this
 * key.
 */
final class DockerContexts {
    /** A key in files that earlier versions wrote, so it does not follow the packages. */
    private static final String OWNER = "dev.machine.store";

    private static final List<String> FILES =
            List.of(CertificateFiles.CA, CertificateFiles.USER, CertificateFiles.USER_KEY);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path config;

    /**
     * @param config docker's folder, {@code ~/.docker} or {@code $DOCKER_CONFIG}
     */
    DockerContexts(Path config) {
        this.config = config;
    }

    /**
     * The store that made a context: its path; empty text if something else made it; empty if there
     * is no such context.
     */
    Optional<String> owner(String name) {
        Path file = meta(name).resolve("meta.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(read(file).path("Metadata").path(OWNER).asText(""));
    }

    /** Writes or replaces a context. */
    void write(String name, String description, String url, Path certs, Path owner) {
        Path keys = tls(name).resolve("docker");
        AtomicFiles.privateDirectory(keys);
        try {
            for (String file : FILES) {
                AtomicFiles.write(
                        keys.resolve(file),
                        Files.readAllBytes(certs.resolve(file)),
                        AtomicFiles.PRIVATE);
            }
            Files.createDirectories(meta(name));
        } catch (IOException e) {
            throw new MachineException(
                    "cannot write the context " + name + ": " + AtomicFiles.reason(e), e);
        }
        ObjectNode context = JsonNodeFactory.instance.objectNode().put("Name", name);
        context.putObject("Metadata").put("Description", description).put(OWNER, owner.toString());
        context.putObject("Endpoints")
                .putObject("docker")
                .put("Host", url)
                .put("SkipTLSVerify", false);
        // Written last, because a context without its keys cannot be used.
        AtomicFiles.write(meta(name).resolve("meta.json"), context.toString(), AtomicFiles.PUBLIC);
    }

    void remove(String name) {
        for (Path folder : List.of(meta(name), tls(name))) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException e) {
                // The context has no keys.
            } catch (IOException | UncheckedIOException e) {
                throw new MachineException("cannot remove " + folder + ": " + e.getMessage(), e);
            }
        }
    }

    /** Whether this is docker's current context. */
    boolean current(String name) {
        Path file = config.resolve("config.json");
        return Files.exists(file) && read(file).path("currentContext").asText("").equals(name);
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new MachineException(file + " is not JSON: " + JsonFault.words(e), e);
        } catch (IOException e) {
            throw new MachineException("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
    }

    private Path meta(String name) {
        return config.resolve("contexts/meta").resolve(id(name));
    }

    private Path tls(String name) {
        return config.resolve("contexts/tls").resolve(id(name));
    }

    private static String id(String name) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
