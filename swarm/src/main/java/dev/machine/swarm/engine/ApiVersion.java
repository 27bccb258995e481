package dev.machine.swarm.engine;

import dev.machine.common.LinearPattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A version of the Docker Engine API as {@code 1.41}; compared by its numbers. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    /** The newest version that the endpoint speaks. */
    public static final ApiVersion NEWEST = new ApiVersion(1, 51);

    private static final LinearPattern TEXT = LinearPattern.of("([0-9]{1,4})\\.([0-9]{1,4})");

    /** The version, or null if the text is none. */
    public static @Nullable ApiVersion parse(String text) {
        List<String> numbers = TEXT.groups(text);
        return numbers == null
                ? null
                : new ApiVersion(
                        Integer.parseInt(numbers.get(1)), Integer.parseInt(numbers.get(2)));
    }

    /** This version, or the nearer end of the range. */
    public ApiVersion within(ApiVersion lowest, ApiVersion highest) {
        return compareTo(highest) > 0 ? highest : compareTo(lowest) < 0 ? lowest : this;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return major != other.major
                ? Integer.compare(major, other.major)
                : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
