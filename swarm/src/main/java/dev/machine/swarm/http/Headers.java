package dev.machine.swarm.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a message's head in their order. Names are compared without case (RFC 9110, section
 * 5.1).
 */
public record Headers(List<Field> fields) {
    public static final Headers NONE = new Headers(List.of());

    /** Fields that belong to one connection and are never passed on (RFC 9110, section 7.6.1). */
    private static final Set<String> HOP_BY_HOP =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "expect",
                    "host",
                    "content-length");

    /** One field. */
    public record Field(String name, String value) {}

    public Headers {
        fields = List.copyOf(fields);
    }

    public static Headers of(String name, String value) {
        return new Headers(List.of(new Field(name, value)));
    }

    public Headers with(String name, String value) {
        List<Field> all = new ArrayList<>(fields);
        all.add(new Field(name, value));
        return new Headers(all);
    }

    /** The first value of a name, or null. */
    public @Nullable String first(String name) {
        for (Field field : fields) {
            if (field.name.equalsIgnoreCase(name)) {
                return field.value;
            }
        }
        return null;
    }

    /** Whether a comma-separated list field contains the token. */
    public boolean hasToken(String name, String token) {
        for (Field field : fields) {
            if (field.name.equalsIgnoreCase(name)) {
                for (String part : field.value.split(",", -1)) {
                    if (part.strip().equalsIgnoreCase(token)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /**
     * The fields that may be passed on: all but those of the connection itself, and those that it
     * names.
     */
    public Headers endToEnd() {
        Set<String> named =
                fields.stream()
                        .filter(field -> field.name.equalsIgnoreCase("connection"))
                        .flatMap(field -> List.of(field.value.split(",", -1)).stream())
                        .map(token -> token.strip().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        return new Headers(
                fields.stream()
                        .filter(
                                field -> {
                                    String name = field.name.toLowerCase(Locale.ROOT);
                                    return !HOP_BY_HOP.contains(name) && !named.contains(name);
                                })
                        .toList());
    }
}
