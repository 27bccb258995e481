package dev.machine.provisioning.store;

/** A record that cannot be used; the file it came from is not known here yet. */
final class DamagedRecord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    DamagedRecord(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
