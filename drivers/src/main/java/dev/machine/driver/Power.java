package dev.machine.driver;

/** Who can switch a machine on and off. */
public sealed interface Power {
    /** Nobody that we could ask. */
    record None() implements Power {}

    /** A reboot through SSH is all there is: bare metal. */
    record OverSsh() implements Power {}

    /** The owner's API. */
    non-sealed interface ByApi extends Power {
        void start(DriverState state);

        void stop(DriverState state);

        void restart(DriverState state);

        void kill(DriverState state);
    }
}
