package dev.machine.swarm.api;

import dev.machine.common.LinearPattern;
import dev.machine.swarm.http.Headers;
import java.util.ArrayList;
import java.util.List;

/**
 * How a stream of events is written. As in moby (system_routes.go getEvents, contenttype.go), a
 * client gets another form than the old one only if its {@code Accept} names it exactly.
 */
enum EventFormat {
    JSON("application/json"),
    JSON_LINES("application/jsonl"),
    NDJSON("application/x-ndjson"),
    JSON_SEQUENCE("application/json-seq");

    /** A weight as RFC 9110, section 12.4.2 defines it. */
    private static final LinearPattern WEIGHT = LinearPattern.of("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?");

    /** RFC 7464: each text of a sequence begins with it. */
    private static final byte RECORD_SEPARATOR = 0x1e;

    private final String type;

    EventFormat(String type) {
        this.type = type;
    }

    String type() {
        return type;
    }

    /** What is written before each event. */
    byte[] before() {
        return this == JSON_SEQUENCE ? new byte[] {RECORD_SEPARATOR} : new byte[0];
    }

    /** The form that a client prefers; of two with one weight the one that comes first here. */
    static EventFormat of(Headers headers) {
        List<String> accepted = new ArrayList<>();
        for (Headers.Field field : headers.fields()) {
            if (field.name().equalsIgnoreCase("Accept")) {
                accepted.addAll(List.of(field.value().split(",", -1)));
            }
        }
        EventFormat best = JSON;
        double most = 0;
        for (EventFormat format : List.of(JSON_LINES, NDJSON, JSON_SEQUENCE)) {
            for (String one : accepted) {
                List<String> parts = List.of(one.split(";", -1));
                double weight = parts.getFirst().strip().equals(format.type) ? weight(parts) : 0;
                if (weight > most) {
                    most = weight;
                    best = format;
                }
            }
        }
        return best;
    }

    private static double weight(List<String> parts) {
        for (String part : parts.subList(1, parts.size())) {
            if (part.strip().startsWith("q=")) {
                String weight = part.strip().substring(2);
                return WEIGHT.matches(weight) ? Double.parseDouble(weight) : 0;
            }
        }
        return 1;
    }
}
