package dev.machine.cli.log;

import java.util.Set;
import org.slf4j.event.Level;

/**
 * How much is logged. It is a system property, because SLF4J makes our logger itself and hands it
 * nothing; say it before the first logger is made.
 */
public final class LogLevel {
    private static final String PROPERTY = "machine.log.level";
    private static final int OFF = Integer.MAX_VALUE;

    /** At every start sshj lists at length which ciphers this Java has not. */
    private static final Set<String> SAYS_WHAT_IT_HAS =
            Set.of("net.schmizz.sshj.DefaultConfig", "net.schmizz.sshj.common.SecurityUtils");

    private LogLevel() {}

    /** Nothing is logged. */
    public static void off() {
        System.clearProperty(PROPERTY);
    }

    /** Entries of this level and of the graver ones are logged. */
    public static void set(Level level) {
        System.setProperty(PROPERTY, level.name());
    }

    /** The least of SLF4J's numbers that a logger writes. */
    static int least(String logger) {
        String name = System.getProperty(PROPERTY);
        if (name == null) {
            return OFF;
        }
        int level = Level.valueOf(name).toInt();
        return SAYS_WHAT_IT_HAS.contains(logger) ? Math.max(level, Level.INFO.toInt()) : level;
    }
}
