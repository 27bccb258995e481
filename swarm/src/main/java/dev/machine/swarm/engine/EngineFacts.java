package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.image.Platform;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an engine says about itself in {@code /info} and {@code /version}.
 *
 * @param id shared by engines whose disks were cloned
 * @param memory bytes
 * @param architecture of the kernel, as {@code uname -m}
 * @param platform what it can run
 * @param labels the engine's own and those that classic swarm derived: kernelversion,
 *     operatingsystem, ostype, storagedriver; the derived ones win
 */
public record EngineFacts(
        String id,
        int cpus,
        long memory,
        String serverVersion,
        String architecture,
        Platform platform,
        SortedMap<String, String> labels,
        ApiVersion lowest,
        ApiVersion highest,
        Duration skew) {
    private static final Duration NO_SKEW = Duration.ofSeconds(2);

    static EngineFacts of(
            JsonNode info, JsonNode version, ApiVersion lowest, ApiVersion highest, Instant now) {
        SortedMap<String, String> labels = new TreeMap<>();
        for (JsonNode label : info.path("Labels")) {
            String text = label.asText();
            int equals = text.indexOf('=');
            if (equals > 0) {
                labels.put(text.substring(0, equals), text.substring(equals + 1));
            }
        }
        labels.put("kernelversion", info.path("KernelVersion").asText(""));
        labels.put("operatingsystem", info.path("OperatingSystem").asText(""));
        labels.put("ostype", info.path("OSType").asText(""));
        labels.put("storagedriver", info.path("Driver").asText(""));
        return new EngineFacts(
                info.path("ID").asText(""),
                info.path("NCPU").asInt(),
                info.path("MemTotal").asLong(),
                info.path("ServerVersion").asText(""),
                info.path("Architecture").asText(""),
                Platform.ofEngine(
                        version.path("Os").asText(info.path("OSType").asText("")),
                        version.path("Arch").asText(""),
                        info.path("Architecture").asText(""),
                        labels.getOrDefault("architecture", "")),
                labels,
                lowest,
                highest,
                skew(info.path("SystemTime").asText(""), now));
    }

    private static Duration skew(String engineTime, Instant now) {
        try {
            Duration skew = Duration.between(OffsetDateTime.parse(engineTime).toInstant(), now);
            return skew.abs().compareTo(NO_SKEW) < 0 ? Duration.ZERO : skew;
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }

    /** The version to speak for a client that speaks another. */
    public ApiVersion speak(ApiVersion wanted) {
        return wanted.within(lowest, highest);
    }
}
