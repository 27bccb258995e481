package dev.machine.cli.log;

import java.util.Set;
import org.slf4j.event.Level;

/**
 * How much is logged. It is a system property, because SLF4J creates our logger and passes nothing
 * to it. Set it before the first logger is made.
 */
public final class LogLevel {
    private static final String PROPERTY = "machine.log.level";
    private static final int OFF = Integer.MAX_VALUE;

    /** sshj logs at every start which ciphers this Java does not have. */
    private static final Set<String> SAYS_WHAT_IT_HAS =
            Set.of("net.schmizz.sshj.DefaultConfig", "net.schmizz.sshj.common.SecurityUtils");

    private LogLevel() {}

    /** Logs nothing. */
    public static void off() {
        System.clearProperty(PROPERTY);
    }

    /** Logs entries of this level and above. */
    public static void set(Level level) {
        System.setProperty(PROPERTY, level.name());
    }

    /** The lowest SLF4J level number that a logger writes. */
    static int least(String logger) {
        String name = System.getProperty(PROPERTY);
        if (name == null) {
            return OFF;
        }
        int level = Level.valueOf(name).toInt();
        return SAYS_WHAT_IT_HAS.contains(logger) ? Math.max(level, Level.INFO.toInt()) : level;
    }
}
