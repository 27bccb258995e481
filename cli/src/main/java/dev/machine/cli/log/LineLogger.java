package dev.machine.cli.log;

import dev.machine.common.LogLine;
import java.io.PrintStream;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Writes each log entry to standard error with one write, in the form of {@link LogLine}. */
final class LineLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    private final int least;

    LineLogger(String name) {
        this.name = name;
        this.least = LogLevel.least(name);
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable error) {
        String message = String.valueOf(MessageFormatter.basicArrayFormat(pattern, arguments));
        PrintStream out = System.err;
        out.print(
                LogLine.of(
                        ZonedDateTime.now(ZoneId.systemDefault()),
                        level.name(),
                        name.substring(name.lastIndexOf('.') + 1),
                        message,
                        error,
                        isDebugEnabled()));
        out.flush();
    }

    private boolean writes(Level level) {
        return level.toInt() >= least;
    }

    @Override
    public boolean isTraceEnabled() {
        return writes(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return writes(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return writes(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return writes(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return writes(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }
}
