package dev.machine.driver;

import java.util.Optional;

/**
 * The common part of drivers for hosts that exist already, and that are only logged in to: they are
 * neither made nor removed.
 */
public abstract class SshOnlyDriver implements Driver {
    private final SshOptions ssh;

    protected SshOnlyDriver(SshOptions ssh) {
        this.ssh = ssh;
    }

    @Override
    public final Status status(DriverState state) {
        return Status.UNKNOWN;
    }

    @Override
    public final Optional<SshRequest> ssh(DriverState state) {
        return Optional.of(SshOptions.request(state));
    }

    @Override
    public final String url(DriverState state) {
        return ssh.url(state);
    }

    @Override
    public final Power power() {
        return new Power.OverSsh();
    }

    /** Removes nothing. */
    @Override
    public final void remove(DriverState state) {}
}
