package dev.machine.provisioning.doctor;

import dev.machine.common.MachineException;
import java.util.Objects;

/**
 * One thing that is not as it should be.
 *
 * @param machine whose it is; empty for the store itself
 * @param check what was looked at, a stable word for scripts: {@code certificate}, {@code clock} …
 * @param sentence what is wrong and where
 * @param cure what to do, a command where one does it
 */
public record Finding(String machine, String check, Level level, String sentence, String cure) {
    /** How much it matters. */
    public enum Level {
        /** Does not work, or lets somebody in. */
        ERROR,
        /** Works, but not for long or not as wished. */
        WARNING,
        /** Good to know; nothing is wrong. */
        NOTE
    }

    public static Finding error(String machine, String check, String sentence, String cure) {
        return new Finding(machine, check, Level.ERROR, sentence, cure);
    }

    public static Finding warning(String machine, String check, String sentence, String cure) {
        return new Finding(machine, check, Level.WARNING, sentence, cure);
    }

    /** The same of another machine. */
    public Finding withMachine(String other) {
        return new Finding(other, check, level, sentence, cure);
    }

    /** What an error says, with its hint as the cure. */
    public static Finding of(String machine, String check, MachineException error) {
        return error(
                machine,
                check,
                error.sentence().replace('\n', ' '),
                Objects.requireNonNullElse(error.hint(), ""));
    }

    /** A sentence that has its cure behind a colon. */
    public static Finding split(String machine, String check, Level level, String text) {
        int colon = text.indexOf(": ");
        return colon < 0
                ? new Finding(machine, check, level, text, "")
                : new Finding(
                        machine, check, level, text.substring(0, colon), text.substring(colon + 2));
    }
}
