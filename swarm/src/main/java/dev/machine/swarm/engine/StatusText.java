package dev.machine.swarm.engine;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Docker's status texts with their age brought up to date: {@code Up 3 minutes (healthy)}, {@code
 * Exited (0) 2 hours ago}.
 */
public final class StatusText {
    private static final String ENDED = " ago";

    private StatusText() {}

    /** The text as the engine would say it now. */
    public static String at(Instant now, Container container) {
        Container.Run run = container.run();
        return renew(run.status(), run.since(), now);
    }

    static String renew(String status, @Nullable Instant since, Instant now) {
        if (since == null) {
            return status;
        }
        String age = age(Duration.between(since, now));
        if (status.startsWith("Up ")) {
            int more = status.indexOf(" (");
            return "Up " + age + (more < 0 ? "" : status.substring(more));
        }
        int code = status.indexOf(") ");
        boolean ended = status.startsWith("Exited (") || status.startsWith("Restarting (");
        return ended && code > 0 && status.endsWith(ENDED)
                ? status.substring(0, code + 2) + age + ENDED
                : status;
    }

    /** A duration in the words of Docker's tools. */
    static String age(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        long minutes = seconds / 60;
        long hours = (seconds + 1800) / 3600;
        if (seconds < 1) {
            return "Less than a second";
        }
        if (seconds < 60) {
            return seconds == 1 ? "1 second" : seconds + " seconds";
        }
        if (minutes < 60) {
            return minutes == 1 ? "About a minute" : minutes + " minutes";
        }
        if (hours < 48) {
            return hours == 1 ? "About an hour" : hours + " hours";
        }
        if (hours < 24 * 14) {
            return hours / 24 + " days";
        }
        if (hours < 24 * 60) {
            return hours / 24 / 7 + " weeks";
        }
        return hours < 24 * 365 * 2 ? hours / 24 / 30 + " months" : hours / 24 / 365 + " years";
    }
}
