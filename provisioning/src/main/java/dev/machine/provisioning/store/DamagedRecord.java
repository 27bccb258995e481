package dev.machine.provisioning.store;

/** What is wrong inside a record, before anybody knows which file it came from. */
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
