package dev.machine.driver;

/**
 * Something in a request that will not work.
 *
 * @param option the option it is about, as the user typed it, for example {@code --aiyara-ssh-port}
 * @param sentence what is wrong and what to do
 */
public record Problem(String option, String sentence) {}
