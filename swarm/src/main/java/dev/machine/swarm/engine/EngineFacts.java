package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What an engine says about itself in {@code /info} and {@code /version}.
 *
 * @param id shared by engines whose disks were cloned
 * @param memory bytes
 * @param architecture of the kernel, as {@code uname -m}
 * @param platform what it can run
 * @param labels the engine's own and those that classic swarm derived: kernelversion,
 *     operatingsystem, ostype, storagedriver; the derived ones win
 * @param volumeDrivers those that it uses; an engine finds others only when they are asked for
 */
public record EngineFacts(
        String id,
        int cpus,
        long memory,
        String serverVersion,
        String architecture,
        Platform platform,
        SortedMap<String, String> labels,
        Set<String> volumeDrivers,
        ApiVersion lowest,
        ApiVersion highest,
        Duration skew) {
    private static final int MAX_TEXT_LENGTH = 256;
    private static final int MAX_DRIVERS = 100;
    private static final int MAX_LABELS_LENGTH = 64 << 10;
    private static final Duration IGNORED_SKEW = Duration.ofSeconds(2);

    static EngineFacts of(
            JsonNode info, JsonNode version, ApiVersion lowest, ApiVersion highest, Instant now)
            throws IOException {
        SortedMap<String, String> labels = new TreeMap<>();
        int length = 0;
        for (JsonNode label : info.path("Labels")) {
            String text = label.asText();
            int equals = text.indexOf('=');
            length += text.length();
            if (length > MAX_LABELS_LENGTH) {
                throw new TooLongException("the engine's labels are longer than 64 KiB");
            }
            if (equals > 0) {
                labels.put(text.substring(0, equals), text.substring(equals + 1));
            }
        }
        labels.put("kernelversion", text(info, "KernelVersion"));
        labels.put("operatingsystem", text(info, "OperatingSystem"));
        labels.put("ostype", text(info, "OSType"));
        labels.put("storagedriver", text(info, "Driver"));
        return new EngineFacts(
                text(info, "ID"),
                info.path("NCPU").asInt(),
                info.path("MemTotal").asLong(),
                text(info, "ServerVersion"),
                text(info, "Architecture"),
                Platform.ofEngine(
                        version.path("Os").asText(info.path("OSType").asText("")),
                        version.path("Arch").asText(""),
                        text(info, "Architecture"),
                        labels.getOrDefault("architecture", "")),
                labels,
                volumeDrivers(info),
                lowest,
                highest,
                skew(info.path("SystemTime").asText(""), now));
    }

    private static Set<String> volumeDrivers(JsonNode info) {
        return info.path("Plugins")
                .path("Volume")
                .valueStream()
                .limit(MAX_DRIVERS)
                .map(JsonNode::asText)
                .filter(name -> name.length() <= MAX_TEXT_LENGTH)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A text that an engine keeps short. */
    private static String text(JsonNode info, String key) {
        String text = info.path(key).asText("");
        return text.length() > MAX_TEXT_LENGTH ? text.substring(0, MAX_TEXT_LENGTH) : text;
    }

    private static Duration skew(String engineTime, Instant now) {
        try {
            Duration skew = Duration.between(OffsetDateTime.parse(engineTime).toInstant(), now);
            return skew.abs().compareTo(IGNORED_SKEW) < 0 ? Duration.ZERO : skew;
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }

    /** The version to speak for a client that speaks another. */
    public ApiVersion speak(ApiVersion wanted) {
        return wanted.within(lowest, highest);
    }
}
