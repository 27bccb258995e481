package dev.machine.provisioning.doctor;

import dev.machine.common.MachineException;
import java.util.Objects;

/**
 * One problem that the doctor found.
 *
 * @param machine empty for the store itself
 * @param check what was checked, a stable word for scripts: {@code certificate}, {@code clock} …
 * @param sentence what is wrong, and where
 * @param cure what to do, a command if there is one
 */
public record Finding(String machine, String check, Level level, String sentence, String cure) {
    /** How serious it is. */
    public enum Level {
        /** Something does not work, or others have access. */
        ERROR,
        /** It works, but not for long or not as asked. */
        WARNING,
        /** Information; nothing is wrong. */
        NOTE
    }

    public static Finding error(String machine, String check, String sentence, String cure) {
        return new Finding(machine, check, Level.ERROR, sentence, cure);
    }

    public static Finding warning(String machine, String check, String sentence, String cure) {
        return new Finding(machine, check, Level.WARNING, sentence, cure);
    }

    /** The same finding for another machine. */
    public Finding withMachine(String other) {
        return new Finding(other, check, level, sentence, cure);
    }

    /** An error as a finding, with its hint as the cure. */
    public static Finding of(String machine, String check, MachineException error) {
        return error(
                machine,
                check,
                error.sentence().replace('\n', ' '),
                Objects.requireNonNullElse(error.hint(), ""));
    }

    /** A sentence with its cure after a colon. */
    public static Finding split(String machine, String check, Level level, String text) {
        int colon = text.indexOf(": ");
        return colon < 0
                ? new Finding(machine, check, level, text, "")
                : new Finding(
                        machine, check, level, text.substring(0, colon), text.substring(colon + 2));
    }
}
