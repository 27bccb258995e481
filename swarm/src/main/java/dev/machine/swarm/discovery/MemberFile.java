package dev.machine.swarm.discovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.machine.common.AtomicFiles;
import dev.machine.common.JsonFault;
import dev.machine.common.LinearPattern;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads one member file: {@code {schema: 1, name, address: host:port, platform, tls: {ca, cert,
 * key}}}.
 */
final class MemberFile {
    private static final int SCHEMA = 1;
    private static final LinearPattern NAME = LinearPattern.of("[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}");
    private static final YAMLMapper YAML = new YAMLMapper();

    private MemberFile() {}

    /**
     * @throws MachineException one sentence if the file is not a member file
     */
    static Member read(Path file) {
        JsonNode root;
        try {
            root = YAML.readTree(AtomicFiles.read(file));
        } catch (JsonProcessingException e) {
            throw new MachineException(
                    file.getFileName() + " is not YAML: " + JsonFault.words(e), e);
        } catch (IOException e) {
            throw new MachineException(
                    "cannot read " + file.getFileName() + ": " + AtomicFiles.reason(e), e);
        }
        return parse(file, root);
    }

    private static Member parse(Path file, JsonNode root) {
        if (root == null || !root.isObject()) {
            throw bad(file, "is not a YAML map");
        }
        int schema = root.path("schema").asInt(0);
        if (schema > SCHEMA) {
            throw bad(
                    file,
                    "was written by a newer machine (schema " + schema + "): update this one");
        }
        if (schema < SCHEMA) {
            throw bad(file, "has no \"schema: 1\"");
        }
        if (root.has("via")) {
            throw bad(
                    file,
                    "has an engine behind "
                            + root.path("via").asText()
                            + " (via), which an endpoint does not support yet; --no-swarm keeps such a node out of the swarm");
        }
        String name = text(file, root, "name");
        if (!NAME.matches(name) || name.contains("..")) {
            throw bad(file, "has a bad name: " + name);
        }
        EngineAddress address = address(file, text(file, root, "address"));
        JsonNode tls = root.path("tls");
        return new Member(
                name,
                address.host(),
                address.port(),
                root.path("platform").asText(""),
                file.resolveSibling(text(file, tls, "ca")).normalize(),
                file.resolveSibling(text(file, tls, "cert")).normalize(),
                file.resolveSibling(text(file, tls, "key")).normalize());
    }

    private static EngineAddress address(Path file, String text) {
        try {
            return EngineAddress.parse(text);
        } catch (MachineException e) {
            throw bad(file, "has an address that is not host:port");
        }
    }

    private static String text(Path file, JsonNode node, String key) {
        String value = node.path(key).asText("");
        if (value.isBlank()) {
            throw bad(file, "has no " + key);
        }
        return value;
    }

    private static MachineException bad(Path file, String what) {
        return new MachineException("member file " + file.getFileName() + " " + what);
    }
}
