package dev.machine.swarm.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A version of the Docker Engine API as {@code 1.41}; compared by its numbers. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})");

    /** The version, or null if the text is none. */
    public static @Nullable ApiVersion parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? new ApiVersion(
                        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
                : null;
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
