package dev.machine.swarm.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The target of a request (RFC 9112, section 3.2.1, origin form). The path is split at its slashes
 * before it is decoded, so that an encoded slash never changes the route. The query is kept as it
 * came.
 */
public record RequestTarget(List<String> rawSegments, @Nullable String rawQuery) {
    public RequestTarget {
        rawSegments = List.copyOf(rawSegments);
    }

    /**
     * Parses an address that begins with a slash.
     *
     * @throws HttpProblem 400 if a percent sign is not followed by two hex digits
     */
    public static RequestTarget parse(String text) {
        int mark = text.indexOf('?');
        String path = mark < 0 ? text : text.substring(0, mark);
        List<String> segments = List.of(path.substring(1).split("/", -1));
        segments.forEach(RequestTarget::decodePath);
        return new RequestTarget(segments, mark < 0 ? null : text.substring(mark + 1));
    }

    /** A segment, decoded. */
    public String segment(int index) {
        return decodePath(rawSegments.get(index));
    }

    /** The same target without the first segments of its path. */
    public RequestTarget from(int firstSegment) {
        return new RequestTarget(rawSegments.subList(firstSegment, rawSegments.size()), rawQuery);
    }

    /** All values of a query parameter, decoded. */
    public List<String> parameters(String name) {
        List<String> values = new ArrayList<>();
        if (rawQuery != null) {
            for (String pair : rawQuery.split("&", -1)) {
                int equals = pair.indexOf('=');
                String key = equals < 0 ? pair : pair.substring(0, equals);
                if (decodeForm(key).equals(name)) {
                    values.add(equals < 0 ? "" : decodeForm(pair.substring(equals + 1)));
                }
            }
        }
        return values;
    }

    /** The same target without some query parameters. */
    public RequestTarget without(Set<String> names) {
        if (rawQuery == null || names.isEmpty()) {
            return this;
        }
        List<String> kept = new ArrayList<>();
        for (String pair : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (!names.contains(decodeForm(equals < 0 ? pair : pair.substring(0, equals)))) {
                kept.add(pair);
            }
        }
        return new RequestTarget(rawSegments, kept.isEmpty() ? null : String.join("&", kept));
    }

    /** The first value of a query parameter, or null. */
    public @Nullable String parameter(String name) {
        List<String> values = parameters(name);
        return values.isEmpty() ? null : values.getFirst();
    }

    /**
     * A query parameter as Docker reads booleans: absent, empty, 0, no, false and none are false.
     */
    public boolean flag(String name) {
        String value = parameter(name);
        return value != null
                && switch (value.strip().toLowerCase(Locale.ROOT)) {
                    case "", "0", "no", "false", "none" -> false;
                    default -> true;
                };
    }

    private static String decodePath(String raw) {
        // URLDecoder decodes forms, where a plus sign is a blank; in a path it is a plus sign.
        return decodeForm(raw.replace("+", "%2B"));
    }

    private static String decodeForm(String raw) {
        try {
            return URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new HttpProblem(400, "the request's address has a bad percent-encoding: " + raw);
        }
    }
}
