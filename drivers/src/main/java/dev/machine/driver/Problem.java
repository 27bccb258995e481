package dev.machine.driver;

/**
 * One reason why a request cannot be carried out.
 *
 * @param option the option it is about, as the user typed it, for example {@code --aiyara-ssh-port}
 * @param sentence what is wrong and what to do
 */
public record Problem(String option, String sentence) {}
