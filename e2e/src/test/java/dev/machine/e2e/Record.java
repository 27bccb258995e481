package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Looks into JSON of machine and docker. */
final class Record {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Record() {}

    static JsonNode of(Machine machine, String name) {
        Path file = machine.store().resolve("machines").resolve(name).resolve("machine.json");
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String phase(Machine machine, String name) {
        return of(machine, name).path("phase").asText();
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the node's own engine says over mutual TLS to the real docker CLI. */
    static JsonNode info(Machine machine, String config) {
        return parse(machine.docker(config, "info -f '{{json .}}'").ok());
    }

    /** The engine answers by its own certificate, and is labelled as asked. */
    static JsonNode assertNode(Machine machine, String name, String provider, String architecture) {
        JsonNode info = info(machine, name);
        assertThat(info.path("Labels").toString())
                .contains("\"provider=" + provider + "\"", "\"architecture=" + architecture + "\"");
        assertThat(info.path("RegistryConfig").path("Mirrors").toString())
                .contains(Lab.value("LAB_MIRROR"));
        assertThat(phase(machine, name)).isEqualTo("READY");
        return info;
    }
}
