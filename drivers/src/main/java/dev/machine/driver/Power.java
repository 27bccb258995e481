package dev.machine.driver;

/** How a machine is switched on and off. */
public sealed interface Power {
    /** Not at all. */
    record None() implements Power {}

    /** Only by a reboot over SSH, as bare metal. */
    record OverSsh() implements Power {}

    /** By the provider's API. */
    non-sealed interface ByApi extends Power {
        void start(DriverState state);

        void stop(DriverState state);

        void restart(DriverState state);

        void kill(DriverState state);
    }
}
