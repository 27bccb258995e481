package dev.machine.swarm.api;

import dev.machine.common.LinearPattern;
import dev.machine.swarm.http.HttpProblem;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * The value of the filter {@code until}: seconds since 1970, a date with or without a time, or a
 * duration in Go's form ({@code 1h30m}) before now (Docker's CLI, "prune", filtering).
 */
final class PruneUntil {
    private static final int MAX_LENGTH = 40;
    private static final LinearPattern SECONDS = LinearPattern.of("[0-9]{1,11}(\\.[0-9]{1,9})?");
    private static final LinearPattern PART =
            LinearPattern.of("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(h|ms|m|s)(.*)");

    private PruneUntil() {}

    /**
     * The instant that a text means.
     *
     * @throws HttpProblem 400 if it means none
     */
    static Instant parse(String text, Instant now) {
        if (text.length() <= MAX_LENGTH) {
            if (SECONDS.matches(text)) {
                BigDecimal nanos = new BigDecimal(text).movePointRight(9);
                return Instant.ofEpochSecond(0, nanos.longValue());
            }
            Duration before = duration(text);
            if (before.isPositive()) {
                return now.minus(before);
            }
            try {
                return date(text);
            } catch (DateTimeParseException e) {
                // Reported below, as any other text that is not a time.
            }
        }
        throw new HttpProblem(400, "until is not a time: " + text);
    }

    /** A duration in Go's form; zero if it is none. */
    private static Duration duration(String text) {
        Duration sum = Duration.ZERO;
        String rest = text;
        while (!rest.isEmpty()) {
            List<String> part = PART.groups(rest);
            if (part == null) {
                return Duration.ZERO;
            }
            BigDecimal number = new BigDecimal(part.get(1));
            long unit =
                    switch (part.get(2)) {
                        case "h" -> 3_600_000_000_000L;
                        case "m" -> 60_000_000_000L;
                        case "s" -> 1_000_000_000L;
                        default -> 1_000_000L;
                    };
            sum = sum.plusNanos(number.multiply(BigDecimal.valueOf(unit)).longValue());
            rest = part.get(3);
        }
        return sum;
    }

    /** As the CLI takes them; without a zone it is that of the endpoint's clock, UTC. */
    private static Instant date(String text) {
        if (!text.contains("T")) {
            return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        }
    }
}
