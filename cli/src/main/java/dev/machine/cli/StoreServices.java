package dev.machine.cli;

import dev.machine.cli.command.Services;
import dev.machine.driver.Driver;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.cert.CaRotation;
import dev.machine.provisioning.doctor.StoreExamination;
import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.lifecycle.CaReplacement;
import dev.machine.provisioning.store.Defaults;
import java.time.Clock;
import java.time.Instant;

/** The services that follow from a store and the drivers alone. */
abstract class StoreServices implements Services {
    @Override
    public EngineProbe engines() {
        return new EngineProbe(store());
    }

    @Override
    public Authority authority() {
        return new Authority(store(), Clock.systemUTC());
    }

    @Override
    public CaRotation caRotation() {
        return new CaRotation(store(), Clock.systemUTC());
    }

    @Override
    public CaReplacement caReplacement() {
        return new CaReplacement(store(), drivers(), authority(), caRotation());
    }

    @Override
    public StoreExamination storeExamination() {
        return new StoreExamination(store(), Instant.now());
    }

    @Override
    public Defaults defaults() {
        return Defaults.load(store().config(), drivers().stream().map(Driver::info).toList());
    }
}
