package dev.machine.provisioning.lifecycle;

import dev.machine.driver.Driver;
import dev.machine.driver.Power;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.cert.CaRotation;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import java.util.List;
import java.util.Set;

/**
 * Takes a {@link CaRotation} through all machines of a store. A round in which a machine fails ends
 * the run, and the next run repeats that round.
 */
public final class CaReplacement {
    private final Store store;
    private final List<Driver> drivers;
    private final Authority authority;
    private final CaRotation rotation;

    public CaReplacement(
            Store store, List<Driver> drivers, Authority authority, CaRotation rotation) {
        this.store = store;
        this.drivers = drivers;
        this.authority = authority;
        this.rotation = rotation;
    }

    /** What every machine has after a round. */
    public enum Round {
        TRUSTS_BOTH,
        HAS_NEW_CERTIFICATES,
        TRUSTS_NEW_ONLY
    }

    /** How a run ended. */
    public enum Outcome {
        /** Some machines do not trust the new CA yet; the old one still issues. */
        NOT_SPREAD,
        /** Some machines have no certificates of the new CA yet, which issues now. */
        NOT_ISSUED,
        /** Every machine has certificates of the new CA; the old one is still trusted. */
        OVERLAP,
        /** {@link #finish} was refused by machines without new certificates; nothing changed. */
        NOT_READY_TO_FINISH,
        /** The old CA is forgotten here, but some machines still trust it. */
        NOT_FORGOTTEN,
        /** Only the new CA is trusted. */
        FINISHED
    }

    /** Brings machines to what the rotation has come to, by {@link Lifecycle#followCa}. */
    @FunctionalInterface
    public interface Everywhere {
        /** Returns whether all machines succeeded. */
        boolean bring(Round round, List<String> machines);
    }

    /**
     * Makes a new CA if there is none in the making, and everything is issued by it afterwards.
     *
     * @param without machines that are left out; their next provision brings them to the new CA
     */
    public Outcome rotate(Set<String> without, Everywhere everywhere) {
        rotation.begin();
        if (rotation.phase() == CaRotation.Phase.SPREADING) {
            if (!everywhere.bring(Round.TRUSTS_BOTH, machines(without))) {
                return Outcome.NOT_SPREAD;
            }
            rotation.switchOver();
            authority.ensure();
        }
        return everywhere.bring(Round.HAS_NEW_CERTIFICATES, machines(without))
                ? Outcome.OVERLAP
                : Outcome.NOT_ISSUED;
    }

    /**
     * Forgets the old CA, after every machine has certificates of the new one.
     *
     * @param without as of {@link #rotate}
     */
    public Outcome finish(Set<String> without, Everywhere everywhere) {
        if (rotation.phase() == CaRotation.Phase.OVERLAP
                && !everywhere.bring(Round.HAS_NEW_CERTIFICATES, machines(without))) {
            return Outcome.NOT_READY_TO_FINISH;
        }
        rotation.finish();
        return everywhere.bring(Round.TRUSTS_NEW_ONLY, machines(without))
                ? Outcome.FINISHED
                : Outcome.NOT_FORGOTTEN;
    }

    /** All finished machines; an unfinished one gets the right certificates by its own next run. */
    private List<String> machines(Set<String> without) {
        return store.machines().stream()
                .filter(machine -> machine.phase() == MachineRecord.Phase.READY)
                .filter(this::isProvisioned)
                .map(MachineRecord::name)
                .filter(name -> !without.contains(name))
                .toList();
    }

    /**
     * An engine that somebody else set up, of which only the URL is known, is not ours to change.
     */
    private boolean isProvisioned(MachineRecord machine) {
        return machine.swarm().master()
                || drivers.stream()
                        .filter(driver -> driver.info().name().equals(machine.driver()))
                        .map(Driver::power)
                        .noneMatch(Power.None.class::isInstance);
    }
}
